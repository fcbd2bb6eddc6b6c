"""A finite maximum exists or it does not: decided by linear programmes, never by size."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import norm

from detente.errors import InputError
from detente.history.estimators.finite import recession
from detente.history.estimators.fit_signalling import fit_signalling
from detente.history.estimators.fit_tree import fit_tree
from detente.history.estimators.general import fit_game
from detente.history.estimators.multinomial import fit_multinomial
from detente.history.estimators.trees import TREES
from detente.history.estimators.ultimatum import fit_ultimatum

from .test_general import GAME


def drawn(model, n=400, seed=0, link="probit"):
    """Plays of a tree with a constant and one covariate in three utilities."""
    rng = np.random.default_rng(seed)
    tree = TREES[model]
    x, z = rng.normal(size=(2, n))
    eta = np.zeros((len(tree.utilities), n))
    eta[0], eta[-1] = -0.3 + 0.4 * x, 0.2 + 0.6 * z
    p = tree.density(tree.utilities, link, False)(eta)
    ending = (p.cumsum(axis=0) < rng.random(n)).sum(axis=0)
    moves = np.array([[m or 0 for m in a] for a in tree.actions])[ending]
    table = pd.DataFrame({"x": x, "z": z, "ending": ending})
    return table.assign(**{f"m{k + 1}": moves[:, k] for k in range(moves.shape[1])})


FORMULAS = {
    "egame12": "m1 + m2 ~ x{0} | 0 | 0 | z{1}",
    "egame122": "m1 + m2 ~ x{0} | 0 | 0 | 0 | 1 | z{1}",
    "egame123": "m1 + m2 + m3 ~ x{0} | 0 | 0 | 0 | 1{1} | 0 | 0 | z{2}",
}
VARIANTS = [("probit", "agent"), ("logit", "agent"), ("probit", "private")]


@pytest.mark.parametrize(("link", "errors"), VARIANTS)
@pytest.mark.parametrize("model", FORMULAS)
def test_separation_at_the_first_mover_is_found(model, link, errors):
    """All rows with ally 1 have the same first move, so its coefficient has no maximum."""
    table = drawn(model)
    stops = np.flatnonzero(table.m1 == 0)[:25]
    table["ally"] = np.isin(np.arange(len(table)), stops).astype(int)
    formula = FORMULAS[model].format(" + ally", "", "")
    fit = fit_tree(model, formula, table, link=link, errors=errors)
    assert not fit.converged
    said = [w for w in fit.warnings if "no finite maximum" in w]
    assert len(said) == 1 and "u11:ally" in said[0] and "all 25 rows" in said[0]
    assert "u11:x" not in said[0] and "u11:const" not in said[0]
    row = fit.tidy().set_index(["index", "term"]).loc[("u11", "ally")]
    assert row.estimate == np.inf and np.isnan(row.std_error)
    # In the limit those rows drop out: the other coefficients are those of the other rows, save
    # that later movers' choices there still count, and these rows have none (they stopped).
    rest = fit_tree(model, FORMULAS[model].format("", "", ""), table[table.ally == 0],
                    link=link, errors=errors)
    if model != "egame122":
        kept = np.isfinite(fit.tidy().estimate.to_numpy())
        assert np.abs(fit.params[kept] - rest.params).max() < 1e-4
        assert np.abs(fit.se[kept] - rest.se).max() < 1e-4


@pytest.mark.parametrize(("link", "errors"), VARIANTS)
def test_separation_in_the_middle_and_at_the_last_mover_is_found(link, errors):
    """The marked rows are few, so that what earlier movers expect weighs less than the choice."""
    table = drawn("egame123", 600)
    for column, rows in (("mid", (table.m1 == 1) & (table.m2 == 0)),
                         ("last", (table.m2 == 1) & (table.m3 == 1))):
        marked = np.flatnonzero(rows)[:12]
        table[column] = np.isin(np.arange(len(table)), marked).astype(int)
    middle = fit_tree("egame123", FORMULAS["egame123"].format("", " + mid", ""), table, link=link,
                      errors=errors)
    assert not middle.converged
    assert any("player 2" in w and "u23:mid" in w for w in middle.warnings)
    last = fit_tree("egame123", FORMULAS["egame123"].format("", "", " + last"), table, link=link,
                    errors=errors)
    # All movers before chose to go on in these rows; a certain last move either helps them
    # (the likelihood rises along it) or hurts, and then the maximum is finite. Tell by the value.
    far = last.params.copy()
    far[last.names.index("u36:last")] += 3.0
    table = last.frame
    p = last.predictor(far, None)
    beyond = np.log(p[last.counts > 0]).sum()
    assert last.converged == bool(beyond < last.loglik - 1e-6)


def test_a_separated_later_mover_may_have_a_finite_maximum():
    """Player 1 foresees player 2; rows in which it stopped hold the coefficient finite.

    Both reach 2 and fight in every row with mark 1, but player 1 stopped in most such rows, which
    a certain fight (worth 3 to it) would make improbable. The truth is found by another optimiser.
    """
    n = 300
    rng = np.random.default_rng(3)
    mark = np.repeat([0, 1], n // 2)
    go = np.where(mark == 1, rng.random(n) < 0.25, rng.random(n) < 0.6).astype(int)
    fight = np.where(mark == 1, 1, rng.random(n) < 0.5).astype(int) * go
    table = pd.DataFrame({"go": go, "fight": fight, "mark": mark})
    fit = fit_tree("egame12", "go + fight ~ 0 | 0 | 0 | mark", table, fixed={"u14": 3.0})

    def loss(b):
        p4 = norm.cdf((b[0] + b[1] * mark) / np.sqrt(2))
        p2 = norm.cdf(p4 * 3.0 / np.sqrt(2))
        return -np.where(go == 0, norm.logsf(norm.ppf(p2)),
                         np.log(p2) + np.log(np.where(fight == 1, p4, 1 - p4))).sum()

    other = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8,
                                                                      "fatol": 1e-10})
    assert fit.converged and not fit.warnings
    assert np.abs(fit.params - other.x).max() < 1e-4 and abs(fit.loglik + other.fun) < 1e-6


def test_size_is_no_evidence():
    """A steep but overlapping choice has a finite maximum with a large coefficient."""
    x = np.concatenate([np.linspace(-1, 1, 200), [0.02, -0.02]])
    go = np.concatenate([(np.linspace(-1, 1, 200) > 0).astype(int), [0, 1]])
    table = pd.DataFrame({"go": go, "fight": go * (np.arange(202) % 2), "x": x})
    fit = fit_tree("egame12", "go + fight ~ x | 0 | 0 | 1", table, link="logit")
    assert fit.converged and not fit.warnings
    assert np.abs(fit.params).max() > 50  # in units of the error
    split = table.iloc[:200]
    none = fit_tree("egame12", "go + fight ~ x | 0 | 0 | 1", split, link="logit")
    assert not none.converged and any("no finite maximum" in w for w in none.warnings)


def test_a_scale_without_a_maximum():
    """With utilities held that predict every choice, the error scale falls to 0."""
    table = pd.DataFrame({"go": [1, 1, 1, 1] * 10, "fight": [1, 0, 1, 0] * 10})
    fit = fit_tree("egame12", "go + fight ~ 0 | 0 | 0 | 1", table, scale=["1", "0"],
                   fixed={"u11": -1.0})
    assert not fit.converged and any("scale1:const" in w for w in fit.warnings)


def test_the_multinomial_logit():
    table = pd.DataFrame({"x": [0, 0, 0, 0, 0, 0, 1, 1, 1]})
    seen = np.eye(3)[[0, 1, 2, 0, 1, 2, 1, 2, 2]]  # the first outcome never happens at x = 1
    fit = fit_multinomial("x", table, seen, ("a", "b", "c"))
    assert not fit.converged
    assert any("b:x" in w and "c:x" in w and "no finite maximum" in w for w in fit.warnings)
    seen[7] = [1, 0, 0]
    assert fit_multinomial("x", table, seen, ("a", "b", "c")).converged


def test_a_general_game():
    """The same separation through the engine, at any precision."""
    table = drawn("egame12", 120)
    table["ending"] = np.array(["sq", "capit", "war"])[table.ending]
    stops = np.flatnonzero(table.ending == "sq")[:10]
    table["ally"] = np.isin(np.arange(120), stops).astype(int)
    parts = {("one", "sq"): "x + ally", ("two", "war"): "z"}
    for lam in (0.7, 5.0):
        fit = fit_game(GAME, parts, table, "ending", lam=lam)
        assert not fit.converged
        assert any("no finite maximum" in w and "one at sq:ally" in w for w in fit.warnings)
    fine = fit_game(GAME, {("one", "sq"): "x", ("two", "war"): "z"}, table, "ending")
    assert fine.converged and not fine.warnings


def test_the_ultimatum_game():
    """A group that always offers nothing pushes the proposer's reservation value outwards."""
    rng = np.random.default_rng(0)
    n = 200
    group = np.arange(n) % 5 == 0
    offer = np.where(group, 0.0, np.clip(rng.normal(4, 1.5, n), 0.2, 9.5))
    accept = (offer + rng.logistic(size=n) > 3).astype(int)
    table = pd.DataFrame({"offer": offer, "accept": accept, "group": group.astype(int)})
    fit = fit_ultimatum("offer + accept ~ group | 1", table, max_offer=10)
    assert not fit.converged
    assert any("R1:group" in w and "no finite maximum" in w for w in fit.warnings)
    assert fit_ultimatum("offer + accept ~ 1 | 1", table, max_offer=10).converged


