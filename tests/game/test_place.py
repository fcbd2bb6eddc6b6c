"""A place in a tree: the menu, whose turn it is, and labels."""

import pytest
from tests.conftest import make_crisis

from detente.errors import InputError
from detente.game import decide, end, tree
from detente.game.compile import compile_scenario
from detente.game.place import children_named, menu, movers


def test_every_child_of_a_crisis_is_named_by_its_own_label():
    """Over all nodes of a crisis, the label that is printed leads to the move alone."""
    game = compile_scenario(make_crisis(turns={"each": 1})).tree
    for node in range(game.n_nodes):
        who = movers(game, node)
        for child, move in menu(game, node).items():
            actor = who[0] if who else ""
            assert children_named(game, node, move.deed(), actor) == [child]
            assert children_named(game, node, f"{move.verb} {move.object}", actor) == [child]


def test_errors_name_the_turn_the_menu_and_the_nearest_label():
    game = tree({"a": 1, "b": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    with pytest.raises(InputError, match=r"not the turn of b here: .* the turn of a.*fight; talk"):
        children_named(game, 0, "fight", "b")
    with pytest.raises(InputError, match=r"menu: fight; talk \(did you mean 'talk'"):
        children_named(game, 0, "tlak", "a")
    with pytest.raises(InputError, match="has ended"):
        children_named(game, 1, "fight", "a")
