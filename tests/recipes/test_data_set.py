"""The data set of docs/how-to/add-a-data-set.md is verified and read by the product's functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InputError
from detente.history.read import read_file, typed
from tests.recipes.page import module

FILE = "ccode1,ccode2,year,open\n2,20,1990,5\n2,70,1990,-9\n100,101,1991,2\n"


def test_the_file_is_verified_read_and_typed(tmp_path: Path) -> None:
    data = module("add-a-data-set.md", "recipe_data_set").DATASET
    assert data.verify(FILE.encode()) and data.size == len(FILE.encode())
    assert not data.verify(FILE.replace("5", "6").encode())
    place = tmp_path / "crossings.csv"
    place.write_text(FILE)
    table = typed(read_file(place, data), data)
    assert len(table) == data.rows and str(table["open"].dtype) == "Int64"
    assert table["open"].isna().tolist() == [False, True, False]
    place.write_text(FILE.replace("open", "shut", 1))
    with pytest.raises(InputError, match="open"):
        typed(read_file(place, data), data)
