"""A huge text costs its own window time and holds no other: the loop draws a bounded part."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from detente.cases import load
from detente.cases.names import shipped
from detente.errors import InputError
from detente.scenario.paths import numbers
from detente.scenario.yamlfile import MAX_BYTES
from detente.web.casepage import MOST_ERRORS, problems
from detente.web.folder import Folder
from detente.web.form import MOST_ROWS, form
from detente.web.reading.formal import cases
from detente.web.source import check
from detente.web.work.ask import with_claim

CUBA = shipped()["cuba-1962"].read_text(encoding="utf-8")


def test_a_text_that_cannot_be_saved_is_not_read() -> None:
    found = check(CUBA + "#" * MAX_BYTES, "mine")
    assert found.crisis is None
    assert "too large" in str(found.errors[0]) and f"{MAX_BYTES:,}" in str(found.errors[0])
    assert check(CUBA + "#" * (MAX_BYTES - len(CUBA.encode())), "mine").crisis is not None


def test_of_very_many_errors_the_first_are_listed_and_all_are_counted() -> None:
    many = MOST_ERRORS + 100
    found = check(CUBA + "".join(f"key-{k}: 1\n" for k in range(many)), "mine")
    assert len(found.errors) == many
    html = str(problems(found.errors, earlier=True))
    assert html.count("<li>") == MOST_ERRORS and f"{many:,} errors" in html
    assert "key-0" in html and "the first 500" in html
    assert "last text without an error" in html
    few = str(problems(found.errors[:2], earlier=False))
    assert few.count("<li>") == 2 and "the first" not in few and "last text" not in few


def test_of_very_many_numbers_the_form_shows_the_first_and_says_so() -> None:
    crowd = "".join(f"  ally_{k}: {{role: third party, title: Ally {k}}}\n"
                    for k in range(MOST_ROWS))
    found = check(CUBA.replace("\nactors:\n", f"\nactors:\n{crowd}", 1), "mine").crisis
    assert found is not None, "the crowd is no crisis"
    every = len(numbers(found))
    assert every > MOST_ROWS
    began = time.process_time()
    html = str(form(found, {}))
    assert time.process_time() - began < 10
    assert html.count('class="written"') == MOST_ROWS and f"of {every:,} numbers" in html
    assert "The form shows" not in str(form(check(CUBA, "mine").crisis, {}))


def test_the_list_of_cases_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drawn in the loop, and 500 files of the largest size take minutes."""
    folder = Folder(tmp_path)
    folder.create("mine", "crisis: [")
    monkeypatch.setattr(folder, "entries", lambda: pytest.fail("the files were read"))
    found = cases(SimpleNamespace(folder=folder))  # type: ignore[arg-type]
    assert found[0] == "mine" and "cuba-1962" in found and len(found) == len(set(found))


@pytest.mark.parametrize("says, holds_if", [
    ("", "P(war) < 0.1" + " and P(war) < 0.1" * 400), ("long " * 2000, "P(war) < 0.1"),
    ("", "(" * 100_000), ("\ud800", "P(war) < 0.1")])
def test_a_claim_that_no_file_could_hold_is_refused_in_words(says: str, holds_if: str) -> None:
    with pytest.raises(InputError, match=r"says|holds_if") as told:
        with_claim(load("cuba-1962"), says, holds_if)
    assert len(str(told.value)) < 400
