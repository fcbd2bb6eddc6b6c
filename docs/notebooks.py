"""Run the notebooks in one process, and write each as a page with its real output.

The notebooks hold no output. A cell's last expression is shown as Jupyter shows it: as HTML if
the object has ``_repr_html_``, else by its ``repr``. The tests run them with the same function.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import tempfile
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "notebooks"


@dataclass(frozen=True)
class Cell:
    """A cell after its run: its kind, its source, what it printed, and its value."""

    kind: str
    source: str
    printed: str = ""
    value: Any = None


def notebooks() -> list[Path]:
    """Return the notebooks."""
    return sorted(HERE.glob("*.ipynb"))


def run(notebook: Path) -> list[Cell]:
    """Run the code cells of a notebook in order, in one namespace and in an empty folder."""
    names: dict[str, Any] = {"__name__": "__main__"}
    out, before = [], Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
                source = "".join(cell["source"])
                out.append(execute(source, names) if cell["cell_type"] == "code"
                           else Cell("markdown", source))
        finally:
            os.chdir(before)
    return out


def execute(source: str, names: dict[str, Any]) -> Cell:
    """Run one cell; its value is that of the last expression."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return Cell("code", source, printed.getvalue(), value)


def shown(cell: Cell) -> list[str]:
    """Return the output of a cell as Markdown."""
    out = []
    if cell.printed:
        out += ["```text", cell.printed.rstrip("\n"), "```", ""]
    if cell.value is None:
        return out
    show = getattr(cell.value, "_repr_html_", None)
    html = show() if show else f"<pre>{escape(repr(cell.value))}</pre>"
    html = "\n".join(line for line in html.splitlines() if line.strip())
    return [*out, "```{raw} html", f'<div class="notebook-output">\n{html}\n</div>', "```", ""]


def page(notebook: Path) -> str:
    """Return a notebook as a page of Markdown with its output."""
    out: list[str] = []
    for cell in run(notebook):
        if cell.kind == "markdown":
            out += [cell.source, ""]
        else:
            out += ["```python", cell.source, "```", "", *shown(cell)]
    out += [f"This page is the notebook {{download}}`{notebook.name}`, run when the page was "
            "built.", ""]
    return "\n".join(out)


def write() -> None:
    """Run every notebook and write its page."""
    for notebook in notebooks():
        notebook.with_suffix(".md").write_text(page(notebook), encoding="utf-8")


if __name__ == "__main__":
    write()
