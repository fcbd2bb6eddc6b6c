"""A small table of crises whose law is known, and the published tables where they are."""

import numpy as np
import pandas as pd
import pytest

from detente.history.outcomes.table import Crises, Feature
from tests.history.conftest import load, raw  # noqa: F401 - fixtures

ENDINGS = ("back", "talk", "war")


def made(n=400, seed=1, pairs=40) -> Crises:
    """Return crises whose ending follows a logit in one feature; another feature is noise."""
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=n), rng.normal(size=n)
    year = rng.integers(1880, 1960, n)
    p = np.exp(np.outer(x, [0.0, 0.7, 1.5]) - np.array([0.0, 0.0, 1.0]))
    p /= p.sum(axis=1, keepdims=True)
    y = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    one = rng.integers(0, pairs, n)
    rows = pd.DataFrame({
        "crisis": np.arange(n), "year": year, "pair": [f"{k}-{k + 100}" for k in one],
        "challenger": one, "target": one + 100, "ending": [ENDINGS[k] for k in y],
        "x": x, "noise": noise, "time": (year - 1900) / 100, "post_1945": (year > 1945) * 1.0,
    })
    about = {f: Feature(f, f, "coded" if f == "noise" else "before", "made")
             for f in ("x", "noise", "time", "post_1945")}
    return Crises("made", ENDINGS, about, rows)


@pytest.fixture(scope="session")
def toy() -> Crises:
    return made()
