"""The lens of docs/how-to/add-a-lens.md reads its file beside a case and shows in the report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import detente as dt
from detente.cases import find
from detente.errors import InputError
from detente.findings.registry import register, unregister
from tests.recipes.page import module


@pytest.fixture(scope="module")
def lens():
    made = module("add-a-lens.md", "recipe_lens")
    register(made.FINDING)
    yield made
    unregister(made.FINDING.key)


def test_it_shows_beside_the_game(lens, tmp_path: Path) -> None:
    case = tmp_path / "cuba-1962.yaml"
    shutil.copy(find("cuba-1962"), case)
    found = dt.analyse(case, samples=4, deliberate_samples=4, starts=1)
    assert lens.FINDING.title not in dt.report(found).to_html()
    (tmp_path / "cuba-1962.votes.yaml").write_text("{for: 40, against: 60}\n")
    again = dt.analyse(case, samples=4, deliberate_samples=4, starts=1)
    assert "does not have a majority" in dt.report(again).to_html()
    assert again.tables["votes"]["against"].tolist() == [60]
    assert found.answer == again.answer


def test_a_wrong_file_is_refused(lens, tmp_path: Path) -> None:
    place = tmp_path / "x.votes.yaml"
    place.write_text("{for: 40, against: many}\n")
    with pytest.raises(InputError, match="'against' is 'many'"):
        lens.read(place)
