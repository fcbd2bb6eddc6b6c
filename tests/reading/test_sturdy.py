"""A kill, a full disk, a folder without permission, a slow text: in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from detente.reading import bounds, divide
from detente.reading.ingest import read_into
from detente.reading.sources import read_source
from detente.reading.store import Session
from tests.support.program import PROGRAM, detente

SECRET = "Moscow must withdraw before talks begin."
posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
SLOW = "- a\n" * 1_000_000
"""A list of Markdown with a million entries; it takes minutes."""
PATCHED = "import sys; from detente.reading import {module}; {change}\n" \
          "from detente.__main__ import program; sys.argv[0] = 'detente'; program()"


def patched(module: str, change: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own after one change."""
    return subprocess.run([sys.executable, "-c", PATCHED.format(module=module, change=change),
                           *words], capture_output=True, cwd=cwd, timeout=120)


def names(folder: Path) -> list[str]:
    with Session.open(folder, create=False) as session:
        return [d.name for d in session.documents()]


@posix
def test_a_kill_between_two_files_keeps_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SECRET)
    (tmp_path / "b.txt").write_text(SLOW)
    running = subprocess.Popen([*PROGRAM, "read", "a.txt", "b.txt", "--session", "s"],
                               cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (
            (tmp_path / "s" / "session.db").exists() and names(tmp_path / "s")):
        time.sleep(0.05)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    done = detente("read", "--session", "s", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [d["name"] for d in json.loads(done.stdout)["documents"]] == ["a.txt"]


@posix
def test_a_kill_in_a_transaction_leaves_the_session_as_it_was(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(SECRET + "\n\n" + "Talks go on. " * 9_000)
    assert detente("read", "a.txt", "--session", "s", cwd=tmp_path).returncode == 0
    change = ("import os; old = ingest.with_turns; "
              "ingest.with_turns = lambda *a: (a[0]._db.execute('PRAGMA cache_size = 1'), old(*a), "
              "os.kill(os.getpid(), 9))")  # a small cache writes to the file before the end
    done = patched("ingest", change, "read", "b.txt", "--session", "s", cwd=tmp_path)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "s" / "session.db-journal").stat().st_size > 0  # to be rolled back
    assert names(tmp_path / "s") == ["a.txt"]
    assert detente("read", "b.txt", "--session", "s", cwd=tmp_path).returncode == 0
    assert names(tmp_path / "s") == ["a.txt", "b.txt"]
    assert [p.name for p in (tmp_path / "s").iterdir()] == ["session.db"]


@posix
def test_a_full_disk_keeps_what_was_stored(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SECRET)
    (tmp_path / "b.txt").write_text((SECRET + "\n") * 4_000)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    done = patched("ingest", limit, "read", "a.txt", "b.txt", "--session", "s", cwd=tmp_path)
    assert done.returncode == 74 and b"cannot write to the session" in done.stderr
    assert b"Stored in the session: a.txt." in done.stderr and b"withdraw" not in done.stderr
    assert names(tmp_path / "s") == ["a.txt"]


@posix
@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="needs another user")
def test_folders_without_permission_have_a_message_and_nothing_half_written(
    tmp_path: Path
) -> None:
    def as_another(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*PROGRAM, *words], capture_output=True, cwd=tmp_path, user=65534,
                              group=65534, extra_groups=[], timeout=60,
                              env={**os.environ, "HOME": "/nonexistent"})

    top = Path(tempfile.gettempdir())
    for place in (tmp_path, *(p for p in tmp_path.parents if top in p.parents)):
        place.chmod(0o755)
    try:
        able = as_another("--version").returncode == 0
    except PermissionError:
        able = False
    if not able:
        pytest.skip("another user cannot run detente from this folder")
    (tmp_path / "a.txt").write_text(SECRET)
    assert detente("read", "a.txt", "--session", "s", cwd=tmp_path).returncode == 0
    for place, mode in ((tmp_path / "s", 0o555), (tmp_path / "s" / "session.db", 0o444)):
        place.chmod(mode)
    (tmp_path / "b.txt").write_text("Ankara must agree.")
    for words, wanted in (
            (("b.txt", "--session", "s"), b"cannot write to the session"),
            (("b.txt", "--session", "new"), b"cannot make a session: permission denied")):
        done = as_another("read", *words)
        assert done.returncode == 74 and wanted in done.stderr, done.stderr
        assert b"Ankara" not in done.stderr
    assert names(tmp_path / "s") == ["a.txt"] and not (tmp_path / "new").exists()


@posix
@pytest.mark.parametrize("name, change, said", [
    ("b.txt", "bounds.MOST_SECONDS = 1", "longer than the limit of 1 s"),
    ("b.md", "bounds.MOST_SECONDS = 1", "longer than the limit of 1 s"),
    ("b.md", "bounds.MOST_MEMORY = 150 << 20", "more memory than the limit of 150 MB")])
def test_a_slow_text_ends_at_the_limits(
    tmp_path: Path, name: str, change: str, said: str
) -> None:
    (tmp_path / "a.txt").write_text(SECRET)
    (tmp_path / name).write_text(SLOW)
    done = patched("bounds", change, "read", "a.txt", name, "--session", "s", cwd=tmp_path)
    assert done.returncode == 2 and said.encode() in done.stderr, done.stderr
    assert names(tmp_path / "s") == ["a.txt"]


@pytest.mark.parametrize("name, text", [
    ("t.txt", "1. Ann: Moscow must go.\n\n2. Ben: @Ann No. Talks first.\n\n"),
    ("t.md", "# Ann\n\n> Moscow must go.\n\nNo. Talks first.\n\n    code\n"),
    ("t.json", json.dumps({"rows": [{"id": "a", "user": "acct:ann@h.is", "text": "One. Two.",
                                     "created": "2026-01-01T00:00:00Z", "references": []}]})),
])
def test_both_ways_to_divide_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    here = divide.divide(read_source(tmp_path / name))
    monkeypatch.setattr(divide, "LONG", 0)
    assert divide.divide(read_source(tmp_path / name)) == here and here.sentences
    with Session.open(tmp_path / "s") as session:
        assert read_into(session, tmp_path / name).sentences == len(here.sentences)
    assert bounds.MOST_SECONDS == 60  # as the page on reading says
