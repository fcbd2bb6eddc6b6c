"""The control of a game: the same covariates and exclusions in a ridge multinomial."""

import numpy as np
import pandas as pd
import pytest

from detente.cases.modelfile import reads_model
from detente.history.modelfiles.theory import fit_theory, touched
from tests.history.test_modelfiles import NUMBERS, UTILITIES, table, written


@pytest.fixture(scope="module")
def model():
    return reads_model(written(NUMBERS, UTILITIES))


def test_a_covariate_enters_the_endings_that_its_numbers_touch(model):
    """By hand, from the tree: costs of war touch war; the precision all but the status quo."""
    one = reads_model(written("""
        war.cost: {link: log, terms: [cap]}
        habits.yield: {link: log, terms: [nuclear]}
        habits.lapse: {link: log, terms: [late]}
    """))
    ends = list(one.endings)
    found = {name: {ends[j] for j in np.flatnonzero(row)}
             for name, row in zip(one.covariates, touched(one), strict=True)}
    assert found == {"cap": {"war"}, "nuclear": {"challenger backs down", "target yields"},
                     "late": {"stalemate"}}


def test_without_covariates_it_gives_the_shares(model):
    """Wide intercepts and no terms: the maximum of the multinomial likelihood is the shares."""
    plain = reads_model(written("war.cost: {link: log}",
                                more="shrinkage: {terms: 1, intercepts: 1000}\n"))
    rows = table(400, plain.endings)
    found = fit_theory(plain, rows).forecast(rows)
    shares = rows["ending"].value_counts(normalize=True)[list(plain.endings)]
    assert found[0] == pytest.approx(shares.to_numpy(), abs=1e-5)  # the prior's pull, 1e-6


def test_it_is_statsmodels_without_exclusions_and_shrinkage():
    """All covariates in all endings, nearly flat priors: maximum likelihood of MNLogit."""
    smf = pytest.importorskip("statsmodels.api")
    free = reads_model(written("precision: {link: log}", "{" + ", ".join(
        f"target at {end}: {{terms: [cap, nuclear]}}" for end in (
            "war", "stalemate", "settlement", "target yields", "challenger backs down")) + "}",
        more="shrinkage: {terms: 300, intercepts: 300}\n"))
    rows = table(300, free.endings)
    mine = fit_theory(free, rows).forecast(rows)
    codes = pd.Categorical(rows["ending"], categories=list(free.endings)).codes
    fit = smf.MNLogit(codes, smf.add_constant(rows[["cap", "nuclear"]])).fit(disp=0)
    assert mine == pytest.approx(np.asarray(fit.predict()), abs=1e-4)  # the prior's pull


def test_weights_count_rows():
    """Weights of 1 change nothing; weight 2 is the row twice, and weight 0 no row."""
    plain = reads_model(written(NUMBERS, UTILITIES))
    weighed = reads_model(written(NUMBERS, UTILITIES, more="weights: share\n"))
    rows = table(120, plain.endings).assign(share=1.0)
    # The searches stop at derivatives of 1e-8 per row or gains of 1e-13, and the curvature per
    # standard deviation of a prior is 1 or more.
    assert fit_theory(weighed, rows).value == pytest.approx(fit_theory(plain, rows).value, abs=1e-4)
    rows["share"] = np.arange(120) % 3
    twice = rows.loc[rows.index.repeat(rows["share"])]
    assert fit_theory(weighed, rows).value == pytest.approx(
        fit_theory(plain, twice).value, abs=1e-4)
