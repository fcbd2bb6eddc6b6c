"""Compiled kernels on disk: never stale, repaired, shared, and never in the way.

The kernels here belong to a small package of the test's own: one function that calls a function of
another file. Compiling them takes a second; each run is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGE = {
    "__init__.py": "",
    "low.py": "from detente.kernel_cache import njit\n\n"
              "FACTOR = 2.0\n\n@njit()\ndef low(x):\n    return FACTOR * x\n",
    "high.py": "from detente.kernel_cache import njit\nfrom pack.low import low\n\n"
               "@njit(nogil=True)\ndef high(x):\n    return low(x) + 1.0\n",
    "other.py": "VALUE = 1\n",
}
RUN = """
import json, sys
from pack.high import high
from pack.low import low
value = high(1.0)
print(json.dumps({"value": value, "compiled": high.stats.cache_misses[high.signatures[0]],
                  "loaded": high.stats.cache_hits[high.signatures[0]]}))
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a folder with the package ``pack``."""
    place = tmp_path / "pack"
    place.mkdir()
    for name, text in PACKAGE.items():
        (place / name).write_text(text)
    return place


def run(pack: Path, cache: Path | str | None = None, code: str = RUN, **environment: str
        ) -> tuple[dict[str, float], str]:
    """Run the kernels; return what was printed, and the messages."""
    home = pack.parent / "home"
    home.mkdir(exist_ok=True)
    inherited = {k: v for k, v in os.environ.items()
                 if k not in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR")}
    path = os.pathsep.join([str(pack.parent), *filter(None, sys.path)])
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600,
        env={**inherited, "HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": path,
             **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def files(cache: Path, pattern: str = "*.kernel") -> list[Path]:
    return sorted(cache.glob(f"detente/kernels/*/{pattern}"))


def test_a_kernel_is_kept_and_used_again(pack: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, told = run(pack, cache)
    assert first == {"value": 3.0, "compiled": 1, "loaded": 0} and told == ""
    assert len(files(cache)) == 2 and not files(cache, "*.part")
    second, told = run(pack, cache)
    assert second == {"value": 3.0, "compiled": 0, "loaded": 1} and told == ""


def test_a_changed_callee_in_another_file_is_noticed(pack: Path, tmp_path: Path) -> None:
    """numba's own cache answers 3 here: it looks at the caller's file only."""
    cache = tmp_path / "cache"
    run(pack, cache)
    before = (pack / "low.py").stat()
    (pack / "low.py").write_text(PACKAGE["low.py"].replace("2.0", "7.0"))
    os.utime(pack / "low.py", ns=(before.st_atime_ns, before.st_mtime_ns))  # as git may leave it
    assert run(pack, cache)[0]["value"] == 8.0
    (pack / "low.py").write_text(PACKAGE["low.py"])
    assert run(pack, cache)[0] == {"value": 3.0, "compiled": 0, "loaded": 1}


def test_a_file_that_is_not_imported_changes_nothing(pack: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    run(pack, cache)
    (pack / "other.py").write_text("VALUE = 2\n")
    assert run(pack, cache)[0]["loaded"] == 1


def test_a_damaged_file_is_repaired_and_said_once(pack: Path, tmp_path: Path) -> None:
    """A single wrong bit in machine code would be a wrong answer or a crash."""
    cache = tmp_path / "cache"
    run(pack, cache)
    for place in files(cache):
        content = place.read_bytes()
        middle = len(content) // 2
        place.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:])
    found, told = run(pack, cache)
    assert found == {"value": 3.0, "compiled": 1, "loaded": 0}
    assert told.count("\n") == 1 and "is compiled again" in told
    found, told = run(pack, cache)
    assert found["loaded"] == 1 and told == ""


DAMAGE = {
    "empty": lambda content: b"",
    "truncated": lambda content: content[:-1],
    "cut within the head": lambda content: content[:20],
    "foreign": lambda content: b"\x7fELF" + content,
    "a pickle that runs a program": lambda content: b"cos\nsystem\n(S'touch pwned'\ntR.",
    "a folder": None,
    "unreadable": None,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_damage_is_noticed(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from detente import kernel_cache, streams

    monkeypatch.setattr(kernel_cache, "_base", lambda: tmp_path)
    monkeypatch.setattr(streams, "_said", set())
    monkeypatch.chdir(tmp_path)
    kernels = kernel_cache.Kernels("pack.high-0123456789abcdef", "high.<locals>.f-1.py311")
    assert kernels.load("key") is None
    kernels.save("key", [1, 2])
    assert kernels.load("key") == [1, 2] and kernels.load("another key") is None
    (place,) = tmp_path.glob("*/*.kernel")
    change = DAMAGE[damage]
    if change is not None:
        place.write_bytes(change(place.read_bytes()))
    elif damage == "a folder":
        place.unlink()
        place.mkdir()
    elif os.geteuid() == 0:
        pytest.skip("the superuser may read every file")
    else:
        place.chmod(0)
    with pytest.raises((ValueError, OSError)) as wrong:
        kernels.load("key")
    kernels.repair(wrong.value)
    kernels.repair(wrong.value)
    assert capsys.readouterr().err.count("\n") == 1  # said once
    kernels.save("key", [3])  # no error
    if damage != "a folder":  # which is not ours to remove
        assert kernels.load("key") == [3]
    assert not Path("pwned").exists() and not list(tmp_path.glob("*/.*"))


BLOCKED = {
    "a file in the place of the folder": lambda place: place.write_text(""),
    "a dangling link": lambda place: place.symlink_to("/nowhere/at/all"),
    "a folder in which everybody may write": lambda place: (
        (place / "detente" / "kernels").mkdir(parents=True),
        (place / "detente" / "kernels").chmod(0o777)),
}


@pytest.mark.parametrize("how", BLOCKED)
def test_a_place_that_cannot_be_used_is_said_and_another_is_taken(
    pack: Path, tmp_path: Path, how: str
) -> None:
    cache = tmp_path / "cache"
    BLOCKED[how](cache)
    found, told = run(pack, cache)
    assert found["value"] == 3.0
    assert told.count("\n") == 1 and "compiled kernels are kept in" in told
    assert len(list((pack.parent / "home").glob("detente-*/kernels/*/*.kernel"))) == 2


def test_without_any_place_the_kernels_run_uncached(pack: Path) -> None:
    """Python's temporary folder falls back to the working folder, so that is replaced too."""
    code = "import tempfile; tempfile.tempdir = '/dev/null/x'\n" + RUN
    found, told = run(pack, code=code, HOME="/dev/null")
    assert found["value"] == 3.0
    assert told.count("\n") == 1 and "cannot be kept" in told
    assert "XDG_CACHE_HOME" in told  # what to do


