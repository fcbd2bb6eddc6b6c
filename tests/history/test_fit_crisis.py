"""Crisis files and Gambit games estimated on data: recovery, exact scores, known special cases."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from detente.cli import main
from detente.equilibrium import gradient, solve
from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.game.efg_write import write_efg
from detente.game.pullback import pull_back
from detente.game.spelt import to_extensive
from detente.history.estimators.crisis import CrisisPayoffs
from detente.history.estimators.design import build
from detente.history.estimators.fit_tree import fit_tree
from detente.history.estimators.general import SIGNORINO, fit_game
from detente.history.estimators.likelihood import LAMBDA, Likelihood
from detente.history.estimators.observed import history_leaves, observed
from tests.conftest import PLAIN, make_crisis, merged, text_of

from .conftest import WAR
from .test_general import GAME, PAYOFFS, named, typed_game

SMALL = {"turns": {"each": 1}, "offers": {"shares": [0.55]}, "war": {"cost": 0.05}}
COST, WEIGHT = "war.cost", "actors.bland.stake_weight"
TRUTH = np.array([0.05, 0.15, 1.0, 0.3])  # cost = .05 + .15 x, weight = 1 + .3 z


@pytest.fixture(scope="module")
def compiled():
    return compile_scenario(make_crisis(**SMALL))


def played(compiled, plays, seed, lam=12.0):
    """Plays drawn from the game as it is at each row's numbers, solved one by one."""
    rng = np.random.default_rng(seed)
    rows = []
    for x in (0.0, 0.5, 1.0):
        for z in (0.0, 1.0):
            game = compiled.game({COST: TRUTH[0] + TRUTH[1] * x, WEIGHT: TRUTH[2] + TRUTH[3] * z})
            chances = solve(game, lam).outcomes()
            drawn = rng.choice(list(chances), p=np.array(list(chances.values())), size=plays)
            rows.append(pd.DataFrame({"ending": drawn, "x": x, "z": z}))
    return pd.concat(rows, ignore_index=True)


def test_recovers_what_a_crisis_was_played_with(compiled):
    """Within three standard errors each, lambda estimated: a true estimator fails 1 time in 75."""
    table = played(compiled, 700, seed=7)
    fit = fit_game(compiled, {COST: "x", WEIGHT: "z"}, table, "ending", lam="estimate")
    assert fit.converged and fit.extra["certified"] and fit.extra["games"] == 6
    assert fit.names[-1] == f"{LAMBDA}:const"
    truth = np.append(TRUTH, np.log(12.0))
    assert (np.abs(fit.params - truth) < 3 * fit.se).all()
    assert (fit.se < [0.1, 0.1, 0.3, 0.3, 0.3]).all()  # and the data does say something
    # Standard errors from the Hessian and from the scores agree where the model is true.
    assert np.allclose(fit.robust().se, fit.se, rtol=0.15)
    p = fit.predict()
    assert np.allclose(p.sum(axis=1), 1, atol=1e-9)
    # The prediction is the game solved by itself at the estimated numbers.
    b = fit.params
    alone = solve(compiled.game({COST: b[0] + b[1], WEIGHT: b[2] + b[3]}), np.exp(b[4])).outcomes()
    row = fit.predict(pd.DataFrame({"x": [1.0], "z": [1.0]})).iloc[0]
    assert all(abs(row[name] - alone[name]) < 1e-7 for name in alone)


def likelihood(compiled, table, parts, lam="estimate"):
    places, paths = [(0, 0)], [p for p in parts if p not in ("added", LAMBDA)]
    design = build("", parts, table, None, ["ending"])
    like = Likelihood(compiled.tree, design, places, CrisisPayoffs(compiled, paths), 12.0)
    return like, observed(like.copies, design, "ending")


@pytest.mark.parametrize("own", [False, True])
def test_scores_against_differences(compiled, own):
    """With shared copies and with one a row; central differences of step 1e-5 err by 1e-9."""
    table = played(compiled, 3, seed=1)
    if own:
        table["x"] += np.arange(len(table)) * 0.01
    low = "actors.aland.private.war_cost.between.0"
    like, seen = likelihood(compiled, table, {"added": "x", COST: "x", low: "z", LAMBDA: "1"})
    assert like.cells == (len(table) if own else 6)
    theta = np.array([0.03, -0.02, 0.05, 0.1, 0.1, 0.02, np.log(9.0)])
    _, score = like.rows(theta, seen)
    for k in range(len(theta)):
        step = np.eye(len(theta))[k] * 1e-5
        slope = (like.rows(theta + step, seen)[0] - like.rows(theta - step, seen)[0]) / 2e-5
        assert np.abs(slope - score[:, k]).max() < 1e-6


