"""The trial behind edits by position: how many lines a round trip of ruamel changes."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from ruamel.yaml import YAML

from detente.cases.names import shipped
from detente.web.lines import changed_lines

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "prepare-a-mediation.md"
NASTY = Path(__file__).parent / "nasty.yaml"
STYLES: tuple[dict[str, Any], ...] = (
    {}, {"preserve_quotes": True}, {"preserve_quotes": True, "width": 4096},
    {"preserve_quotes": True, "width": 4096, "sequence_indent": 4, "sequence_dash_offset": 2})
"""The columns of the table: ruamel's defaults, and what is set besides."""


def changes(place: Path, style: dict[str, Any]) -> int:
    """Return how many lines change if a file is read and written without a change."""
    yaml, text, out = YAML(), place.read_text(encoding="utf-8"), io.StringIO()
    for name, value in style.items():
        setattr(yaml, name, value)
    yaml.dump(yaml.load(text), out)
    return changed_lines(text, out.getvalue())


@pytest.mark.parametrize(("row", "places"), [
    ("the nine shipped cases", tuple(shipped().values())), ("a file in other styles", (NASTY,))])
def test_the_page_has_the_lines_that_a_round_trip_changes(
    row: str, places: tuple[Path, ...]
) -> None:
    line = next(x for x in PAGE.read_text(encoding="utf-8").splitlines() if row in x)
    told = [int(x.replace(",", "")) for x in re.findall(r"(?<=\| )[\d,]+(?= \|)", line)]
    lines = sum(len(p.read_text(encoding="utf-8").splitlines()) for p in places)
    assert told == [lines, *(sum(changes(p, style) for p in places) for style in STYLES)]
