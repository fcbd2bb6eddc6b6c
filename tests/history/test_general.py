"""The general estimator, through the engine, against the special one."""

import numpy as np
import pytest

from detente.equilibrium import certify, solve
from detente.errors import InputError
from detente.game import chance_by_type, decide, end, tree
from detente.history.estimators.copies import TreeCopies
from detente.history.estimators.fit_tree import fit_tree
from detente.history.estimators.general import SIGNORINO, fit_game, side_by_side

from .conftest import WAR

GAME = tree(
    {"one": 1, "two": 1},
    decide("one", {
        "stop": end("sq", one=0, two=0),
        "go": decide("two", {
            "yield": end("capit", one=0, two=0), "fight": end("war", one=0, two=0),
        }),
    }),
)
PAYOFFS = {
    ("one", "sq"): "s_wt_re1+revis1", ("one", "war"): "regime1", ("two", "war"): "balanc+regime2",
}


def named(war):
    ending = np.where(war.esc == 0, "sq", np.where(war.war == 1, "war", "capit"))
    return war.assign(ending=np.where(war.esc.isna() | war.war.isna(), None, ending))


def test_agrees_with_the_agent_logit_tree(load):
    war = named(load("war1800").convert_dtypes())
    special = fit_tree("egame12", WAR, load("war1800"), link="logit")
    general = fit_game(GAME, PAYOFFS, war, "ending", lam=SIGNORINO)
    assert np.abs(general.params - special.params).max() < 1e-5
    assert np.abs(general.se - special.se).max() < 1e-5
    assert abs(general.loglik + 286.18279) < 1e-4
    assert general.converged and general.extra["certified"]
    assert np.allclose(general.predict(), special.predict(), atol=1e-7)
    # Lambda is only a unit: twice the precision, half the coefficients.
    twice = fit_game(GAME, PAYOFFS, war, "ending", lam=2 * SIGNORINO)
    assert np.abs(2 * twice.params - general.params).max() < 1e-5


def typed_game():
    return tree(
        {"one": {"tough": 0.3, "weak": 0.7}, "two": 1},
        decide("one", {
            "stop": end("sq", one=[0.2, 0.4], two=0.5),
            "go": chance_by_type("one", {
                "seen": ([0.6, 0.2], decide("two", {
                    "yield": end("capit", one=1, two=0), "fight": end("war", one=[0.5, 0], two=0.2),
                })),
                "lost": ([0.4, 0.8], end("sq", one=0, two=0.5)),
            }),
        }),
    )


def test_copies_play_as_one():
    """Each copy under the chance move has the equilibrium the game has alone."""
    alone = solve(typed_game(), 8.0)
    many, row, leaf = side_by_side(typed_game(), 4)
    together = solve(many, 8.0)
    assert together.certificate.certified
    assert certify(many, together.pi, reading="fallible", lam=8.0).certified
    assert np.allclose(together.leaf_reach * 4, alone.leaf_reach[leaf], atol=1e-9)
    assert np.bincount(row).tolist() == [4, 4, 4, 4]


def test_scores_are_the_derivatives_of_the_likelihood():
    """Against central differences, with private types; 1e-6 is the quotient's own error."""
    import pandas as pd

    from detente.history.estimators.design import build
    from detente.history.estimators.likelihood import Likelihood
    from detente.history.estimators.observed import Observed

    rng = np.random.default_rng(2)
    game = typed_game()
    table = pd.DataFrame({"x": rng.normal(size=6)})
    design = build("", {"a": "x", "b": "x"}, table)
    kinds = list(game.outcome_names)
    places = [(0, kinds.index("war")), (1, kinds.index("capit"))]
    counts = rng.integers(1, 9, size=(6, len(kinds))).astype(float)
    masks = np.stack([game.outcome == k for k in range(len(kinds))])
    like = Likelihood(game, design, places, None, 4.0)
    seen = Observed(tuple(kinds), masks, counts)
    theta = rng.normal(size=4) * 0.2
    _, score = like.rows(theta, seen)
    for k in range(4):
        step = np.eye(4)[k] * 1e-5
        slope = (like.rows(theta + step, seen)[0] - like.rows(theta - step, seen)[0]) / 2e-5
        assert np.abs(slope - score[:, k]).max() < 1e-6


def test_what_is_not_identified_is_named(load):
    war = named(load("war1800")).head(60)
    both = {("one", "sq"): "1", ("one", "capit"): "1", ("one", "war"): "1"}
    result = fit_game(GAME, both, war, "ending")
    assert not result.converged
    assert any("one at sq:const" in w and "not identified" in w for w in result.warnings)


@pytest.mark.parametrize(
    "payoffs, words",
    [
        ({("three", "war"): "1"}, "no player 'three'"),
        ({("one", "wer"): "1"}, "did you mean 'war'"),
        ({("one", "war"): "nothing"}, "no column 'nothing'"),
    ],
)
def test_bad_input(load, payoffs, words):
    with pytest.raises(InputError, match=words):
        fit_game(GAME, payoffs, named(load("war1800")), "ending")


def test_predictions_from_play_that_is_not_certified_are_said_to_be(load, monkeypatch):
    fit = fit_game(GAME, PAYOFFS, named(load("war1800").convert_dtypes()), "ending")
    play = TreeCopies.play
    monkeypatch.setattr(TreeCopies, "play", lambda *given: (play(*given)[0], False))
    with pytest.warns(UserWarning, match="not certified"):
        fit.predict()


def test_names_of_any_form_stay_apart():
    """Names may hold the marks that join an index and a term in print, or look like lambda's."""
    odd = "log lambda: one"
    game = tree(
        {odd: 1, "two at sq": 1, "two": 1},
        decide(odd, {
            "stop": end("sq at sq", **{odd: 0, "two at sq": 0, "two": 0}),
            "go": decide("two at sq", {
                "yield": end("capit", **{odd: 0, "two at sq": 0, "two": 0}),
                "fight": end("sq", **{odd: 0, "two at sq": 0, "two": 0}),
            }),
        }),
    )
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    import pandas as pd

    table = pd.DataFrame({
        "x": x, "ending": np.where(rng.random(300) < 1 / (1 + np.exp(-x)), "sq at sq",
                                   np.where(rng.random(300) < 0.5, "capit", "sq"))})
    payoffs = {(odd, "sq at sq"): "x", ("two at sq", "sq"): "1"}
    fit = fit_game(game, payoffs, table, "ending")
    assert list(fit.tidy()["index"]) == [f"{odd} at sq at sq"] * 2 + ["two at sq at sq"]
    assert list(fit.tidy()["term"]) == ["const", "x", "const"]
    # The same game with plain names has the same estimates: a name is no part of the search.
    plain = tree(
        {"one": 1, "b": 1},
        decide("one", {"stop": end("s", one=0, b=0), "go": decide("b", {
            "yield": end("c", one=0, b=0), "fight": end("w", one=0, b=0)})}),
    )
    other = fit_game(plain, {("one", "s"): "x", ("b", "w"): "1"},
                     table.replace({"sq at sq": "s", "capit": "c", "sq": "w"}), "ending")
    assert np.abs(fit.params - other.params).max() < 1e-6
    assert fit.loglik == pytest.approx(other.loglik, abs=1e-9)
    # Two payoffs that read alike, "two at sq at sq", are two indices.
    both = fit_game(game, {("two", "sq at sq"): "1", ("two at sq", "sq"): "1"}, table, "ending")
    assert len(both.params) == 2 and len(set(both.parameters)) == 2
