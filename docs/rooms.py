"""Draw the rooms of the package from its import contract, and write one API page per room.

The contract is the first one of ``[tool.importlinter]`` in ``pyproject.toml``; a test holds the
package to it. The picture therefore shows the real order of imports.
"""

from __future__ import annotations

import ast
import tomllib
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "detente"
HERE = Path(__file__).parent / "reference" / "api"
WIDTH, HEIGHT, GAP = 880, 50, 10
FILLS = ("#e8f1fa", "#fdf3df")  # light blue and light orange: distinct in every colour vision


def layers() -> list[list[str]]:
    """Return the layers of the contract, the highest first."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    lines = contract["contracts"][0]["layers"]
    return [[name.strip() for name in line.split("|")] for line in lines]


def rooms() -> list[str]:
    """Return the rooms (folders of the package), the highest first."""
    names = [name for layer in layers() for name in layer]
    return [name for name in names if (PACKAGE / name / "__init__.py").exists()]


def about(name: str) -> str:
    """Return the first sentence of the docstring of a room or a module."""
    place = PACKAGE / name / "__init__.py"
    file = place if place.exists() else PACKAGE / f"{name}.py"
    doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return doc.split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".")


def drawing() -> str:
    """Return the picture of the layers as SVG."""
    rows = layers()
    height = len(rows) * (HEIGHT + GAP) + GAP + 24
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
           'style="max-width:100%;height:auto;background:#fff" font-family="sans-serif">',
           "<title>The rooms of the package, the highest first</title>",
           f"<desc>{escape('; '.join(' and '.join(row) for row in rows))}</desc>"]
    for k, row in enumerate(rows):
        y = GAP + k * (HEIGHT + GAP)
        wide = (WIDTH - 60 - GAP * (len(row) - 1)) / len(row)
        for j, name in enumerate(row):
            x = 50 + j * (wide + GAP)
            is_room = (PACKAGE / name / "__init__.py").exists()
            small = 13 if len(row) > 3 else 16
            out.append(f'<rect x="{x:.0f}" y="{y}" width="{wide:.0f}" height="{HEIGHT}" rx="4" '
                       f'fill="{FILLS[not is_room]}" stroke="#333"/>')
            words = [name] if len(row) > 3 else [name, about(name)]
            room = int(wide / 6.4)
            if len(words) == 2 and len(words[1]) > room:
                words[1] = words[1][: room - 1].rsplit(" ", 1)[0] + " …"
            middle = x + wide / 2
            out.append(f'<text x="{middle:.0f}" y="{y + (30 if len(words) == 1 else 21)}" '
                       f'text-anchor="middle" font-size="{small}" font-weight="bold" fill="#111">'
                       f"{escape(words[0])}</text>")
            if len(words) == 2:
                out.append(f'<text x="{middle:.0f}" y="{y + 39}" text-anchor="middle" '
                           f'font-size="12" fill="#333">{escape(words[1])}</text>')
    bottom = height - 34
    out += [f'<line x1="25" y1="{GAP}" x2="25" y2="{bottom}" stroke="#333" stroke-width="2"/>',
            f'<path d="M19 {bottom - 8} L25 {bottom + 2} L31 {bottom - 8} Z" fill="#333"/>',
            f'<text x="50" y="{height - 8}" font-size="13" fill="#333">A module imports only from '
            "the layers below it. Blue: folders (rooms). Orange: single modules.</text>", "</svg>"]
    return "\n".join(out)


class RoomsPicture(Directive):
    """Show the picture of the rooms."""

    def run(self) -> list[nodes.Node]:
        """Draw."""
        return [nodes.raw("", f"<figure>{drawing()}</figure>", format="html")]


def modules(room: str) -> list[str]:
    """Return the public modules of a room with their dotted names, the room itself first."""
    out = []
    for file in sorted((PACKAGE / room).rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if any(p.startswith("_") and p != "__init__" for p in parts):
            continue
        out.append(".".join(("detente", *(p for p in parts if p != "__init__"))))
    return sorted(out)


def is_package(name: str) -> bool:
    """Return whether a dotted name is a folder."""
    return (ROOT / "src" / Path(*name.split("."))).is_dir()


def page(room: str) -> str:
    """Return the API page of a room."""
    out = [f"# `detente.{room}`", ""]
    for name in modules(room):
        if name != f"detente.{room}":
            out += [f"## `{name.removeprefix('detente.')}`", ""]
        out += ["```{eval-rst}", f".. automodule:: {name}"]
        out += [] if is_package(name) else ["   :members:"]
        out += ["```", ""]
    return "\n".join(out)


def write() -> None:
    """Write the API pages."""
    HERE.mkdir(exist_ok=True)
    names = rooms()
    for room in names:
        (HERE / f"{room}.md").write_text(page(room), encoding="utf-8")
    out = ["# API by room", "", "Every public module of each room, from the highest room to the "
           "lowest. [The Python interface](../api.md) is the part for users.", ""]
    out += [f"- [`detente.{room}`]({room}.md): {about(room)}." for room in names]
    out += ["", "```{toctree}", ":hidden:", "", *names, "```", ""]
    (HERE / "index.md").write_text("\n".join(out), encoding="utf-8")


def setup(app: object) -> None:
    """Make the directive known."""
    app.add_directive("rooms-picture", RoomsPicture)  # type: ignore[attr-defined]
