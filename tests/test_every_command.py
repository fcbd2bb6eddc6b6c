"""Every command, with every kind of wrong input: a message of one line with a place, exit 2."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import ModuleType

import pytest

from detente import cli
from tests.support.program import CRISIS, WARM, detente, harmless

READS = {
    "align": (), "bargain": (), "check": (), "claims": (), "compare": (), "drivers": (),
    "follow": (), "graph": (),
    "play": ("--all",), "play debrief": (), "play events": (),
    "play tournament": (), "play export-otree": ("app",),
    "read": ("--session", "s"), "read confirm": ("--session", "s"),
    "read turns": ("--session", "s"), "read annotations": ("--session", "s"),
    "read score": ("--session", "s"),
    "offramps": ("--target", "0.1"), "run": ("--json",), "solve": (),
    "sweep": ("--out", "out.parquet"),
    "fit": ("egame12", "--formula", "a ~ b | 0 | c | d", "--data"),
    "fit game": ("--data", "table.csv", "--outcome", "a", "--param", "war.cost ~ b"),
    "data add": ("icb-system",), "world": (),
}
"""The commands that read a file, and what else they need."""

HUGE = 300_000_000
"""Bytes of a file that is larger than every limit; it has no blocks on the disk."""


def words(command: str, name: str) -> list[str]:
    """Return a command line that reads the file."""
    first = command.split()
    more = READS[command]
    after = command == "fit" or command == "data add"
    return [*first, *more, name] if after else [*first, name, *more]


def make(folder: Path, kind: str, ending: str) -> str:
    """Make an input of a kind and return its name."""
    place = folder / f"input{ending}"
    if kind == "missing":
        return place.name
    if kind == "folder":
        place.mkdir()
    elif kind == "empty":
        place.write_bytes(b"")
    elif kind == "binary":
        place.write_bytes(bytes(range(256)) * 40)
    elif kind == "zeros":
        place.write_bytes(b"\0" * 5000)
    elif kind == "huge":
        with place.open("wb") as stream:
            stream.truncate(HUGE)
    elif kind == "unreadable":
        place.write_text("crisis: a")
        place.chmod(0)
        if os.geteuid() == 0:
            pytest.skip("the superuser may read every file")
    elif kind == "dangling link":
        place.symlink_to(folder / "nowhere")
    elif kind == "link to itself":
        place.symlink_to(place)
    return place.name


KINDS = ("missing", "folder", "empty", "binary", "zeros", "huge", "unreadable", "dangling link",
         "link to itself")


def test_the_table_names_every_command_that_reads() -> None:
    known = {m.NAME for m in cli.command_modules()}
    read = {c.split()[0] for c in READS}
    assert read | {"app", "backtest", "cases", "draft", "explain", "models", "new"} == known


@pytest.mark.parametrize("module", cli.command_modules(), ids=lambda m: m.NAME)
def test_the_help_shows_an_example_of_the_command(module: ModuleType) -> None:
    done = detente(module.NAME, "--help")
    said = " ".join(done.stdout.decode().split())
    assert done.returncode == 0 and "Example" in said
    told = said.partition("Example")[2]
    assert f"detente {module.NAME} " in told or module.NAME == "cases"
    words = ["data", "fetch"] if module.NAME == "data" else [module.NAME]
    known = detente(*words, "--help").stdout.decode()
    for option in re.findall(r"--[a-z-]+", told.replace("- ", "-")):
        assert option in known, option


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", READS)
def test_a_wrong_file_is_one_message(tmp_path: Path, command: str, kind: str) -> None:
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    ending = {"solve": ".efg", "bargain": ".csv", "fit": ".csv", "data add": ".csv"}.get(
        command, ".yaml")
    name = make(tmp_path, kind, ending)
    before = sorted(tmp_path.iterdir())
    done = detente(*words(command, name), cwd=tmp_path, timeout=600)
    told = done.stderr.decode()
    messages = [line for line in told.splitlines() if not line.startswith("[")]  # progress
    assert done.returncode == 2, told
    assert done.stdout == b"" and harmless(done.stderr)
    assert messages[0].startswith("detente: ") and len(messages) == 1, told
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", sorted(m.NAME for m in cli.command_modules()))
def test_help_and_unknown_options(command: str) -> None:
    done = detente(command, "--help", fresh=True)
    assert done.returncode == 0 and b"Usage: detente " + command.encode() in done.stdout
    done = detente(command, "--no-such-option")
    assert done.returncode == 2 and done.stdout == b"" and done.stderr.count(b"\n") == 1


@pytest.mark.skipif(WARM is None, reason="no forks here")
@pytest.mark.parametrize(("line", "stdin", "columns"), [
    (("check", "-"), CRISIS.encode(), "80"), (("check", "-"), b"crisis: [", "80"),
    (("explain", "war.win_chance"), b"", "60"), (("cases", "--json"), b"", "80"),
    (("follow", "no-such-case"), b"", "80"), (("no-such-command",), b"", "80"),
])
def test_a_fork_does_what_a_process_from_nothing_does(
    tmp_path: Path, line: tuple[str, ...], stdin: bytes, columns: str
) -> None:
    """Most tests run commands in forks; see `tests.support.warm`."""
    fork, other = (detente(*line, cwd=tmp_path, stdin=stdin, fresh=fresh, COLUMNS=columns)
                   for fresh in (False, True))
    assert fork.args[0] != other.args[0]  # the first was a fork
    assert (fork.returncode, fork.stdout, fork.stderr) == (
        other.returncode, other.stdout, other.stderr)
