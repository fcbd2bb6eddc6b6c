"""Moves and endings are identifiers: no name an author chooses can break what reads them."""

import numpy as np
import pytest

from detente.cases import load, shipped
from detente.claims.check import check
from detente.claims.histories import Histories
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.game import end, together, tree
from detente.game.compile import compile_scenario
from detente.game.efg import read_efg
from detente.game.efg_write import write_efg
from detente.game.spelt import to_extensive
from detente.identifiers import Act, Outcome, Profile

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
    assert made == [Profile((Act(one, m), Act("other", "down"))) for m in moves[one]]


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
