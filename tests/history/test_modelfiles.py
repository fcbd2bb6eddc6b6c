"""Model files: likelihood against the solver, derivatives, recovery, priors, refusals."""

import textwrap

import numpy as np
import pandas as pd
import pytest

from detente.cases.modelfile import model_files, read_model, reads_model, sources
from detente.equilibrium import solve
from detente.errors import InputError, SolveError
from detente.history.modelfiles.indices import Scaling
from detente.history.modelfiles.posterior import Posterior, observed
from detente.history.modelfiles.profile import profile
from tests.history.conftest import ROOT
from tests.support.program import outputs

TREE = """
  crisis: recorded
  title: A recorded crisis
  actors: {target: {role: principal}, challenger: {role: principal}}
  stake: {name: the stake, first: challenger, status_quo: 0.1}
  turns: {first: target, each: 2}
  delay_cost: 0.02
  ladder: [threat, {force: {risk: 0.05}}, war]
  war: {win_chance: 0.5, cost: 0.2}
  offers: {shares: [0.5], each: 1}
  habits: {hold: 50, lapse: 50, escalate: 8, offer: 12, accept: 20, yield: 3, attack: 2}
  precision: 5
"""
CODED = """
  challenger backs down: challenger concedes
  stalemate: status quo
  settlement: settlement
  target yields: target concedes
  war: war
"""


def written(numbers, utilities="{}", tree=TREE, endings=CODED, more=""):
    return (f"model: trial\ntitle: A trial\ncrisis:{tree}endings:{endings}"
            f"numbers:\n{textwrap.indent(textwrap.dedent(numbers).strip(), '  ')}\n"
            f"utilities: {utilities}\n{more}")


NUMBERS = """
    precision: {link: log, terms: [cap]}
    war.win_chance: {link: logit, intercept: false, terms: {cap: strength, nuclear: deterrence}}
    war.cost: {link: log, terms: {cap: strength}}
    habits.attack: {link: log, terms: [nuclear]}
    ladder.force.risk: {link: logit}
"""
UTILITIES = "{target at war: {terms: [nuclear]}, challenger at settlement: {intercept: false, "\
    "terms: [cap]}}"


@pytest.fixture(scope="module")
def model():
    return reads_model(written(NUMBERS, UTILITIES))


def table(n, endings, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "cap": rng.normal(size=n), "nuclear": (rng.random(n) < 0.3).astype(float),
        "ending": rng.choice(endings, size=n), "pair": rng.integers(n // 4 + 1, size=n),
    })


def at(model, rows, seed=1):
    theta = model.mean + 0.3 * np.random.default_rng(seed).normal(size=len(model.mean))
    scaling = Scaling.of(model.covariates, rows)
    return Posterior(model, scaling.design(rows), observed(model, rows)), theta


def brute(model, posterior, theta, s):
    """Return the probabilities of the endings of one row by the general solver."""
    numbers, utilities = posterior.parts(theta)
    values = dict(zip(model.links, numbers[:, s], strict=True))
    game = model.compiled.game(values)
    paid = [p.copy() for p in game.payoff]
    for u, (i, j) in enumerate(model.game.added):
        paid[i][model.ending == j] += utilities[u, s]
    eq = solve(game.with_numbers(payoff=tuple(paid)), values["precision"])
    return np.bincount(model.ending, weights=eq.leaf_reach, minlength=5)


def test_probabilities_are_those_of_the_solver(model):
    rows = table(6, model.endings)
    posterior, theta = at(model, rows)
    found = model.game.chances(*posterior.parts(theta))
    loglik, _ = posterior.rows(theta)
    for s in range(len(rows)):
        want = brute(model, posterior, theta, s)
        # Both are backward induction; the solver annealed to lambda stops at residual 1e-12.
        assert found[s] == pytest.approx(want, abs=1e-11)
        assert np.exp(loglik[s]) == pytest.approx(want[posterior.seen[s]], rel=1e-9)


def test_the_gradient_is_that_of_central_differences(model):
    posterior, theta = at(model, table(50, model.endings))
    _, gradient = posterior.value(theta)
    for k in range(len(theta)):
        def level(h, k=k):
            moved = theta.copy()
            moved[k] += h
            return posterior.value(moved)[0]
        # Richardson's extrapolation: truncation h^4, rounding 1e-13 / h.
        slope = (8 * (level(1e-3) - level(-1e-3)) - (level(2e-3) - level(-2e-3))) / 12e-3
        assert gradient[k] == pytest.approx(slope, rel=1e-8, abs=1e-8)


