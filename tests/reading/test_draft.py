"""Drafts pass the check, every number is marked, and no passage is in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.errors import InputError
from detente.reading.archetypes import ARCHETYPES
from detente.reading.draft import UNCONFIRMED, Draft, draft
from detente.reading.store import Session
from detente.scenario.paths import numbers
from tests.reading.threads import exchange, leaks, passage

ROLES = {
    "demand-and-red-line": {"challenger": "Tirrenia", "target": "The Oster Union"},
    "war-with-talks": {"first": "Tirrenia", "second": "Öster: the \"Union\""},
    "brokered-settlement": {"first": "Tirrenia", "second": "Oster", "mediator": "Norrland"},
}


def drafted(session: Session, form: str, **more: Any) -> Draft:
    return draft(session, "the-harbour", form, ROLES[form] | more, stake="use of the harbour")


def test_every_archetype_is_tried() -> None:
    assert set(ROLES) == set(ARCHETYPES)


@pytest.mark.parametrize("form", sorted(ROLES))
@pytest.mark.parametrize("third", [False, True])
def test_every_number_is_unconfirmed(tmp_path: Path, form: str, third: bool) -> None:
    if third and form != "brokered-settlement":
        pytest.skip("the archetype has no third party")
    with exchange(tmp_path) as session:
        made = drafted(session, form, **({"third": "Sudland"} if third else {}))
    found = made.scenario()
    written = {path: q for path, q in numbers(found).items()
               if not path.startswith(("precision", "habits")) and q.because}
    assert len(written) >= 12
    for path, q in written.items():
        assert q.source == UNCONFIRMED and q.because.startswith("unconfirmed: "), path
        assert q.is_range, path
    bare = {path for path, q in numbers(found).items()} - set(written)
    # The rest are defaults of detente that the file does not state.
    assert all(path.split(".")[-1] not in made.text for path in bare
               if not path.startswith(("precision", "habits", "actors")))


@pytest.mark.parametrize("form", sorted(ROLES))
def test_no_passage_is_in_a_draft(tmp_path: Path, form: str) -> None:
    with exchange(tmp_path) as session:
        assert leaks(drafted(session, form).text) == []


def test_claims_and_sources(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        made = drafted(session, "war-with-talks")
        sha = session.document(1).sha_text
    claims = {c.id: c for c in made.scenario().claims}
    assert claims["c3"].holds_if == "P(settlement) < 0.1"
    assert claims["c3"].proposition == "talks-pointless"
    assert claims["c4"].cannot == "It concerns no move of the case."
    assert "code points 0 to 31" in claims["c1"].note
    cited = {s.id: s.cite for s in made.scenario().sources}
    assert cited["harbour-ann"].startswith("Ann, in harbour.txt") and sha[:16] in cited[
        "harbour-bob"]


def test_a_claim_on_another_case_is_kept_with_the_reason(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.change_claim(1, formal="P(united_states.attack) < 0.5")
        made = drafted(session, "war-with-talks")
    claim = next(c for c in made.scenario().claims if c.id == "c1")
    assert claim.holds_if is None and "there is no actor 'united_states'" in (claim.cannot or "")
    assert set(made.misfits) == {"c1"}


def test_two_authors_of_one_name_have_sources_of_their_own(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.add_document("harbour.md", "/b", "text", "0", "0", "test", "It is quite so, here.")
        session.add_claim(passage(session, "It is quite so", document=2).id, author="Ann",
                          paraphrase="So it is.")
        found = drafted(session, "war-with-talks").scenario()
    assert {s.id for s in found.sources} >= {"harbour-ann", "harbour-ann-2"}


@pytest.mark.parametrize(("given", "message"), [
    ({"first": "Tirrenia"}, "the role 'second' is not filled"),
    ({"first": "A", "second": "B", "tihrd": "C"}, "no role 'tihrd'"),
    ({"first": "A b", "second": "a-B"}, "two roles have the actor 'a_b'"),
])
def test_wrong_roles(tmp_path: Path, given: dict[str, str], message: str) -> None:
    with Session.open(tmp_path) as session, pytest.raises(InputError, match=message):
        draft(session, "x", "war-with-talks", given, stake="y")


def test_wrong_names(tmp_path: Path) -> None:
    with Session.open(tmp_path) as session:
        with pytest.raises(InputError, match="cannot name a crisis"):
            draft(session, "My crisis", "war-with-talks", ROLES["war-with-talks"], stake="y")
        with pytest.raises(InputError, match=r"did you mean 'war-with-talks'"):
            draft(session, "x", "war-with-talk", ROLES["war-with-talks"], stake="y")
        with pytest.raises(InputError, match="nothing is at stake"):
            draft(session, "x", "war-with-talks", ROLES["war-with-talks"], stake=" ")


@pytest.mark.parametrize("form", sorted(ROLES))
def test_the_game_of_a_draft_is_solved_in_a_moment(tmp_path: Path, form: str) -> None:
    import detente as dt

    with Session.open(tmp_path) as session:
        made = drafted(session, form)
    game = dt.compile(made.scenario())
    assert game.tree.n_nodes < 20_000  # about the size of the shipped cases
    assert dt.solve(game).certificate.certified