def test_the_signalling_game():
    """B never concedes to an ally of A: its coefficient in B's resistance has no maximum."""
    rng = np.random.default_rng(1)
    n = 150
    ally = (np.arange(n) % 6 == 0).astype(int)
    x = rng.normal(size=n)
    counts = np.stack([rng.multinomial(60, [0.5, 0.2, 0.2, 0.1]) for _ in range(n)]).astype(float)
    counts[ally == 1, 2] += counts[ally == 1, 1]
    counts[ally == 1, 1] = 0
    table = pd.DataFrame(counts, columns=["sq", "cd", "sf", "bd"]).assign(ally=ally, x=x)
    formula = "sq + cd + sf + bd ~ 0 | 1 | 0 | 1 | ally | 1 | 0"
    fit = fit_signalling(formula, table, method="pl")
    assert not fit.converged
    assert any("B" in w and "W_B:ally" in w and "no finite maximum" in w for w in fit.warnings)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(4, 14), st.integers(1, 3))
def test_the_programme_against_a_search_over_directions(seed, n, p):
    """With small whole numbers every separating direction is found by trying many."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(-2, 3, size=(n, p)).astype(float) * rng.choice([-1, 1], size=(n, 1))
    found = recession(rows, np.zeros(n, dtype=bool))
    grid = np.stack(np.meshgrid(*[np.arange(-6, 7)] * p), axis=-1).reshape(-1, p)
    moved = rows @ grid.T
    exists = ((moved >= 0).all(axis=0) & (moved > 0).any(axis=0)).any()
    assert (found is not None) == exists
    if found is not None:
        d, decided = found
        gain = rows @ d
        assert (gain > -1e-7 * np.abs(gain).max()).all()
        every = ((moved >= 0).all(axis=0)[None, :] & (moved > 0)).any(axis=1)
        assert (decided == every).all()  # it decides each row that any direction decides


def test_impossible_rows_are_refused_with_their_rows():
    table = drawn("egame123", 50)
    table.loc[[3, 7], ["m1", "m2", "m3"]] = [0, 1, 0]
    with pytest.raises(InputError, match="m2 is 1 although m1 0 ends the game, in rows 3 and 7"):
        fit_tree("egame123", FORMULAS["egame123"].format("", "", ""), table)


def test_moves_that_were_not_reached_may_be_missing():
    table = drawn("egame12", 300)
    blank = table.assign(m2=table.m2.where(table.m1 == 1).astype("Int64"))
    formula = FORMULAS["egame12"].format("", "")
    fit, same = fit_tree("egame12", formula, table), fit_tree("egame12", formula, blank)
    assert same.dropped == 0 and np.array_equal(fit.params, same.params)
