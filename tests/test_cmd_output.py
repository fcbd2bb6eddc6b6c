"""Printed output: saved before it is printed, lines of 80 columns, stages of the work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from detente.commands import _common
from detente.render import Column, Report, Section, Table
from detente.render.numbers import error
from detente.render.terminal import show_table
from detente.render.wrap import fold, longest, tie
from tests.support.program import outputs

LONG = "Government_of_the_Federated_Republic"
GAME = f"""EFG 2 R "long names" {{ "{LONG}" "other" }}
""
p "" 1 1 "alliance_commitment_decision_after_observing_mobilisation" {{ "in" "out" }} 0
p "" 2 1 "second" {{ "honour_the_commitment_and_mobilise_fully_now" "honour_it_later" }} 0
t "" 1 "f" {{ -1 -1 }}
t "" 2 "s" {{ 1 1 }}
t "" 3 "o" {{ 0 2 }}
"""
CRISIS = """crisis: small
title: Small
actors: {aland: {role: principal}, bland: {role: principal}}
stake: {name: land, first: aland, status_quo: 0.5}
turns: {first: aland, each: 1}
delay_cost: 0.01
war: {win_chance: 0.4 to 0.6, cost: {aland: 0.1, bland: 0.2}}
ladder: [quiet, war]
levers: {delay_cost: {from: 0, to: 0.1}}
precision: 40
habits: even
"""


def detente(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return outputs(*words, cwd=folder, timeout=600, COLUMNS="80")


@pytest.mark.parametrize("words", [
    ("run", "small.yaml", "--samples", "4", "--deliberate-samples", "1", "--starts", "0", "--out"),
    ("compare", "small.yaml", "small.yaml", "--samples", "4", "--out"),
    ("bargain", "caucasus-2025", "--samples", "20", "--html"),
    ("graph", "cuba-1962", "--html"),
])
def test_the_page_is_saved_although_the_reader_goes_away(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """The reader closes the pipe before the command prints anything."""
    (tmp_path / "small.yaml").write_text(CRISIS)
    ran = subprocess.Popen([sys.executable, "-m", "detente", *words, "page.html"], cwd=tmp_path,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    ran.stdout.close()
    ran.wait(timeout=600)
    assert ran.returncode == 141
    assert (tmp_path / "page.html").read_text().rstrip().endswith("</html>")


def test_results_are_printed_although_the_page_cannot_be_saved(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = detente("graph", "cuba-1962", "--html", "file/page.html", folder=tmp_path)
    assert ran.returncode == 74 and "cannot write" in ran.stderr
    assert len(ran.stdout.splitlines()) > 20


def test_saved_writes_first_and_says_whether_it_could(tmp_path: Path) -> None:
    order = []
    with _common.saved(tmp_path, lambda: order.append("made") or "x") as written:  # a folder
        order.append("printed")
    assert order == ["made", "printed"] and not written


def test_names_break_only_at_their_joints() -> None:
    text = "the value of war.win_chance and of alliance_commitment_decision is 3 % or 14 points"
    for width in range(longest(text), 90):
        lines = fold(text, width)
        assert max(map(len, lines)) <= width
        joined = lines[0]
        for line in lines[1:]:
            assert joined[-1] in "._/" or not joined.endswith(" ")
            joined += ("" if joined[-1] in "._/" else " ") + line
        assert joined == text
        assert all("3 %" in line or "%" not in line for line in lines)
        assert all("14 points" in line or "points" not in line for line in lines)


def test_a_number_keeps_its_unit() -> None:
    assert tie("3 % or 4 percent") == "3\u00a0% or 4\u00a0percent"
    assert tie("100 %d") == "100\u00a0%d" and tie("of points") == "of points"


def test_a_table_that_does_not_fit_is_printed_as_lists(capsys: pytest.CaptureFixture[str]) -> None:
    heads = [f"quantity{k}" for k in range(12)]
    show_table(Table("Wide", heads, [[f"incomprehensible{k}" for k in range(12)]]))
    printed = capsys.readouterr().out
    assert all(f"quantity{k}: incomprehensible{k}" in printed for k in range(12))
    assert max(map(len, printed.splitlines())) <= 80


def test_solve_prints_whole_names(tmp_path: Path) -> None:
    (tmp_path / "long.efg").write_text(GAME)
    ran = detente("solve", "long.efg", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "…" not in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 80
    ends = re.findall(r"\S+", ran.stdout)
    names = f"{LONG} alliance_commitment honour_the_commitment_and_mobilise_fully_now later"
    for word in re.findall(r"[A-Za-z]+_?", names):
        assert any(word in end for end in ends), word


def test_check_counts_in_the_singular_and_fits_80_columns(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(CRISIS)
    small = detente("check", "small.yaml", folder=tmp_path).stdout
    assert "1 range and 1 lever;" in small
    cuba = detente("check", "caucasus-2025", folder=tmp_path).stdout.splitlines()
    assert max(len(line) for k, line in enumerate(cuba) if k != 1) <= 80  # line 1 is the path


def test_rounding_of_an_error_is_zero_and_a_negative_error_is_shown() -> None:
    assert [error(x) for x in (-2e-17, -1e-11, 0.0)] == ["0", "0", "0"]
    assert error(-1e-3) == "−1.0e-03" and error(1e-3) == "1.0e-03"
    assert error(-1e-6, unit=1e6) == "0"  # payoffs of a million carry rounding of 1e-10 of them


def test_html_shows_code_as_code_and_keeps_units() -> None:
    section = Section("s", "S", "Run `detente data fetch <x>`: 3 %.", [
        Table("t", ["key", Column("p", format="percent")], [("`war.cost`", 0.03)])], [], ["`a`"])
    page = Report("T", "sub", "`x` is 3 %.", [section]).to_html()
    body = page[page.index("<body"):]
    assert "`" not in body
    assert "<code>detente data fetch &lt;x&gt;</code>: 3\u00a0%." in body
    assert "<code>war.<wbr>cost</code>" in body and "3\u00a0%</span>" in body


def test_progress_says_that_the_solvers_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """numba holds its lock while it compiles or reads a kernel; another thread holds it here."""
    from numba.core.compiler_lock import global_compiler_lock

    from detente import kernel_cache

    held, done = threading.Event(), threading.Event()

    def compile_something() -> None:
        with global_compiler_lock:
            held.set()
            done.wait(600)

    told = _common.Progress("fallible samples")
    told(0, 8)
    assert told.stage() == "fallible samples"
    thread = threading.Thread(target=compile_something)
    thread.start()
    try:
        assert held.wait(600)
        monkeypatch.setattr(kernel_cache, "loading", True)
        assert told.stage() == "fallible samples"
        monkeypatch.setattr(kernel_cache, "loading", False)
        assert told.stage() == _common.COMPILING
    finally:
        done.set()
        thread.join()
    time.sleep(4 * _common.POLL)
    assert told.stage() == "fallible samples"


def test_a_cold_run_says_that_it_compiles(tmp_path: Path) -> None:
    """The folder of numba's cache is new, so nothing is compiled; stopped at the first line."""
    (tmp_path / "long.efg").write_text(GAME)
    ran = subprocess.Popen(
        [sys.executable, "-m", "detente", "solve", "long.efg"], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cold")})
    assert ran.stderr is not None
    try:
        said = []
        while line := ran.stderr.readline():  # a busy machine may print a stage before it
            said.append(line)
            if _common.COMPILING in line:
                break
        assert said and _common.COMPILING in said[-1], said
    finally:
        ran.kill()
        ran.communicate()
