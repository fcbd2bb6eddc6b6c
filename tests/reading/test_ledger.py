"""The ledger: its columns against the parts they come from, and no word of a passage in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.cases import find, load
from detente.errors import InputError
from detente.reading.judge import judge
from detente.reading.ledger import Ledger, ledger
from detente.reading.map import compute, map_of, proposals
from detente.reading.questions import ask
from detente.reading.sections import report
from detente.reading.store import Session
from tests.reading.threads import TEXT, exchange, leaks


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with exchange(tmp_path_factory.mktemp("ledger")) as made:
        ask(made, "Is war probable?", [1, 2])
        made.add_claim(made.claim(4).passage, author="Dana", paraphrase="Crises rarely end in war.",
                       formal="rate(icb-war) < 0.9")
        yield made


@pytest.fixture(scope="module")
def found(session: Session) -> Any:
    return judge(session, load(find("cuba-1962")), samples=16, deliberate_samples=4, starts=0)


@pytest.fixture(scope="module")
def made(session: Session, found: Any) -> Ledger:
    compute(session, found.claims)
    return ledger(session, found)


def rows(made: Ledger) -> dict[str, Any]:
    return {r["claim"]: r for q in made["questions"] for r in q["rows"]}


def test_one_table_per_question(made: Ledger) -> None:
    assert [(q["asks"], [r["claim"] for r in q["rows"]]) for q in made["questions"]] == [
        ("Is war probable?", ["c1", "c2"]), ("Claims in no question", ["c3", "c4", "c5"])]


def test_opposite_claims_attack_each_other(made: Ledger) -> None:
    # P(war) < .5 and P(war) > .5 have mirrored margins: one holds exactly if the other fails, so
    # they attack each other in every sample of the file, and their shares add up to 1.
    one, two = (rows(made)[k]["game"]["fallible"]["share"] for k in ("c1", "c2"))
    assert one + two == pytest.approx(1.0)
    attacked = [rows(made)[k]["exchange"]["attacked_by"] for k in ("c1", "c2")]
    assert attacked == [["c2"], ["c1"]]


def test_game_and_record(made: Ledger, found: Any) -> None:
    got = rows(made)["c3"]
    result = next(f for f in found.claims.found if f.id == "c3")
    assert got["game"]["fallible"]["share"] == result.share.share
    assert got["game"]["deliberate"]["holds"] == result.verdict("deliberate").decided
    assert got["game"]["structures"] > 0
    assert got["record"]["name"] == "icb-agreement"
    assert rows(made)["c4"]["game"]["fallible"] is None
    assert rows(made)["c4"]["game"]["cannot"] == "It concerns no move of the case."


def test_a_claim_about_the_record_is_judged_outside_the_game(made: Ledger) -> None:
    got = rows(made)["c5"]
    assert got["game"]["fallible"] is None and rows(made)["c1"]["outside"] is None
    # Most crises are no wars by any count; without the data there is no verdict.
    assert "It holds." in got["outside"] or got["outside"].startswith("Not judged: data not")


def test_places_are_exact(made: Ledger, session: Session) -> None:
    for claim in session.claims():
        at = rows(made)[f"c{claim.id}"]["place"]
        assert TEXT[at["start"]:at["end"]] == session.passage(claim.passage).exact
        assert at["sha256_text"] == session.document(1).sha_text


def test_no_passage_leaves(made: Ledger, session: Session) -> None:
    page = report(made, map_of(session), proposals(session)).to_html()
    for output in (json.dumps(made), page, repr(session.passages()), repr(session.documents())):
        assert leaks(output) == []
    assert leaks(TEXT)  # the test can fail


def test_without_a_case(session: Session) -> None:
    made = ledger(session)
    assert made["case"] is None
    assert rows(made)["c1"]["game"]["fallible"] is None
    assert rows(made)["c1"]["exchange"]["standing"]


def test_claims_must_fit_the_case(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.change_claim(1, formal="P(armistice) > 0.5")
        session.change_claim(2, formal="P(peace) > 0.5")
        with pytest.raises(InputError, match=r"claims.c1.holds_if: there is no outcome") as wrong:
            judge(session, load(find("cuba-1962")))
        assert "claims.c2" in str(wrong.value)
        for claim in (1, 2, 3):
            session.change_claim(claim, formal="")
        with pytest.raises(InputError, match="no claim of the session has a formalisation"):
            judge(session, load(find("cuba-1962")))
