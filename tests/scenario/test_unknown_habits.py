"""A weight for a kind of move that does not exist is refused: it would change nothing."""

import numpy as np
import pytest
from tests.conftest import make_crisis, merged

from detente.errors import InputError
from detente.game.compile import compile_scenario

UNION = {"actors": {"union": {"role": "mediator"}},
         "offers": {"shares": [0.5], "each": 1},
         "mechanisms": [{"mediator": {"actor": "union", "proposes": 0.5}}]}


@pytest.mark.parametrize(("parts", "field", "words"), [
    ({"habits": {"atack": 2}}, "habits.atack", "did you mean 'attack'?"),
    ({"habits": {"propose": 2}}, "habits.propose", "no actor has moves of the kind 'propose'"),
    ({"actors": {"aland": {"habits": {"atack": 2}}}}, "actors.aland.habits.atack",
     "aland has no moves of the kind 'atack'"),
    (merged(UNION, {"actors": {"union": {"habits": {"attack": 3}}}}),
     "actors.union.habits.attack", "expected one of propose, aside, agree, refuse"),
])
def test_an_unknown_kind_of_move_is_refused_with_its_place(parts, field, words):
    with pytest.raises(InputError) as caught:
        make_crisis(**parts)
    assert caught.value.field == field and caught.value.line is not None
    assert words in str(caught.value)


def test_kinds_of_a_mechanism_of_the_file_are_allowed():
    given = merged(UNION, {"habits": {"propose": 2, "agree": 4},
                           "actors": {"union": {"habits": {"aside": 5}}}})
    assert make_crisis(**given).habits["agree"].centre == 4


def test_both_moves_of_a_spoiler_take_weights():
    spoiled = {"actors": {"cland": {"role": "third party"}},
               "mechanisms": [{"spoiler": {"actor": "cland", "wrecks": 0.6, "gains": 0.2}}],
               "habits": {"let_be": 9, "try": 1}}
    tree = compile_scenario(make_crisis(**spoiled)).tree
    cland = tree.players.index("cland")
    for node in np.flatnonzero(tree.mover == cland):
        assert sorted(tree.weight[list(tree.children(node))]) == pytest.approx([0.1, 0.9])


def test_an_empty_limitation_is_refused():
    with pytest.raises(InputError, match=r"cannot"):
        make_crisis(cannot=[""])
