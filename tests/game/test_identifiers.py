"""Moves and endings are identifiers: no name an author chooses can break what reads them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import make_crisis

from detente.cases import load, shipped
from detente.claims.check import check
from detente.claims.histories import Histories
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.errors import InputError
from detente.game import end, together, tree
from detente.game.compile import compile_scenario
from detente.game.efg import read_efg
from detente.game.efg_write import write_efg
from detente.game.spelt import to_extensive
from detente.identifiers import Act, ActionProfile, Outcome, share_text

AWKWARD = ("East, of the river", "A & B", "north: the coast", "to war")
"""Names that hold the marks which once joined and split labels."""


@pytest.mark.parametrize("one", AWKWARD)
def test_simultaneous_moves_of_awkward_names_are_told_apart(one):
    """Each act of a profile is found by its seat, whatever its actor and its words hold."""
    moves = {one: ["go & stay", "wait, then go"], "other": ["up", "down"]}
    ends = {(a, b): end("war" if (a, b) == ("go & stay", "up") else "peace")
            for a in moves[one] for b in moves["other"]}
    game = tree({one: 1, "other": 1}, together(moves, ends))
    names = Names.of_tree(game)
    assert [act.verb for act in names.moves[one]] == moves[one]
    claim = check(parse("P(other.down) > 0"), names)
    here = Histories(game).occurs(claim.terms[0].event)
    made = [game.move_into(int(n)) for n in np.flatnonzero(here)]
    assert made == [ActionProfile((Act(one, m), Act("other", "down"))) for m in moves[one]]


def test_simultaneous_moves_keep_their_names_in_an_efg_file(tmp_path):
    """Menus of the exported game are what each actor may do, by name."""
    game = to_extensive(compile_scenario(load("order-2020")).tree)
    file = tmp_path / "order.efg"
    write_efg(game, file)
    back = read_efg(file)
    menus = {
        tuple(back.move_label[back.set_first[h] : back.set_first[h + 1]])
        for h in range(len(back.set_player)) if back.set_player[h] >= 0
    }
    assert menus == {("open", "closed")}


@pytest.mark.parametrize("case", sorted(shipped()))
def test_no_two_moves_of_a_menu_read_alike(case):
    game = compile_scenario(load(case)).tree
    for node in np.flatnonzero(game.count > 1):
        menu = [str(game.move_into(c)) for c in game.children(int(node))]
        assert len(set(menu)) == len(menu), menu


def test_titles_reach_every_part_of_an_act():
    titles = {"aland": "Aland", "cland": "Cland"}
    join = Act("cland", "join", "aland", "join {whom}")
    assert join.words(titles) == "Cland: join Aland"
    assert Outcome("concession", "aland").words(titles) == "Aland concedes"
    # A rung that is called like an actor keeps its own name.
    rung = Act("cland", "escalate", "aland", "escalate to {object}")
    assert rung.words(titles) == "Cland: escalate to aland"


@settings(max_examples=40, deadline=None)
@given(
    shares=st.lists(
        st.sampled_from((0.0, 1.0)) | st.floats(0, 1), min_size=1, max_size=4, unique=True
    ),
    names=st.lists(st.from_regex(r"[ab][ab01_-]{0,5}", fullmatch=True), max_size=3, unique=True),
    each=st.integers(1, 2),
)
def test_no_two_moves_of_a_random_crisis_read_alike(shares, names, each):
    """A file either is refused or gives menus in which no two moves share words or an index."""
    packages = [{"name": name, "share": 0.5} for name in names]
    try:
        crisis = make_crisis(
            offers={"shares": shares, "packages": packages, "each": each}, turns={"each": 1},
        )
    except InputError:
        return
    game = compile_scenario(crisis).tree
    for node in np.flatnonzero(game.count > 1):
        kids = game.children(int(node))
        assert len({str(game.move_into(c)) for c in kids}) == len(kids)
        assert len({int(game.move[c]) for c in kids}) == len(kids)


@given(st.floats(0, 1))
def test_a_share_reads_back_exactly(share):
    assert float(share_text(share)) == share


def test_offers_that_differ_in_the_seventh_digit_are_two_moves():
    """A ratification vote softer than their distance also passes them with different odds."""
    near = [0.5, 0.50000004]
    game = compile_scenario(make_crisis(
        offers={"shares": near}, turns={"each": 1},
        mechanisms=[{"ratification": {"of": "bland", "share_known": 0.5, "softness": 1e-8}}],
    )).tree
    offers = {act.object for act in game.moves if isinstance(act, Act) and act.verb == "offer"}
    assert offers == {"0.5", "0.50000004"}
    odds = {float(game.weight[c]) for c in range(1, game.n_nodes)
            if isinstance(act := game.move_into(c), Act) and act.verb == "ratifies"}
    # bland gets 1 - s: at its need in one offer, four softnesses below it in the other.
    assert sorted(odds) == pytest.approx([1 / (1 + np.exp(4)), 0.5], rel=1e-6)


def test_two_courses_of_one_name_are_refused():
    with pytest.raises(InputError, match="two courses need different names"):
        make_crisis(
            stake=None, turns=None, ladder=None, war=None, offers=None, delay_cost=None,
            actors={name: {"private": None} for name in ("aland", "bland")},
            mechanisms=[{"coordination": {
                "blocs": ["aland", "bland"], "old": "open", "new": "Open", "old_value": 0.3,
                "new_value": 0.1, "same": 0.2, "leaving": 0.05, "returning": 0.1,
            }}],
        )
