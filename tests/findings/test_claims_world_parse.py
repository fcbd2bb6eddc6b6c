"""Numbers about the world in claims: their grammar, and the places of errors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.cases import load, loads
from detente.claims import syntax as s
from detente.claims.check import check
from detente.claims.names import same
from detente.claims.parse import parse
from detente.errors import InputError
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of
from tests.findings.test_claims_parse import NAMES as GAME


class Known:
    """States, shocks and rates without any file."""

    def states(self):
        return ("armenia", "United States", "russia")

    def shocks(self):
        return ("pandemic",)

    def rates(self):
        return ("icb-war", "mid-war")


NAMES = replace(GAME, outside=Known())


def checked(text, names=NAMES):
    return check(parse(text), names)


def refused(text, names=NAMES):
    with pytest.raises(InputError) as caught:
        checked(text, names)
    return caught.value


def test_each_function_is_read_with_its_names():
    claim = checked("aligned(armenia, 'United States') < 0.5 and rate(icb-war) > returns(pandemic)"
                    " or 2 * between(Armenia; united_states, russia) > 1 - P(war)")
    assert [x.key for x in s.asked_in(claim)] == [
        ("aligned", "armenia", "United States"), ("rate", "icb-war"), ("returns", "pandemic"),
        ("between", "armenia", "United States", "russia")]


def test_a_claim_is_alone_if_nothing_in_it_belongs_to_the_game():
    assert s.alone(checked("rate(icb-war) + 0.1 < max(0.3, returns(pandemic))"))
    assert not s.alone(checked("rate(icb-war) < P(war)"))
    assert not s.alone(checked("rate(icb-war) < war.win_chance"))
    assert not s.alone(checked("P(war) < 0.3"))


@pytest.mark.parametrize(("text", "column", "part", "near"), [
    ("aligned(armenia) < 1", 16, "')' is not allowed", None),
    ("aligned(armenia; russia) < 1", 16, "';' is not allowed", None),
    ("between(armenia, russia) < 1", 16, "',' is not allowed", None),
    ("rate() < 1", 6, "')' is not allowed", None),
    ("rate(icb-war, mid-war) < 1", 13, "',' is not allowed", None),
    ("alined(armenia, russia) < 1", 1, "no function 'alined'", "aligned"),
    ("aligned(armenia, rusia) < 1", 18, "no state 'rusia' in the ties file", "russia"),
    ("between(armenia; russia, armenia) < 1", 26, "armenia is named twice", None),
    ("returns(pandemics) < 1", 9, "no shock 'pandemics'", "pandemic"),
    ("P(war) < rate(icb-ware)", 15, "no base rate 'icb-ware'", "icb-war"),
    ("rate(icb-war) == 0.1", 1, "never exactly equal", None),
    ("rate(icb-war)", 1, "this is a number", None),
    ("rate(icb-war) < 0.2 after aland.attack", 27, "judged outside the game", None),
    ("P(war, with: delay_cost = rate(icb-war)) < 1", 27, "from outside the game", None),
])
def test_errors_point_at_the_place(text, column, part, near):
    wrong = refused(text)
    assert (wrong.line, wrong.column) == (1, column), str(wrong)
    assert part in str(wrong)
    assert wrong.nearest == near


def test_a_condition_on_the_game_may_stand_beside():
    """`after` then governs the game's numbers alone."""
    claim = checked("(P(war) < rate(icb-war)) after aland.attack")
    assert claim.terms[0].given is not None


def test_the_four_words_stay_names_of_a_file():
    assert parse("rate > 0.1 and returns.of < 1").items[0].terms[0].path == "rate"


NAMES_OF_STATES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}( [A-Za-z0-9_]{1,8}){0,2}",
                                fullmatch=True)


@settings(max_examples=100, deadline=None)
@given(st.tuples(NAMES_OF_STATES, NAMES_OF_STATES, NAMES_OF_STATES), st.booleans())
def test_any_name_is_read_back_as_it_was_written(names, quoted):
    """Names of several words may stand in quotes or not."""
    a, b, c = (f"'{n}'" if quoted else n for n in names)
    try:
        terms = parse(f"aligned({a}, {b}) < between({c}; {a}, {b})").terms
    except InputError:
        assert not quoted  # a word of the language, or a number with letters behind
        return
    read = [x.name for term in terms for x in term.names]
    # Without quotes a number ends a word: "a 0b" is read as "a 0 b", the same name to a claim.
    assert all(map(same, read, [*names[:2], names[2], *names[:2]]))
    assert not quoted or read == [*names[:2], names[2], *names[:2]]


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,4}", fullmatch=True))
def test_any_label_is_read_back_as_it_was_written(label):
    assert parse(f"returns({label}) < rate('{label}')").terms[0].key == ("returns", label)


def with_claim(holds_if):
    return text_of(merged(SMALL, {"claims": [{"id": "a", "says": "A.", "holds_if": holds_if}]}))


def test_a_text_without_a_file_says_what_to_do():
    with pytest.raises(InputError) as caught:
        loads(with_claim("P(war) < 0.1 and aligned(armenia, russia) > 0.5"))
    assert "text without a file" in caught.value.message
    assert "NAME.ties.yaml" in caught.value.expected
    assert caught.value.field == "claims.a.holds_if" and caught.value.line


def test_a_case_without_a_ties_file_names_the_file_that_is_missing(tmp_path):
    place = tmp_path / "small.yaml"
    place.write_text(with_claim("returns(pandemic) > 0.5"))
    with pytest.raises(InputError, match=r"no file small\.ties\.yaml lies beside"):
        load(place)


def test_an_error_in_the_ties_file_is_told_with_its_own_place(tmp_path):
    place = tmp_path / "small.yaml"
    place.write_text(with_claim("returns(pandemic) > 0.5"))
    (tmp_path / "small.ties.yaml").write_text("ties: small\ntitle: A\ndefinitionz: {}\n")
    with pytest.raises(InputError) as caught:
        load(place)
    assert "small.ties.yaml:3" in str(caught.value)


def test_a_rate_needs_no_file():
    assert loads(with_claim("rate(icb-war) > 0.5")).claims[0].id == "a"
