"""Commands and their output as the pages show them: run, compared, rewritten.

A ``console`` block holds commands after ``$ `` and what they print. ``...`` stands for any text,
and on a line of its own for any lines. The blocks of a page are read in order, in an empty folder:
a crisis file is written to NAME.yaml, a block whose fence names a file (such as "text entry.efg")
to that file. A command may fail only if the page shows its message ("detente: ...").

    python docs/shown.py PAGE...    write the real output into the pages (default: all of them)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^([ \t]*)```([^\n]*)\n(.*?)^\1```", re.M | re.S)
FAILED = "detente: "
CLOSED = 141
"""Exit code of a command whose reader, such as `head`, read enough and left."""
PROGRESS = re.compile(r"^\[\d+ s\] .*\n", re.M)
ERROR = re.compile(r"\b\d(?:\.\d+)?e-\d\d\b")
DATA = "$ detente data "
"""Pages with this need the published data: DETENTE_DATA_BASE names the folder that holds them."""


@dataclass(frozen=True)
class Shown:
    """One command of a page with the output that the page shows."""

    command: str
    output: str


def pages() -> list[Path]:
    """Return every page that may show commands."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
    return sorted(p for p in found if "_build" not in p.parts)


def data_is_here() -> bool:
    """Whether commands that fetch data can run without a network."""
    return Path(os.environ.get("DETENTE_DATA_BASE", "?")).is_dir()


def commands(block: str) -> list[Shown]:
    r"""Split a console block into its commands.

    Examples
    --------
    >>> commands("$ echo a \\\n  b\na b\n$ true\n")
    [Shown(command='echo a \\\n  b', output='a b\n'), Shown(command='true', output='')]
    """
    found: list[Shown] = []
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n?", part)
        assert command is not None
        found.append(Shown(command[0].rstrip("\n"), part[command.end():]))
    return found


def blocks(text: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """Yield each fenced block of a page: match, info string, dedented body."""
    for match in FENCE.finditer(text):
        indent = match[1]
        body = "".join(line.removeprefix(indent) for line in match[3].splitlines(keepends=True))
        yield match, match[2].strip(), body


def write_file(info: str, body: str, folder: Path) -> None:
    """Write the file that a block holds, if it holds one."""
    words = info.split()
    if len(words) == 2 and "." in words[1]:
        (folder / words[1]).write_text(body, encoding="utf-8")
    name = re.search(r"^crisis:\s*(\S+)", body, re.M) if words[:1] == ["yaml"] else None
    if name:
        (folder / f"{name[1]}.yaml").write_text(body, encoding="utf-8")


def run(command: str, folder: Path, programs: Path | None = None) -> tuple[str, int]:
    """Run a command in a folder as a user with a terminal of 80 columns does.

    Parameters
    ----------
    command, folder
        A line of the shell, and where it runs.
    programs
        A folder of programs that take the place of the installed ones.

    Returns
    -------
    tuple
        What it prints (its error message too, if it fails) and its exit code.
    """
    env = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1",
           "DETENTE_DATA_CACHE": str(folder / "data-cache"),
           "PATH": os.pathsep.join(map(str, [
               *([programs] if programs else []), Path(sys.executable).parent,
               os.environ["PATH"]]))}
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=env,
                          capture_output=True, text=True, encoding="utf-8")
    code = 0 if done.returncode == CLOSED else done.returncode
    said = done.stdout + (PROGRESS.sub("", done.stderr) if code else "")
    lines = [line.rstrip().replace(f"{folder}{os.sep}", "") for line in said.splitlines()]
    return "\n".join(lines).strip("\n") + "\n" if lines else "", code


def agrees(shown: str, printed: str) -> bool:
    r"""Whether the output on a page stands for what was printed.

    Examples
    --------
    >>> agrees("a ... c\n...\nd\n", "a b c\nx\ny\nd\n"), agrees("a\n", "b\n")
    (True, False)

    Errors of solutions, such as ``6.8e-15``, differ between processors. Their digits are not
    compared.

    >>> agrees("residual 6.8e-15\n", "residual 7.1e-15\n")
    True
    """
    shown, printed = (ERROR.sub("tiny", text) for text in (shown, printed))
    pattern = re.escape("\n".join(line.rstrip() for line in shown.strip("\n").splitlines()))
    lines = r"(?:[^\n]*\n)*"
    pattern = re.sub(r"(?m)^\\\.\\\.\\\.(?:\\\n|\n)", lambda _: lines, pattern)
    pattern = re.sub(r"(?m)^\\\.\\\.\\\.\Z", lambda _: r"(?:[^\n]*\n?)*", pattern)
    pattern = pattern.replace(r"\.\.\.", r"[^\n]*")
    return re.fullmatch(pattern, printed.strip("\n")) is not None


def differences(page: Path, programs: Path | None = None) -> list[str]:
    """Return what a page shows that is not so, a message for each command; see `run`."""
    text, found = page.read_text(encoding="utf-8"), []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        for _, info, body in blocks(text):
            write_file(info, body, folder)
            for shown in commands(body) if info == "console" else ():
                printed, code = run(shown.command, folder, programs)
                if code and FAILED not in shown.output:
                    found.append(f"$ {shown.command}\nexit {code}: {printed}")
                elif shown.output.strip() and not agrees(shown.output, printed):
                    found.append(f"$ {shown.command}\nthe page shows\n{shown.output}\nbut it "
                                 f"prints\n{printed}")
    return found


def update(page: Path) -> bool:
    """Write the real output into a page; return whether the page changed."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        made, at = [], 0
        for match, info, body in blocks(text):
            write_file(info, body, folder)
            if info != "console":
                continue
            lines: list[str] = []
            for shown in commands(body):
                printed, code = run(shown.command, folder)
                if code and FAILED not in shown.output:
                    sys.exit(f"{page}: $ {shown.command}\n{printed}")
                keep = not shown.output.strip() or agrees(shown.output, printed)
                lines += [f"$ {shown.command}", *(shown.output if keep else printed).splitlines()]
            new = "".join(f"{match[1]}{line}".rstrip() + "\n" for line in lines)
            made += [text[at : match.start(3)], new]
            at = match.end(3)
    changed = "".join([*made, text[at:]])
    if changed != text:
        page.write_text(changed, encoding="utf-8")
    return changed != text


if __name__ == "__main__":
    for wanted in map(Path, sys.argv[1:] or map(str, pages())):
        if update(wanted.resolve()):
            print(f"{wanted}: rewritten")