def test_scores_of_rows_sum_to_the_gradient(model):
    posterior, theta = at(model, table(40, model.endings))
    prior = (theta - model.mean) / model.sd**2
    assert posterior.scores(theta).sum(axis=0) - prior == pytest.approx(
        posterior.value(theta)[1], abs=1e-9)  # sums in another order


def test_a_shared_coefficient_is_one(model):
    assert model.coefficients.count("strength") == 1
    assert "war.win_chance" not in model.coefficients  # intercept: false keeps the template's 0.5
    assert model.mean[model.coefficients.index("war.cost")] == pytest.approx(np.log(0.2))


def test_at_lambda_nought_endings_follow_the_base_weights():
    """The target moves first and each has one turn; no offers, no rungs; closed form by hand."""
    tree = """
  crisis: short
  title: A short crisis
  actors: {target: {role: principal}, challenger: {role: principal}}
  stake: {name: the stake, first: challenger, status_quo: 0.1}
  turns: {first: target, each: 1}
  delay_cost: 0.02
  war: {win_chance: 0.5, cost: 0.2}
  habits: {hold: 6, lapse: 6, yield: 3, attack: 1}
  precision: 0.000000001
"""
    endings = "\n  war: war\n  target yields: target concedes\n" \
        "  backs down: challenger concedes\n  stalemate: status quo\n"
    model = reads_model(written("habits.attack: {link: log, terms: [cap]}", tree=tree,
                                endings=endings))
    rows = pd.DataFrame({"cap": [0.0]})
    estimate = model.fit(pd.DataFrame({"cap": [], "ending": []}), starts=1)
    [p] = estimate.forecast(rows)
    # Weights 6, 3, 1: target, challenger, then the target's closing reply.
    assert p == pytest.approx([0.1 + 0.6 * 0.1 + 0.36 * 0.1, 0.3 + 0.36 * 0.3, 0.6 * 0.3, 0.216],
                              abs=1e-8)  # lambda is 1e-9 and payoffs are below 2


def test_without_rows_the_estimate_is_the_prior(model):
    estimate = model.fit(table(0, model.endings), starts=2)
    assert estimate.value == pytest.approx(model.mean, abs=1e-9)
    assert estimate.laplace == pytest.approx(np.diag(model.sd**2), rel=1e-6)


