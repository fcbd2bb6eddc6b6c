"""Numbers of many variants: what is stacked comes back, and wrong shapes are refused."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import InputError
from detente.game import chance, chance_by_type, decide, end, tree
from detente.game.numbers import Numbers


def game(cost: float, odds: float, prior: float, unlike: bool = False):
    war = chance({"win": (odds, end("war", a=1 - cost)), "lose": (1 - odds, end("war", a=-cost))})
    root = decide(
        "a",
        {
            "attack": war,
            "wait": chance_by_type(
                "a",
                {
                    "calm": ({"hi": odds, "lo": 0.5}, end("peace", a=0.5)),
                    "flare": ({"hi": 1 - odds, "lo": 0.5}, end("war", a=[0.2, 0.1])),
                },
            ),
        },
        weights={"attack": 1.0, "wait": 1 + cost},
    )
    seen = {"b": {"a": [1 - prior, prior]}} if unlike else None
    return tree({"a": {"hi": prior, "lo": 1 - prior}, "b": 1}, root, observer_prior=seen)


@pytest.mark.parametrize("unlike", [False, True])
def test_stacked_numbers_return_each_game(unlike: bool) -> None:
    values = [(0.1, 0.6, 0.3), (0.2, 0.5, 0.4), (0.3, 0.9, 0.1)]
    games = [game(c, o, p, unlike) for c, o, p in values]
    numbers = Numbers.stack(games)
    numbers.check(games[0])
    assert numbers.size == 3
    for k, g in enumerate(games):
        back = games[0].with_numbers(**numbers.at(k))
        for i in range(2):
            np.testing.assert_array_equal(back.payoff[i], g.payoff[i])
            np.testing.assert_array_equal(back.prior[i], g.prior[i])
            if unlike:
                np.testing.assert_array_equal(back.observer_prior[1][i], g.observer_prior[1][i])
        np.testing.assert_array_equal(back.weight, g.weight)
        np.testing.assert_array_equal(back.type_prob, g.type_prob)


def test_taking_some_variants() -> None:
    games = [game(0.1 * k, 0.5, 0.3) for k in range(5)]
    some = Numbers.stack(games).take(slice(1, 4))
    assert some.size == 3
    np.testing.assert_array_equal(some.at(2)["payoff"][0], games[3].payoff[0])


def test_other_structure_is_refused() -> None:
    other = tree({"a": {"hi": 0.5, "lo": 0.5}, "b": 1}, decide("a", {"x": end("x"), "y": end("y")}))
    with pytest.raises(InputError, match="the structure of game 1 differs"):
        Numbers.stack([game(0.1, 0.5, 0.3), other])
    with pytest.raises(InputError, match="no games"):
        Numbers.stack([])


def test_wrong_shape_names_the_array() -> None:
    g = game(0.1, 0.5, 0.3)
    good = Numbers.stack([g, g])
    bad = Numbers(good.payoff, good.weight[:3], good.type_prob, good.prior)
    with pytest.raises(InputError, match=r"weight.*expected shape"):
        bad.check(g)
    with pytest.raises(InputError, match="observer_prior"):
        good.check(game(0.1, 0.5, 0.3, unlike=True))
