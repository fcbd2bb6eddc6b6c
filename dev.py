"""Set up and run detente from a clone. It needs only Python 3.11 or later.

    python3 dev.py report [CASE]    set up, then analyse a shipped case and write its report
    python3 dev.py app [FOLDER]     set up, then open the crises of a folder in the browser
    python3 dev.py test             set up, then run linters, type checks and every test
    python3 dev.py docs             set up, then build the documentation
    python3 dev.py bench            set up, then print the benchmark table

Everything is installed into the folder .venv beside this file. README.md gives the time that each
command takes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

ABOUT = {
    "run": "the packages that detente needs (about 670 MB on disk; a minute or more)",
    "app": "the packages of the app (about 800 MB on disk; a minute or more)",
    "test": "the packages for tests and documentation (about 1.4 GB on disk; some minutes)",
}
"""Sizes are those of .venv on Linux with Python 3.11. The time depends on the connection."""

INTERVAL = 5.0
"""Seconds between lines of progress if standard error is a file."""


def say(text: str) -> None:
    """Print a line on standard error, at once."""
    print(text, file=sys.stderr, flush=True)


def run(*command: str | Path) -> None:
    """Run a command in the clone; leave with its exit code if it fails."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


def pip(*arguments: str | Path, packages: int = 0) -> tuple[int, list[str]]:
    """Run ``pip install`` and show how many of the packages it has reached.

    Returns
    -------
    tuple
        The exit code and the last lines of the output.
    """
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check",
               "--progress-bar", "off", *map(str, arguments)]
    process = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    last: deque[str] = deque(maxlen=15)
    live, reached, told = sys.stderr.isatty(), 0, time.monotonic()
    assert process.stdout is not None
    for line in process.stdout:
        last.append(line.rstrip())
        if line.startswith(("Collecting", "Requirement already satisfied")):
            reached += 1
            state = f"  {reached} of {packages} packages"
        elif line.startswith("Installing"):
            state = "  unpacking the packages"
        else:
            continue
        if packages and live:
            print(f"\r{state:<40}", end="", file=sys.stderr, flush=True)
        elif packages and (time.monotonic() - told > INTERVAL or line.startswith("Installing")):
            told = time.monotonic()
            say(state)
    if packages and live:
        print(f"\r{'':<40}\r", end="", file=sys.stderr, flush=True)
    return process.wait(), list(last)


def pins(name: str) -> list[str]:
    """Return the requirements that ``requirements/<name>.txt`` pins."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def stamp(name: str) -> tuple[Path, str]:
    """Return the file that records an installation, and its text if that is up to date."""
    every = [p.read_bytes() for p in sorted((ROOT / "requirements").glob("*.txt"))]
    every.append((ROOT / "pyproject.toml").read_bytes())
    return VENV / f".detente-{name}", hashlib.sha256(b"".join(every)).hexdigest()


def install(name: str) -> None:
    """Install the pins of ``requirements/<name>.txt`` once, and this clone."""
    if not PYTHON.exists():
        say("Making the folder .venv (about 5 seconds) ...")
        venv.create(VENV, with_pip=True)
    file, text = stamp(name)
    if file.exists() and file.read_text() == text:
        return
    say(f"Installing {ABOUT[name]} ...")
    began = time.monotonic()
    wanted = ROOT / "requirements" / f"{name}.txt"
    code, last = pip("--prefer-binary", "-r", wanted, packages=len(pins(name)))
    if not code:
        code, last = pip("--no-deps", "--no-build-isolation", "-e", ".")
    if code:
        say("\n".join(last))
        say("dev.py: pip could not install the packages. Its last lines are above. "
            "Check the network and run the same command again.")
        sys.exit(code)
    file.write_text(text)
    say(f"Installed in {time.monotonic() - began:.0f} s. The first analysis compiles the solvers, "
        "which takes about a minute more.")


def install_peers() -> None:
    """Install the peers for cross-checks, as wheels only, and say which are skipped.

    Some peers have no wheel for some versions of Python. Compiling one takes many minutes, and the
    tests that need it are skipped without it.
    """
    file, text = stamp("peers")
    kept = file.read_text().split("\n") if file.exists() else []
    if kept[:1] == [text]:
        skipped = kept[1:]
    else:
        say("Installing other solvers for cross-checks, if they exist as wheels "
            "(usually under 1 minute) ...")
        skipped = [p for p in pins("peers") if pip("--only-binary", ":all:", p)[0]]
        file.write_text("\n".join([text, *skipped]))
    for peer in skipped:
        say(f"Skipped: {peer} has no wheel for this Python, so the tests that need it are skipped.")


@contextmanager
def beside(*command: str | Path) -> Iterator[None]:
    """Run a command beside the work in the block; leave with its exit code if it alone fails.

    Type checks take two minutes on one core; alone, they would leave the other one idle.
    """
    other = subprocess.Popen([str(c) for c in command], cwd=ROOT, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield
    except BaseException:
        other.kill()
        raise
    finally:
        said = other.communicate()[0].strip()
        if said:
            say(f"{command[-1]}: {said}")
    if other.returncode:
        sys.exit(other.returncode)


def run_tests(*options: str) -> None:
    """Run every test in two processes, then once more, alone, those that failed.

    A browser or a limit on memory can fail beside other work on a slow machine. Random inputs are
    the same in every run, so a fault of the code fails twice, and what fails twice fails.
    """
    pytest: tuple[str | Path, ...] = (PYTHON, "-m", "pytest")
    both = [*pytest, "-n", "2", "--dist", "worksteal", *options]
    code = subprocess.run([str(word) for word in both], cwd=ROOT).returncode
    if code > 1:  # interrupted, or no tests: not a failure of a test
        sys.exit(code)
    if code == 1:
        say("Some tests failed (above). They now run again, alone; what fails again is wrong.")
        run(*pytest, "--last-failed", "--last-failed-no-failures", "none", "--maxfail", "5",
            *options)


def main() -> None:
    """Read the command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said before anything is installed
        sys.exit("dev.py: this is Python {}.{}; detente needs Python 3.11 or later. Run dev.py "
                 "with a later Python, such as `python3.12 dev.py`.".format(*sys.version_info))
    command, *rest = sys.argv[1:] or ["help"]
    if command == "report":
        install("run")
        case = rest.pop(0) if rest and not rest[0].startswith("-") else "cuba-1962"
        run(PYTHON, "-m", "detente", "run", case, *rest)
    elif command == "app":
        install("app")
        run(PYTHON, "-m", "detente", "app", *rest)
    elif command == "test":
        install("test")
        install_peers()
        run(PYTHON, "-m", "ruff", "check", ".")
        run(BIN / ("lint-imports.exe" if os.name == "nt" else "lint-imports"))
        with beside(PYTHON, "-m", "mypy"):
            run_tests(*rest)
    elif command == "docs":
        install("test")
        run(PYTHON, "-m", "sphinx", "-W", "-b", "html", "docs", "docs/_build/html")
    elif command == "bench":
        install("test")
        install_peers()
        run(PYTHON, "-m", "benchmarks", *rest)
    elif command in ("help", "-h", "--help"):
        print(__doc__)
    else:
        sys.exit(f"dev.py: there is no command {command!r}. The commands are report, app, test, "
                 "docs and bench. Run `python3 dev.py help` to see what they do.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        say("dev.py: interrupted; run the same command again to continue")
        sys.exit(130)
