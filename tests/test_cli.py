"""The command line's promises: quick help, one line for what is wrong, exit codes, whole files."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from detente import cli
from detente.commands import _common
from detente.errors import InputError, OutputError, SizeError, SolveError

LIGHT = {"numpy", "scipy", "numba", "pandas", "altair", "rich", "lark", "pydantic", "jinja2"}


def run(*words: str, **kwargs: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "detente.cli", *words],
        capture_output=True, text=True, timeout=600, **kwargs,
    )


def fake(body: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the command line one command, ``act``, with this body."""
    module = types.ModuleType("act")
    module.NAME, module.HELP, module.command = "act", "Act.", body  # type: ignore[attr-defined]
    monkeypatch.setattr(cli, "command_modules", lambda first=None: [module])


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from detente.cli import main; main(['--help']);"
        f"print('HEAVY', sorted({LIGHT!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert "HEAVY []" in done.stdout, done.stdout + done.stderr
    for module in cli.command_modules():
        assert module.NAME in done.stdout


def test_every_command_module_keeps_the_contract_and_has_json(
    capsys: pytest.CaptureFixture[str]
) -> None:
    for module in cli.command_modules():
        stem = module.__name__.rpartition(".")[2]
        assert stem.replace("_", "-") == module.NAME
        assert module.HELP and module.HELP[0].isupper()
        words = [()]
        if isinstance(module.command, typer.Typer):  # a group: each of its commands has it
            words = [(part.name,) for part in module.command.registered_commands]
        for more in words:
            assert cli.main([module.NAME, *more, "--help"]) == 0
            assert "--json" in capsys.readouterr().out, f"{module.NAME} {more} has no --json"


def test_only_the_named_command_is_imported() -> None:
    assert [m.NAME for m in cli.command_modules("cases")] == ["cases"]
    assert len(cli.command_modules("no-such-command")) == len(cli.command_modules())


def test_version() -> None:
    assert run("--version").stdout.startswith("detente ")


