"""The forecasters `game` and `theory` on a small table of made-up crises."""

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from detente.backtest.registry import find, lineup
from detente.errors import InputError
from detente.history.outcomes.table import Crises, Feature

ENDS = ("war", "target yields", "settlement", "stalemate", "challenger backs down")


@pytest.fixture(scope="module")
def small():
    """Crises whose endings follow time alone, with few of the covariates of the models."""
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"crisis": range(120), "year": 1900 + np.arange(120), "challenger": 2,
                         "target": rng.integers(100, 120, size=120)})
    rows["pair"] = "2-" + rows["target"].astype(str)
    rows["time"], rows["capability"] = (rows["year"] - 1900) / 100, rng.normal(size=120)
    late = rng.random(120) < rows["time"]
    rows["ending"] = np.where(late, "stalemate", rng.choice(ENDS, size=120))
    features = {n: Feature(n, n, "before", "none") for n in ("time", "capability")}
    return Crises("small", ENDS, features, rows)


@pytest.mark.parametrize("name", ["game:linear-mid", "theory:linear-mid", "game:tight-icb"])
def test_forecasts_are_probabilities_in_the_table_s_order(small, name):
    fitted = find(name).fit(small, seed=0)
    p = fitted.forecast(small.with_rows(small.rows.drop(columns="ending")))
    assert p.shape == (120, 5) and (p > 0).all() and np.allclose(p.sum(axis=1), 1.0)
    # Stalemates become likelier with time: the column is that of the table, not of the file.
    k = ENDS.index("stalemate")
    assert p[-30:, k].mean() > p[:30, k].mean() + 0.1
    assert fitted.trouble is None and not any("nuclear" in c for c in fitted.params)


def test_theory_runs_beside_every_game():
    assert "theory:linear-mid" in lineup(["game:linear-mid"])


def test_wrong_models_are_refused(small):
    for name in ("game:", "theory:liner-mid", "game:absent.yaml"):
        with pytest.raises(InputError):
            find(name)
    with pytest.raises(InputError, match="the model linear-rungs has the endings"):
        find("game:linear-rungs").fit(small, seed=0)


def test_a_misspelt_covariate_is_named(small, tmp_path):
    shipped = (files("detente.history.modelfiles") / "shipped" / "linear-icb.yaml").read_text()
    assert "post_1945" in shipped
    (tmp_path / "mine.yaml").write_text(shipped.replace("post_1945", "post_1946"))
    with pytest.raises(InputError, match=r"no table has a feature 'post_1946'.*post_1945"):
        find(f"game:{tmp_path / 'mine.yaml'}").fit(small, seed=0)
