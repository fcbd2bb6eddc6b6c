"""Test where a game may add something to a forecast: rungs, contiguous pairs and rivals.

    python -m estimates.signals [--fetch]

Two questions, on ten folds of whole pairs. (1) Rungs: does the logit gain more from a game's
probabilities as features than from those of `theory`, which has the same covariates, exclusions and
shrinkage and no game? The features of a training row come from inner folds, so that they are out of
sample as those of a test row are. (2) Does a game beat `theory` among pairs that touch or were
rivals, where bargaining theory should fit best? Every gain is a difference of mean log scores with
a 95 % interval of a bootstrap over pairs of states.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import pandas as pd

from detente.arrays import Floats, Ints
from detente.cases.modelfile import read_model
from detente.history import crises
from detente.history.modelfiles.model import ModelFile
from detente.history.modelfiles.theory import fit_theory

FOLDS, INNER, REPLICATIONS = 10, 4, 2000
RIDGE = 0.03
"""scikit-learn's C of every logit here, as on the board."""
Forecast = Callable[[pd.DataFrame, pd.DataFrame], Floats]


def folds(rows: pd.DataFrame, count: int, seed: int) -> Ints:
    """Return the fold of each row; a pair of states is never split."""
    pairs = sorted(rows["pair"].unique())
    of = dict(zip(pairs, np.random.default_rng(seed).permutation(len(pairs)) % count, strict=True))
    return np.array([of[p] for p in rows["pair"]])


def game(model: ModelFile, starts: int = 5) -> Forecast:
    """Return the forecast of a model file."""
    return lambda train, test: model.fit(train, starts=starts).forecast(test)


def theory(model: ModelFile) -> Forecast:
    """Return the forecast of its covariates without the game."""
    return lambda train, test: fit_theory(model, train).forecast(test)


def logit(names: list[str], endings: tuple[str, ...]) -> Forecast:
    """Return the forecast of a ridge logit on some columns."""
    from sklearn.linear_model import LogisticRegression

    def forecast(train: pd.DataFrame, test: pd.DataFrame) -> Floats:
        x = train[names].to_numpy(dtype=float)
        mean, sd = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-12)
        fitted = LogisticRegression(C=RIDGE, max_iter=1000).fit((x - mean) / sd, train["ending"])
        p = fitted.predict_proba((test[names].to_numpy(dtype=float) - mean) / sd)
        out = np.full((len(test), len(endings)), 1e-6)
        out[:, [endings.index(e) for e in fitted.classes_]] = p
        return np.asarray(out / out.sum(axis=1, keepdims=True))

    return forecast


def with_features(
    names: list[str], endings: tuple[str, ...], forecast: Forecast, short: Forecast
) -> Forecast:
    """Return a logit that has the log probabilities of another forecast as further features.

    ``short`` is the same forecast with fewer searches, for the inner folds.
    """
    added = [f"log p {end}" for end in endings]

    def both(train: pd.DataFrame, test: pd.DataFrame) -> Floats:
        inner, inside = folds(train, INNER, 1), np.zeros((len(train), len(endings)))
        for k in range(INNER):
            inside[inner == k] = short(train[inner != k], train[inner == k])
        outside = forecast(train, test)

        def joined(rows: pd.DataFrame, p: Floats) -> pd.DataFrame:
            logs = pd.DataFrame(np.log(np.maximum(p, 1e-9)), columns=added, index=rows.index)
            return pd.concat([rows, logs], axis=1)

        return logit([*names, *added], endings)(joined(train, inside), joined(test, outside))

    return both


def scores(rows: pd.DataFrame, endings: tuple[str, ...], forecast: Forecast) -> Floats:
    """Return the log score of each row when its fold is left out."""
    fold = folds(rows, FOLDS, 0)
    codes = np.array([endings.index(e) for e in rows["ending"]])
    out = np.zeros(len(rows))
    for k in range(FOLDS):
        test = fold == k
        middle = rows[~test].median(numeric_only=True).to_dict()  # a test row is not to be known
        p = forecast(rows[~test].fillna(middle), rows[test].fillna(middle))
        out[test] = np.log(np.maximum(p[np.arange(test.sum()), codes[test]], 1e-12))
    return out


def gain(difference: Floats, pairs: pd.Series[str]) -> tuple[float, float, float]:
    """Return the mean difference and its 95 % interval; whole pairs are drawn."""
    code, names = pd.factorize(pairs)
    total = np.bincount(code, weights=difference)
    size = np.bincount(code)
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(names), size=(REPLICATIONS, len(names)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    return (float(difference.mean()), *map(float, np.quantile(means, [0.025, 0.975])))


def line(name: str, difference: Floats, pairs: pd.Series[str]) -> str:
    """Return a gain in words."""
    centre, low, high = gain(difference, pairs)
    return f"  {name}: {centre:+.4f} [{low:+.4f}, {high:+.4f}], {len(difference)} crises"


def rungs() -> None:
    """Print the gains of the logit on rungs from a game's and from theory's probabilities."""
    table = crises("rungs", filled=False)
    rows, names = table.rows.reset_index(drop=True), list(table.features)
    model = read_model("linear-rungs")
    ends = model.endings
    found = {
        "logit": scores(rows, ends, logit(names, ends)),
        "game alone": scores(rows, ends, game(model)),
        "theory alone": scores(rows, ends, theory(model)),
        "logit with the game's probabilities":
            scores(rows, ends, with_features(names, ends, game(model), game(model, 2))),
        "logit with theory's probabilities":
            scores(rows, ends, with_features(names, ends, theory(model), theory(model))),
    }
    print("rungs: mean log score")
    for name, one in found.items():
        print(f"  {name}: {one.mean():.4f}")
    print("rungs: gains")
    values = dict(found)
    for better, base in (
        ("game alone", "theory alone"), ("game alone", "logit"),
        ("logit with the game's probabilities", "logit"),
        ("logit with theory's probabilities", "logit"),
        ("logit with the game's probabilities", "logit with theory's probabilities"),
    ):
        print(line(f"{better} over {base}", values[better] - values[base], rows["pair"]))


def subsets() -> None:
    """Print a game's gain over theory among contiguous pairs, rivals and the others."""
    for name in ("mid", "icb", "rungs"):
        table = crises(name, filled=False)
        rows = table.rows.reset_index(drop=True)
        model = read_model(f"linear-{name}")
        ends = model.endings
        difference = scores(rows, ends, game(model)) - scores(rows, ends, theory(model))
        print(f"{name}: gain of the game over theory")
        near, rivals = rows["contiguous"] == 1, rows["rivalry"] == 1
        for words, inside in (("all pairs", near | True), ("contiguous", near), ("rivals", rivals),
                              ("contiguous or rivals", near | rivals),
                              ("neither", ~(near | rivals))):
            print(line(words, difference[inside.to_numpy()], rows["pair"][inside]))


def main() -> None:
    """Print both studies."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fetch", action="store_true", help="download the data sets first")
    if parser.parse_args().fetch:
        from estimates.precision import fetch_all

        fetch_all()
    subsets()
    rungs()


if __name__ == "__main__":
    main()
