"""The notebooks run from the first cell to the last, hold no output, and show what they promise."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
sys.path.insert(0, str(DOCS))

import notebooks  # noqa: E402


@pytest.mark.parametrize("place", notebooks.notebooks(), ids=lambda p: p.stem)
def test_it_runs(place: Path) -> None:
    held = json.loads(place.read_text(encoding="utf-8"))
    assert held["nbformat"] == 4
    code = [cell for cell in held["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    ran = [cell for cell in notebooks.run(place) if cell.kind == "code"]
    assert len(ran) == len(code) > 5
    tables = [c.value for c in ran if hasattr(c.value, "columns")]
    assert tables and all(len(t) for t in tables)


def test_there_are_two() -> None:
    assert [p.stem for p in notebooks.notebooks()] == ["first-crisis", "variants-sweeps-tables"]


def test_a_cell_that_fails_fails_the_run() -> None:
    with pytest.raises(ZeroDivisionError):
        notebooks.execute("x = 1\nx / 0", {})
