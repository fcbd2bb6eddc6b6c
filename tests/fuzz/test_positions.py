"""Random changes of tables of positions, in YAML and in CSV: a table, or an error that says where.

The default run takes some seconds with a fixed seed. ``-m long`` tries an hour of other seeds.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from detente.lenses.positions.read import read
from tests.support.damage import damaged_cells, run

YAML = [
    (files("detente.cases") / "caucasus-2025" / "caucasus-2025.positions.yaml")
    .read_text(encoding="utf-8"),
    """\
positions: every-key
title: A table with every key
summary: A text
sources: [{id: essay, cite: A text, date: '1962'}]
actors:
  north: {name: North, capability: 2.5, reason: none}
  south: {capability: 10%}
  east: {}
issues:
  tax:
    title: The tax
    scale: [0, 100]
    means: {'0': none, '100': full}
    reference: 20
    positions:
      north: {position: 30 to 40, salience: 80%, capability: 3, reason: none, source: essay}
      south: {position: 90, salience: 0.5}
  border:
    positions:
      north: {position: -1.5, salience: 0.2}
      east: {position: 1e3}
""",
]
CSV = [
    "actor,issue,position,salience,capability,low,high,reference\n"
    "North,tax,30 to 40,80%,2.5,0,100,20\nSouth,tax,90,50%,1,,,\nNorth,border,-1.5,20%,,-5,5,\n"
    '"East, the",border,2,10%,1e3,,,\n',
    "Player;Pos;Importance;Weight;note\nA;1,5;0,8;1.000,5;x\nB;2,25;0,4;2;\nC;-3;1;;y\n",
    "\ufeffcountry\ttopic\tideal\tpriority\r\nA\tx\t50%\t30\r\nB\tx\t20%\t100\r\na \tx\t30%\t7\r\n",
]


def reader(place: Path) -> Callable[[str], Any]:
    """Return the function that reads a text as a file."""

    def read_text(text: str) -> Any:
        place.write_bytes(text.encode("utf-8", "surrogateescape" if _whole(text) else
                                      "surrogatepass"))
        return read(place)

    return read_text


def _whole(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def test_changed_yaml_gives_a_table_or_an_error_with_a_place(tmp_path: Path) -> None:
    tried, valid = run(reader(tmp_path / "p.yaml"), YAML, 1985, 4.0, 300)
    assert tried > 5
    assert valid or tried < 100


def test_changed_csv_gives_a_table_or_an_error_with_a_place(tmp_path: Path) -> None:
    tried, valid = run(
        reader(tmp_path / "p.csv"), CSV, 1985, 3.0, 1500, damage=damaged_cells,
        columns=False)
    assert tried > 20
    assert valid or tried < 100


@pytest.mark.long
def test_an_hour_of_changed_positions(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    assert run(reader(tmp_path / "p.yaml"), YAML, seed, 1800.0, 10**9)[0] > 1000
    assert run(
        reader(tmp_path / "p.csv"), CSV, seed, 1800.0, 10**9, damage=damaged_cells,
        columns=False)[0] > 1000