def test_numbers_pull_back_as_in_the_engine(compiled):
    """Against the engine's own pull-back, one game at a time."""
    paths = ["war.win_chance", "actors.bland.private.war_cost.between.1", "delay_cost"]
    paid = CrisisPayoffs(compiled, paths)
    eta = np.array([[0.5, 0.6], [0.5, 0.45], [0.02, 0.03]])
    rng = np.random.default_rng(0)
    weights = rng.normal(size=len(compiled.tree.leaves))
    by, exact = [], []
    for s in range(2):
        game = compiled.game(dict(zip(paths, eta[:, s], strict=True)))
        slopes = gradient(solve(game, 9.0), weights)
        theta = compiled.centre.copy()
        theta[paid.columns] = eta[:, s]
        by.append(slopes.payoff)
        exact.append(pull_back(compiled.polynomials, theta, slopes)[paid.columns])
        value = paid.value(eta)
        assert all(np.allclose(v[..., s], g) for v, g in zip(value, game.payoff, strict=True))
    found = paid.back(eta, [np.stack([b[i] for b in by], axis=-1) for i in range(2)])
    assert np.allclose(found, np.array(exact).T, atol=1e-12)


def test_histories_tell_more_than_endings(compiled):
    tree = compiled.tree
    war = history_leaves(tree, "aland: attack")
    assert {tree.outcome_names[k] for k in tree.outcome[war]} == {"war"}
    assert history_leaves(tree, "attack").tolist() == war.tolist()
    both = history_leaves(tree, "aland: hold; bland: attack")
    assert both.sum() >= 1 and not (both & war).any()
    assert history_leaves(tree, "aland: dance") is None
    eq = solve(tree, 12.0)
    rng = np.random.default_rng(3)
    names = ["aland: attack", "aland: hold", "aland: yield"]
    p = np.array([eq.leaf_reach[history_leaves(tree, n)].sum() for n in names])
    table = pd.DataFrame({"seen": rng.choice(names, p=p / p.sum(), size=400)})
    fit = fit_game(compiled, {COST: "1"}, table, "seen", lam=12.0)
    assert fit.endings == tuple(sorted(names))


QUIET = {"war": None, "ladder": None, "offers": None, "turns": {"each": 1}, "actors": {
    "aland": {"private": None}, "bland": {"private": None}}}
ENDINGS = ("aland concedes", "bland concedes", "status quo")


def chances(lam, a, b):
    """Return the probabilities of the three endings from the payoffs at the four leaves.

    Aland yields (leaf 0) or not; bland yields (1) or not; aland replies: no (2) or yields (3).
    """
    reply = expit(lam * (a[3] - a[2]))
    bland = expit(lam * (b[1] - reply * b[3] - (1 - reply) * b[2]))
    held = reply * a[3] + (1 - reply) * a[2]
    aland = expit(lam * (a[0] - bland * a[1] - (1 - bland) * held))
    late = (1 - aland) * (1 - bland)
    return aland + late * reply, (1 - aland) * bland, late * (1 - reply)


def test_a_crisis_of_three_choices_is_estimated_by_its_closed_form():
    """The likelihood's maximum is found a second time, by SciPy in a tree written out by hand."""
    crisis, lam, n = make_crisis(**QUIET), 3.0, 3000
    tree = compile_scenario(crisis).tree
    seen = [tree.outcome_names[k] for k in tree.outcome]
    assert seen == [*ENDINGS, ENDINGS[0]] and tree.n_nodes == 7
    rng = np.random.default_rng(8)
    x, z = rng.normal(size=n), rng.normal(size=n)

    def probabilities(beta):
        a, b = (np.repeat(tree.payoff[i], n, axis=1) for i in (0, 1))
        a[2] += beta[0] + beta[1] * x
        b[2] += beta[2] + beta[3] * z
        return np.stack(chances(lam, a, b))

    truth = np.array([0.3, 0.4, -0.2, 0.5])
    drawn = (probabilities(truth).cumsum(axis=0) < rng.random(n)).sum(axis=0)
    table = pd.DataFrame({"ending": np.array(ENDINGS)[drawn], "x": x, "z": z})
    parts = {("aland", "status quo"): "x", ("bland", "status quo"): "z"}
    fit = fit_game(crisis, parts, table, "ending", lam=lam)
    assert fit.converged

    def loss(beta):
        return -np.log(probabilities(beta)[drawn, np.arange(n)]).mean()

    found = minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-7})
    # BFGS takes differences of 1e-8: its maximum is good to about their square root.
    assert np.abs(fit.params - found.x).max() < 1e-4
    assert abs(fit.loglik + n * found.fun) < 1e-6
    assert (np.abs(fit.params - truth) < 3 * fit.se).all()  # fails 1 time in 90 with a true fit


