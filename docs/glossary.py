"""Write the glossary page from the terms that the package holds in ``glossary.yaml``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "reference" / "glossary.md"


def terms() -> list[dict[str, Any]]:
    """Return the terms in the order of the file: term, meaning and other names."""
    from ruamel.yaml import YAML

    text = files("detente").joinpath("glossary.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(text)
    return found


def text() -> str:
    """Return the page."""
    out = ["# Glossary", "", "The terms of the product, as the reports, the pages and the code use "
           "them.", "", ":::{glossary}"]
    for one in terms():
        other = one.get("also", [])
        more = f" Also: {', '.join(other)}." if other else ""
        out += [one["term"], f"  {one['meaning']}{more}", ""]
    return "\n".join([*out[:-1], ":::"]) + "\n"


def write() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")
