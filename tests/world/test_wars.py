"""The record of alignments over wars, counted from the published data."""

import pytest

from detente.history.store import fetch
from detente.world.fromdata import DEFINITIONS
from detente.world.wars import DECLARED, RECORD, SETS, back_test, line, ties_before, wars


@pytest.fixture(scope="module")
def folder(raw, data):
    for name in SETS:
        fetch(name, base=str(raw), folder=data)
    return data


@pytest.mark.parametrize("definition", [DECLARED, *DEFINITIONS])
def test_the_shipped_record_is_that_of_the_data(folder, definition):
    found, shipped = back_test(definition, folder).record, RECORD[definition]
    assert (found.wars, found.decided, found.errors, found.majority) == (
        shipped.wars, shipped.decided, shipped.errors, shipped.majority)
    assert (found.low, found.high) == pytest.approx((shipped.low, shipped.high), abs=1e-4)


def test_it_is_about_that_of_the_study():
    """A study found 39 against 43 errors in 190 decided states of 38 wars.

    It coded states that changed sides, and the years of ties, in another way; the tolerance is a
    twentieth of the decided states for each count.
    """
    found = RECORD[DECLARED]
    assert found.wars == 38
    assert abs(found.decided - 190) < 10 and abs(found.errors - 39) < 10
    assert abs(found.majority - 43) < 10
    assert found.low < 0 < found.high  # about as many errors


def test_wars_have_the_sides_of_the_data(folder):
    found = {w.number: w for w in wars(folder)}
    assert all(len(w.sides) >= 3 and set(w.sides.values()) == {1, 2} for w in found.values())
    first = found[106]  # 1914: Germany, Austria-Hungary, Turkey and Bulgaria against eleven
    assert {c for c, s in first.sides.items() if s == first.sides[255]} == {255, 300, 640, 355}
    ties = ties_before(first, DECLARED, folder)
    assert ties.year == 1913 and set(ties.codes) <= set(first.sides)
    austria = ties.actors[ties.codes.index(300)]
    germany = ties.actors[ties.codes.index(255)]
    assert ties.values[ties.between(austria, germany)] == 1  # the pact of 1879


def test_the_line_says_both_counts():
    said = line()
    assert "38 wars" in said and "of 183 states" in said and "everyone with the majority" in said