def test_a_full_disk_is_said_once(pack: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "def full(*_):\n    raise OSError(28, 'No space left on device')\n"
        "Path.write_bytes = full\n" + RUN
    )
    found, told = run(pack, tmp_path / "cache", code)
    assert found["value"] == 3.0
    assert told == "detente: compiled kernels are not kept: No space left on device\n"
    assert not files(tmp_path / "cache", "*.part")


def test_numbas_own_folder_is_respected(pack: Path, tmp_path: Path) -> None:
    run(pack, NUMBA_CACHE_DIR=str(tmp_path / "numba"))
    assert len(files(tmp_path / "numba")) == 2


def test_processes_at_once(pack: Path, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    cache = tmp_path / "cache"
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: run(pack, cache), range(2)))
    assert all(result["value"] == 3.0 and told == "" for result, told in found)
    assert len(files(cache)) == 2 and not files(cache, ".*")
    assert run(pack, cache)[0]["loaded"] == 1


def test_folders_of_ours_are_removed_after_a_month(pack: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    base = cache / "detente" / "kernels"
    old, new, foreign = (base / name for name in (
        "pack.high-0123456789abcdef", "pack.high-fedcba9876543210", "photographs"))
    for folder in (old, new, foreign):
        folder.mkdir(parents=True)
        (folder / "x.kernel").write_text("")
        age = 40 if folder is not new else 20
        os.utime(folder, (time.time() - age * 86400,) * 2)
    run(pack, cache)
    assert not old.exists() and new.exists() and foreign.exists()


def test_an_interruption_while_a_kernel_is_saved_leaves_nothing(
    pack: Path, tmp_path: Path
) -> None:
    code = (
        "import os\n"
        "def interrupted(*_):\n    raise KeyboardInterrupt\n"
        "replace, os.replace = os.replace, interrupted\n"
        "from pack.high import high\n"
        "try:\n    high(1.0)\nexcept KeyboardInterrupt:\n    os.replace = replace\n" + RUN
    )
    found, _ = run(pack, tmp_path / "cache", code)
    assert found["value"] == 3.0
    assert not files(tmp_path / "cache", ".*")


def test_every_kernel_of_detente_goes_through_the_cache() -> None:
    import detente

    root = Path(detente.__file__).parent
    own = root / "kernel_cache.py"
    for place in root.rglob("*.py"):
        text = place.read_text(encoding="utf-8")
        assert place == own or "cache=True" not in text, place
        assert place == own or "from numba import njit" not in text, place


def test_importing_detente_imports_no_numba() -> None:
    code = "import sys, detente, detente.cli; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n"