def test_a_gambit_file_is_estimated_as_the_tree(load, tmp_path, capsys):
    """The same tree from an .efg file, through the command, against the special estimator."""
    file = tmp_path / "egame12.efg"
    write_efg(to_extensive(GAME), file)
    named(load("war1800")).to_csv(tmp_path / "war.csv", index=False)
    words = ["fit", "game", str(file), "--data", str(tmp_path / "war.csv"), "--outcome", "ending",
             "--lambda", repr(SIGNORINO), "--json"]
    for (player, ending), part in PAYOFFS.items():
        words += ["--param", f"{player} at {ending} ~ {part}"]
    code = main(words)
    found = json.loads(capsys.readouterr().out)
    special = fit_tree("egame12", WAR, load("war1800"), link="logit")
    assert code == 0 and found["converged"]
    assert np.allclose([t["estimate"] for t in found["terms"]], special.params, atol=1e-5)


def test_a_general_game_with_private_types_is_likelihood_and_scores_of_its_tree():
    """The tree with its types written out as information sets, solved by other code."""
    rng = np.random.default_rng(4)
    game = typed_game()
    endings = rng.choice(["sq", "capit", "war"], 40)
    table = pd.DataFrame({"x": rng.normal(size=40), "ending": endings})
    parts = {"one at war": "x", "two at capit": "x"}
    design = build("", parts, table, None, ["ending"])
    found = []
    theta = rng.normal(size=4) * 0.3
    for one in (game, to_extensive(game)):
        like = Likelihood(one, design, [], None, 4.0)
        like.places = [(i, like.copies.endings.index(e)) for i, e in ((0, "war"), (1, "capit"))]
        found.append(like.rows(theta, observed(like.copies, design, "ending")))
    assert np.allclose(found[0][0], found[1][0], atol=1e-9)
    assert np.allclose(found[0][1], found[1][1], atol=1e-8)


def test_the_command_on_a_crisis_file(compiled, tmp_path, capsys):
    case, data = tmp_path / "small.yaml", tmp_path / "plays.csv"
    case.write_text(text_of(merged(PLAIN, SMALL)))
    played(compiled, 100, seed=2).to_csv(data, index=False)
    words = ["fit", "game", str(case), "--data", str(data), "--outcome", "ending", "--param",
             f"{COST} ~ x", "--lambda", "12"]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "war.cost:const" in text and "war.cost:x" in text and "lambda 12" in text
    assert main([*words, "--latex"]) == 0
    assert r"\begin{tabular}" in capsys.readouterr().out
    assert main([*words, "--table", str(tmp_path / "fit.csv")]) == 0
    capsys.readouterr()
    assert list(pd.read_csv(tmp_path / "fit.csv").term) == ["const", "x"]


@pytest.mark.parametrize(
    "change, told",
    [
        (["--param", "war.costs ~ x"], "no number 'war.costs'"),
        (["--param", "war.cost"], "PATH ~ COVARIATES"),
        (["--param", "aland at wer ~ x"], "did you mean 'war'"),
        (["--param", "nobody at war ~ x"], "no player"),
        (["--param", "actors.aland.private.war_cost ~ x"], "no number"),
        (["--param", "war.cost ~ y"], "no column 'y'"),
        (["--lambda", "often"], "a number above 0, or estimate"),
        (["--lambda", "-1"], "a precision above 0"),
        (["--outcome", "x"], "not an outcome of the game"),
        (["--outcome", "nothing"], "no column 'nothing'"),
    ],
)
def test_bad_input_is_one_line(compiled, tmp_path, capsys, change, told):
    case, data = tmp_path / "small.yaml", tmp_path / "plays.csv"
    case.write_text(text_of(merged(PLAIN, SMALL)))
    played(compiled, 2, seed=2).to_csv(data, index=False)
    words = {"--outcome": "ending", "--param": f"{COST} ~ x"}
    words[change[0]] = change[1]
    code = main(["fit", "game", str(case), "--data", str(data),
                 *(w for pair in words.items() for w in pair)])
    out, err = capsys.readouterr()
    assert code == 2 and not out and told in err and "Traceback" not in err


def test_what_cannot_be_estimated_is_refused(compiled):
    chances = make_crisis(**SMALL | {"ladder": ["talks", {"mobilisation": {"risk": 0.05}}, "war"]})
    table = played(compiled, 2, seed=2)
    with pytest.raises(InputError, match="changes a chance move or a prior"):
        fit_game(chances, {"ladder.mobilisation.risk": "x"}, table, "ending")
    with pytest.raises(InputError, match="it is not a crisis file"):
        fit_game(GAME, {"war.cost": "1"}, table, "ending")
    with pytest.raises(InputError, match="no payoff is to be estimated"):
        fit_game(GAME, {}, table, "ending")


def test_lambda_needs_payoffs_that_are_not_estimated(load):
    """Where every payoff is estimated, lambda and their scale are one: said, not guessed."""
    war = named(load("war1800")).head(80)
    fit = fit_game(GAME, {("one", "sq"): "1", ("two", "war"): "1"}, war, "ending", lam="estimate")
    assert not fit.converged
    assert any("not identified" in w and LAMBDA in w for w in fit.warnings)