def test_known_coefficients_are_recovered(model):
    rows = table(2500, model.endings)
    posterior, _ = at(model, rows)
    true = model.mean.copy()
    for name, shift in (("precision", 0.5), ("strength", -0.4), ("deterrence", 0.5),
                        ("habits.attack: nuclear", -0.6), ("target at war: nuclear", 0.3)):
        true[model.coefficients.index(name)] += shift
    chances = model.game.chances(*posterior.parts(true))
    u = np.random.default_rng(5).random(len(rows))
    drawn = (u[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    estimate = model.fit(rows.assign(ending=np.array(model.endings)[drawn]), starts=1)
    assert estimate.converged
    # The prior is centred at the template, so it pulls; in posterior standard deviations.
    sd = np.sqrt(np.diag(estimate.laplace))
    assert (np.abs(estimate.value - true) < 3.5 * sd).all()
    draws = estimate.draws(4000, seed=2)
    # The standard error of a standard deviation of 4,000 draws is 1.1 %.
    assert draws.std(axis=0) == pytest.approx(sd, rel=0.06)
    numbers = estimate.numbers({"cap": 0.3, "nuclear": 1.0}, draws)
    assert set(numbers) == set(model.links) and (numbers["precision"] > 0).all()
    # Rows are independent here, so the sandwich agrees with the posterior where data rule.
    k = model.coefficients.index("habits.attack")
    assert estimate.se[k] == pytest.approx(sd[k], rel=0.35)


def test_the_profile_of_lambda_is_highest_at_the_estimate(model):
    rows = table(60, model.endings)
    estimate = model.fit(rows, starts=1)
    best = estimate.params["precision"]
    levels = profile(estimate, "precision", [best - 1, best, best + 1])["log_posterior"]
    assert levels.idxmax() == 1
    assert levels[1] == pytest.approx(estimate.level, abs=1e-3)  # the optimiser's


def test_private_information_goes_through_the_solver():
    tree = TREE.replace("target: {role: principal}",
                        "target: {role: principal, private: "
                        "{war_cost: {between: [0.1, 0.4], types: 2}}}")
    tree = tree.replace("each: 2", "each: 1").replace(
        "  ladder: [threat, {force: {risk: 0.05}}, war]\n", "").replace(
        ", escalate: 8", "")
    model = reads_model(written("war.win_chance: {link: logit, terms: [cap]}\n"
                                "precision: {link: log}", "{target at war: {}}", tree))
    assert model.private
    posterior, theta = at(model, table(4, model.endings))
    _, gradient = posterior.value(theta)
    for k in range(len(theta)):
        moved = np.eye(len(theta))[k] * 1e-4
        slope = (posterior.value(theta + moved)[0] - posterior.value(theta - moved)[0]) / 2e-4
        assert gradient[k] == pytest.approx(slope, rel=1e-5, abs=1e-5)  # truncation h^2


@pytest.mark.parametrize(("change", "says"), [
    (("war.cost: {", "war.cots: {"), "the crisis has no number 'war.cots'"),
    (("link: logit", "link: logic"), "unknown 'logic'"),
    (("status quo\n", "status qou\n"), "no outcome 'status qou'"),
    (("  settlement: settlement\n", ""), "leaves have no ending: settlement"),
    (("stalemate: status quo", "stalemate: [status quo, war]"), "have several endings"),
    (("{target at war: {terms: [nuclear]}", "{target at war: {}, target  at war: {}"),
     "'target  at war' is given twice, first as 'target at war'"),
    (("  ladder.force.risk:", "  war.win chance: {link: logit}\n  ladder.force.risk:"),
     "'war.win chance' is given twice"),
    (("target at war", "targte at war"), "there is no player 'targte'"),
    (("target at war", "target at wars"), "there is no ending 'wars'"),
    (("win_chance: 0.5", "win_chance: 1.0"), "the template's value 1 has no logit"),
    (("precision: 5", "precission: 5"), "unknown key 'precission'"),
    (("priors: {}", "priors: {strenght: {sd: 1}}"), "no coefficient 'strenght'"),
])
def test_a_wrong_file_is_refused_with_its_place(change, says):
    text = written(NUMBERS, UTILITIES, more="priors: {}\n")
    assert change[0] in text
    with pytest.raises(InputError) as caught:
        reads_model(text.replace(*change), file="trial.yaml")
    assert says in str(caught.value) and str(caught.value).startswith("trial.yaml:")


def test_wrong_rows_are_refused(model):
    rows = table(10, model.endings)
    for bad, says in (
        (rows.rename(columns={"cap": "caps"}), "no covariate 'cap'"),
        (rows.assign(cap=np.nan), "missing or infinite"),
        (rows.assign(ending="draw"), "no ending 'draw'"),
        (rows.drop(columns="ending"), "no column 'ending'"),
    ):
        with pytest.raises(InputError, match=says):
            model.fit(bad)
    with pytest.raises(InputError, match="linaer-mid"):
        read_model("linaer-mid")


def test_fit_game_takes_a_model_file():
    from detente.history import fit_game

    model = reads_model(written("war.cost: {link: log, terms: [cap]}"))
    rows = table(40, model.endings).rename(columns={"ending": "how"})
    result = fit_game(model, data=rows, outcome="how", cluster="pair")
    assert result.names == ["war.cost:const", "war.cost:cap"]
    estimate = model.fit(rows.rename(columns={"how": "ending"}))
    assert result.params == pytest.approx(estimate.value)
    assert result.predictor(result.params, rows) == pytest.approx(estimate.forecast(
        rows.rename(columns={"how": "ending"})))
    with pytest.raises(InputError, match="holds its payoffs"):
        fit_game(model, {"war.cost": "cap"}, rows, "how")


def test_a_user_fits_a_model_file(model, tmp_path):
    import json

    (tmp_path / "trial.yaml").write_text(written("war.cost: {link: log, terms: [cap]}"))
    table(60, model.endings).to_csv(tmp_path / "rows.csv", index=False)
    done = outputs("fit", "game", "trial.yaml", "--data", "rows.csv", "--outcome", "ending",
                   "--cluster", "pair", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert "trial" in shown["model"] and [t["term"] for t in shown["terms"]] == ["const", "cap"]


def test_a_model_without_a_covariate_is_the_file_without_it(model):
    less = model.only(["cap"])
    same = reads_model(written(NUMBERS, UTILITIES).replace("terms: [nuclear]", "terms: []").replace(
        ", nuclear: deterrence", ""))
    assert less.coefficients == same.coefficients and less.covariates == ("cap",)
    rows = table(30, model.endings)
    assert less.fit(rows, starts=1).value == pytest.approx(same.fit(rows, starts=1).value)


def test_shipped_models_are_read_and_cover_their_tables():
    endings = {"rungs": ("no force", "one-sided force", "mutual force", "war")}
    five = ("challenger backs down", "stalemate", "settlement", "target yields", "war")
    assert set(model_files()) == {f"{kind}-{name}" for kind in ("linear", "tight")
                                  for name in ("mid", "icb", "rungs")}
    for name in model_files():
        one = read_model(name)
        assert one.name == name and one.endings == endings.get(one.entry.table, five)
        assert not one.private


def test_the_file_of_the_how_to_is_a_model():
    page = (ROOT / "docs/how-to/write-a-model-file.md").read_text(encoding="utf-8")
    text = page.partition("```text deterrence.yaml\n")[2].partition("```")[0]
    one = reads_model(text)
    assert one.coefficients.count("deterrence") == 1 and "nuclear_target" in one.covariates


def test_a_search_that_meets_no_number_is_no_maximum():
    """A cost of war of exp(800) is no number, so nothing was estimated."""
    far = reads_model(written("war.cost: {link: log, terms: [cap]}",
                              more="priors: {war.cost: {mean: 800, sd: 0.001}}\n"))
    rows = pd.DataFrame({"cap": [0.0, 1.0, 0.5], "ending": ["war", "war", "stalemate"]})
    with pytest.raises(SolveError, match="no search for the coefficients of trial"):
        far.fit(rows, starts=2)


@pytest.fixture(scope="module")
def weighed():
    return reads_model(written(NUMBERS, UTILITIES, more="weights: share\n"))


def test_weights_of_1_change_nothing(model, weighed):
    """The same sums in the same order, so the searches take the same steps."""
    rows = table(60, model.endings)
    plain = model.fit(rows, starts=1)
    found = weighed.fit(rows.assign(share=1.0), starts=1)
    assert found.value == pytest.approx(plain.value, rel=1e-9, abs=1e-9)  # rounding
    assert found.se == pytest.approx(plain.se, rel=1e-6)  # second differences of rounded numbers


def test_weight_2_is_the_row_twice_and_weight_0_no_row(model, weighed):
    rows = table(60, model.endings).assign(share=np.arange(60) % 3)
    twice = rows.loc[rows.index.repeat(rows["share"])]
    posterior, theta = at(model, twice)
    found = weighed.fit(rows, starts=1)
    here = found.posterior
    assert here.value(theta)[0] == pytest.approx(posterior.value(theta)[0], rel=1e-11)  # rounding
    assert here.value(theta)[1] == pytest.approx(posterior.value(theta)[1], rel=1e-9, abs=1e-9)
    other = model.fit(twice, starts=1)
    # Both end where a derivative per standard deviation of a prior is below 1e-7 per row, and the
    # log posterior has a curvature of 1 or more in these units.
    assert found.converged and other.converged
    assert found.level == pytest.approx(other.level, abs=1e-6)
    assert found.loglik == pytest.approx(other.loglik, abs=1e-3)
    assert found.value / model.sd == pytest.approx(other.value / model.sd, abs=1e-3)
    assert found.forecast(rows) == pytest.approx(other.forecast(rows), abs=1e-3)


def test_wrong_weights_are_refused(weighed):
    rows = table(6, weighed.endings)
    for bad, says in (
        (rows.assign(shares=1.0), "no column of weights 'share'.*did you mean 'shares'"),
        (rows.assign(share=[1, 1, -1, 1, 1, 1]), "the weight in row 2 is negative"),
        (rows.assign(share=0.0), "all weights are 0"),
        (rows.assign(share=np.nan), "missing or infinite in row 0"),
    ):
        with pytest.raises(InputError, match=says):
            weighed.fit(bad)


@pytest.mark.parametrize("reads", [read_model, sources])
def test_a_model_file_that_does_not_exist_is_told_the_shipped_ones(reads):
    with pytest.raises(InputError, match="no shipped model file has that name") as caught:
        reads("tight-ibc")
    assert all(name in str(caught.value) for name in model_files())
    assert caught.value.nearest == "tight-icb"
