"""Set up and run detente from a clone, with nothing but Python 3.11 or later.

    python3 dev.py report [CASE]    set up, then analyse a shipped case and write its report
    python3 dev.py test             set up, then lint, type-check and test everything
    python3 dev.py docs             set up, then build the documentation
    python3 dev.py bench            set up, then print the benchmark table

Everything goes into the folder .venv beside this file.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(*command: str | Path, check: bool = True) -> int:
    """Run a command in the clone; leave with its exit code where it must not fail."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT)
    if check and done.returncode:
        sys.exit(done.returncode)
    return done.returncode


def install(name: str, *, must: bool = True) -> None:
    """Install the pins of ``requirements/<name>.txt`` once."""
    if not PYTHON.exists():
        print("Making .venv ...", file=sys.stderr)
        venv.create(VENV, with_pip=True)
    pins = ROOT / "requirements" / f"{name}.txt"
    every = [p.read_bytes() for p in sorted((ROOT / "requirements").glob("*.txt"))]
    stamp = VENV / f".detente-{name}"
    mark = hashlib.sha256(b"".join([*every, (ROOT / "pyproject.toml").read_bytes()])).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return
    print(f"Installing {name} (once) ...", file=sys.stderr)
    quiet = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if run(*quiet, "--prefer-binary", "-r", pins, check=must):
        print(f"{name}: not available here; what needs it will be skipped.", file=sys.stderr)
        return
    run(*quiet, "--no-deps", "--no-build-isolation", "-e", ".")
    stamp.write_text(mark)


def main() -> None:
    """Read the command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said before anything is installed
        sys.exit("detente needs Python 3.11 or later")
    what, *rest = sys.argv[1:] or ["help"]
    if what == "report":
        install("run")
        case = rest[0] if rest else "cuba-1962"
        run(PYTHON, "-m", "detente", "run", case, *rest[1:])
    elif what == "test":
        install("test")
        install("peers", must=False)
        run(PYTHON, "-m", "ruff", "check", ".")
        run(PYTHON, "-m", "mypy")
        run(PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", *rest)
    elif what == "docs":
        install("test")
        run(PYTHON, "-m", "sphinx", "-W", "-b", "html", "docs", "docs/_build/html")
    elif what == "bench":
        install("test")
        install("peers", must=False)
        run(PYTHON, "-m", "benchmarks", *rest)
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