@pytest.mark.parametrize(
    "words", [["no-such-command"], ["cases", "--no-such-option"], ["cases", "too", "many"]]
)
def test_usage_errors_are_one_line_and_exit_2(words: list[str]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("detente: ")


def test_no_arguments_is_help() -> None:
    done = run()
    assert done.returncode == 0 and "Usage" in done.stdout


def test_a_command_may_hold_words_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    group = typer.Typer()

    @group.command("list")
    def _list() -> None:
        typer.echo("one")

    @group.command("fetch")
    def _fetch() -> None:
        raise InputError("no such data set")

    fake(group, monkeypatch)
    assert cli.main(["act", "list"]) == 0
    assert capsys.readouterr().out == "one\n"
    assert cli.main(["act", "fetch"]) == 2
    assert capsys.readouterr().err == "detente: no such data set\n"
    assert cli.main(["act"]) == 2
    assert capsys.readouterr().err == (
        "detente: a subcommand is missing (see `detente act --help`)\n"
    )


def test_misspelt_command_is_given_the_nearest() -> None:
    assert "cases" in run("casse").stderr


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (InputError("unknown key 'wra'", file="a.yaml", line=3, column=1, nearest="war"), 2),
        (SizeError("the tree has 4 million nodes", expected="at most 1 million"), 2),
        (SolveError("three players cannot be traced"), 2),
        (ZeroDivisionError("oops\nsecond line"), cli.INTERNAL_ERROR),
        (RecursionError("deep"), cli.INTERNAL_ERROR),
        (MemoryError("large"), cli.NO_MEMORY),
        (ImportError("x.so: failed to map segment from shared object"), cli.NO_MEMORY),
        (OSError(28, "No space left on device"), cli.NOT_WRITTEN),
        (OutputError("cannot write: disk full"), cli.NOT_WRITTEN),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_is_raised_becomes_one_line_and_its_exit_code(
    wrong: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def act() -> None:
        raise wrong

    monkeypatch.delenv("DETENTE_DEBUG", raising=False)
    fake(act, monkeypatch)
    assert cli.main(["act"]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err


def test_debugging_shows_where(monkeypatch: pytest.MonkeyPatch) -> None:
    def act() -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("DETENTE_DEBUG", "1")
    fake(act, monkeypatch)
    with pytest.raises(ZeroDivisionError):
        cli.main(["act"])


@pytest.mark.parametrize(("certified", "code"), [(True, 0), (False, 1)])
def test_uncertified_is_printed_and_exits_1(
    certified: bool, code: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def act(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
        _common.emit_json({"answer": None})
        _common.finish(certified)

    fake(act, monkeypatch)
    assert cli.main(["act", "--json"]) == code
    assert json.loads(capsys.readouterr().out) == {"answer": None}


@pytest.mark.parametrize("show", ["typer.echo", "Console().print"])
def test_a_reader_that_leaves_is_no_error(show: str) -> None:
    code = (
        "import sys, types, typer\n"
        "from rich.console import Console\n"
        "from detente import cli\n"
        "m = types.ModuleType('act'); m.NAME, m.HELP = 'act', 'Act.'\n"
        "def act():\n"
        f"    for _ in range(100000): {show}('a long line of text')\n"
        "m.command = act; cli.command_modules = lambda first=None: [m]\n"
        "sys.exit(cli.main(['act']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(600) == cli.BROKEN_PIPE
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
def test_ctrl_c_is_one_line_and_130() -> None:
    code = (
        "import signal, sys, time, types\n"
        # a job in the background is born deaf to the signal
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from detente import cli\n"
        "m = types.ModuleType('act'); m.NAME, m.HELP = 'act', 'Act.'\n"
        "def act():\n"
        "    print('ready', flush=True); time.sleep(30)\n"
        "m.command = act; cli.command_modules = lambda first=None: [m]\n"
        "sys.exit(cli.main(['act']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert err.count("\n") == 1 and "Traceback" not in err


def test_cases_json_names_and_titles_every_shipped_case() -> None:
    done = run("cases", "--json")
    found = json.loads(done.stdout)
    folder = Path(cli.__file__).parent / "cases"
    on_disk = sorted(p.parent.name for p in folder.glob("*/*.yaml") if p.stem == p.parent.name)
    assert [case["name"] for case in found] == on_disk
    assert all(case["title"] for case in found)


class TestWriteWhole:
    def test_replaces_and_leaves_nothing_beside(self, tmp_path: Path) -> None:
        place = tmp_path / "report.html"
        place.write_text("old")
        _common.write_whole(place, "new, with ü")
        assert place.read_text(encoding="utf-8") == "new, with ü"
        assert [p.name for p in tmp_path.iterdir()] == ["report.html"]

    def test_a_failed_write_keeps_the_old_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = tmp_path / "report.html"
        place.write_text("old")

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(OutputError, match="no space left"):
            _common.write_whole(place, "new")
        assert place.read_text() == "old"
        assert [p.name for p in tmp_path.iterdir()] == ["report.html"]

    def test_a_folder_is_refused_in_words(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="it is a folder"):
            _common.write_whole(tmp_path, "text")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1.0, float("-inf")]])
def test_json_refuses_what_json_does_not_have(value: object) -> None:
    with pytest.raises(ValueError):
        _common.emit_json({"value": value})


WORK = """
import sys, time, types, typer
from pathlib import Path
from detente import cli
from detente.commands import _common
_common.PATIENCE, _common.INTERVAL = {patience}, {interval}
m = types.ModuleType("act"); m.NAME, m.HELP = "act", "Act."
def seen(text, count=1):
    end = time.monotonic() + 600  # far above any delay by load
    while {place!r} and open({place!r}).read().count(text) < count and time.monotonic() < end:
        time.sleep(0.02)
def act():
    with _common.progress("compiling") as told:
        seen("compiling", 2)
        for k in range(1, 5):
            told(k, 4, "solving")
        seen("solving", 2)
        while {stop!r} and not Path({stop!r}).exists():
            time.sleep(0.02)
    typer.echo("done")
m.command = act; cli.command_modules = lambda first=None: [m]
sys.exit(cli.main(["act"]))
"""


def progress_in_a_file(tmp_path: Path, **times: float) -> list[str]:
    """Return the lines that a command writes to standard error, which is a file."""
    place = tmp_path / "stderr"
    shown = str(place) if times["patience"] < 1 else ""
    with place.open("w") as stderr:
        done = subprocess.run(
            [sys.executable, "-c", WORK.format(place=shown, stop="", **times)],
            stdout=subprocess.PIPE, stderr=stderr, text=True, timeout=600,
        )
    assert done.returncode == 0 and done.stdout == "done\n"
    return place.read_text().splitlines()


def test_short_work_shows_no_progress(tmp_path: Path) -> None:
    assert progress_in_a_file(tmp_path, patience=600, interval=0.1) == []


def test_long_work_shows_progress_in_a_file(tmp_path: Path) -> None:
    lines = progress_in_a_file(tmp_path, patience=0.2, interval=0.2)
    stages = [re.fullmatch(r"\[\d+ s\] (\w+)( \d/4)? \.\.\.", line) for line in lines]
    assert all(stages), lines
    words = [m[1] for m in stages if m]
    assert words == sorted(words)  # "compiling" comes before "solving"
    assert words.count("compiling") >= 2  # a line now and then within a stage
    assert " solving 1/4" in "".join(lines)  # a line at each new stage, at once


@pytest.mark.skipif(os.name == "nt", reason="there is no pty on Windows")
def test_long_work_shows_one_live_line_in_a_terminal(tmp_path: Path) -> None:
    import pty
    import select

    ours, theirs = pty.openpty()
    stop = tmp_path / "stop"
    code = WORK.format(patience=0.1, interval=0.1, place="", stop=str(stop))
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=theirs, text=True,
        env={**os.environ, "TERM": "xterm"},
    )
    shown, end = b"", time.monotonic() + 600  # far above any delay by load
    while b"solving" not in shown and process.poll() is None and time.monotonic() < end:
        if select.select([ours], [], [], 1.0)[0]:
            shown += os.read(ours, 65536)
    stop.write_text("")
    out, _ = process.communicate(timeout=600)
    os.close(theirs)
    try:
        while more := os.read(ours, 65536):
            shown += more
    except OSError:  # the end of a pty
        pass
    os.close(ours)
    assert process.returncode == 0 and out == "done\n"
    assert b"solving" in shown and b"\x1b[" in shown and b" s] " not in shown
