"""Calibrate the default habits: the base weights of the kinds of moves.

    python -m estimates.habits [--fetch]

The script builds one small crisis (the target moves first, two turns each, rungs threat and force,
then war, one offer, no private information) and finds the weights with which it ends, at lambda 0,
as recorded crises ended. It prints the weights for the crises of ICB and for the disputes of GML
MID, each with a bootstrap interval and with the shares that the calibrated model gives. At lambda 0
payoffs have no effect, so only the weights matter. It repeats this by era and tests whether the
eras differ. This is a calibration, not a causal estimate:
other weights of other trees could give the same shares.

Coding. ICB: the first actor of a crisis is the target, its source of threat the challenger. War: a
side's violence is full-scale war. Settlement: a side's outcome is a compromise. The challenger
backs down: the target's outcome is victory. The target yields: its outcome is defeat, or the
challenger's is victory. Otherwise stalemate. A side used force if its violence was minor or serious
clashes. GML MID: war: hostility level 5. Settlement: outcome compromise, or a negotiated
settlement. The target yields: outcome 1 or 4. The challenger backs down: outcome 2 or 3. Otherwise
stalemate. Force: hostility level 4, mutual if the dispute is reciprocated.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import chi2

from detente.arrays import Floats
from detente.cases import loads
from detente.game.compile import compile_scenario
from detente.history.read import load
from detente.history.store import fetch, held

OUTCOMES = ("war", "settlement", "target concedes", "challenger concedes", "status quo")
ERAS = (("before 1900", 0, 1899), ("1900-1945", 1900, 1945), ("1946-1990", 1946, 1990),
        ("after 1990", 1991, 9999))
FEWEST = 30
"""Rows of an era for which weights are calibrated."""
FREE = ("escalate", "offer", "accept", "yield", "attack")
"""Weights to find; those of `hold` and `lapse`, which both do nothing, are 1."""
CASE = """
crisis: recorded
title: A recorded crisis
actors:
  target: {role: principal}
  challenger: {role: principal}
stake: {name: the stake, first: challenger, status_quo: 0.0}
turns: {first: target, each: 2}
delay_cost: 0.01
ladder: [threat, force, war]
war: {win_chance: 0.5, cost: 0.2}
offers: {shares: [0.5], each: 1}
habits: {hold: 1, lapse: 1, escalate: 1, offer: 1, accept: 1, yield: 1, attack: 1}
"""


class Model:
    """Probability of each cell (outcome, sides that used force) at lambda 0."""

    def __init__(self) -> None:
        self.compiled = compile_scenario(loads(CASE))
        tree = self.compiled.tree
        self.columns = [self.compiled.paths.index(f"habits.{kind}") for kind in FREE]
        names = [str(kind) for kind in tree.outcome_kinds]
        order = [OUTCOMES.index(n.replace("yields", "concedes")) for n in names]
        climbed = np.array([
            len({act.actor for act in tree.history(int(leaf)) if act.verb == "escalate"})
            for leaf in tree.leaves
        ])
        self.cell = np.array([order[k] for k in tree.outcome]) * 3 + climbed

    def shares(self, log_weights: Floats) -> Floats:
        """Return the probability of every cell, (5, 3); wars are not split by force."""
        theta = self.compiled.centre.copy()
        theta[self.columns] = np.exp(log_weights)
        tree = self.compiled.tree
        q = self.compiled.numbers(theta).weight[:, 0].copy()
        reach = np.ones(tree.n_nodes)
        for d in range(1, len(tree.level) - 1):
            a, b = tree.level[d], tree.level[d + 1]
            reach[a:b] = reach[tree.parent[a:b]] * q[a:b]
        cells = np.bincount(self.cell, weights=reach[tree.leaves], minlength=15).reshape(5, 3)
        cells[0] = [cells[0].sum(), 0.0, 0.0]
        return np.asarray(cells)

    def fit(self, counts: Floats) -> Floats:
        """Return the log weights of greatest likelihood for counts of cells (5, 3)."""

        def cost(x: Floats) -> float:
            p = self.shares(x)
            # A weak prior (one standard deviation is a factor of 20) keeps small samples finite.
            return float(-(counts * np.log(np.maximum(p, 1e-300))).sum() + 0.5 * (x @ x) / 9.0)

        found = minimize(cost, np.log([0.2, 0.4, 0.6, 0.08, 0.04]), method="Nelder-Mead",
                         options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-8})
        polished = minimize(cost, found.x, method="BFGS")
        return np.asarray(polished.x if polished.fun <= found.fun else found.x)


def icb() -> Floats:
    """Return ICB's crises, one row each, (N, 3): outcome, sides that used force, year."""
    table = load("icb-actor")
    when = table["yrtrig"] * 10000 + table["motrig"].fillna(0) * 100 + table["datrig"].fillna(0)
    table = table.assign(when=when).sort_values(["crisno", "when"], kind="stable")
    rows = []
    for _, crisis in table.groupby("crisno", sort=True):
        target = crisis.iloc[0]
        if pd.isna(target["southv"]):
            continue
        sides = [target, *(
            side for _, side in crisis.iterrows() if side["cracid"] == target["southv"])][:2]
        outcomes = [side["outcom"] for side in sides]
        if any(side["viol"] == 4 for side in sides):
            outcome = 0
        elif 2 in outcomes:
            outcome = 1
        elif outcomes[0] == 1:
            outcome = 3
        elif outcomes[0] == 4 or outcomes[-1] == 1:
            outcome = 2
        else:
            outcome = 4
        rows.append((outcome, sum(side["viol"] in (2, 3) for side in sides),
                     int(target["yrtrig"])))
    return np.array(rows)


def mid() -> Floats:
    """Return GML's disputes, one row each, as `icb` does."""
    table = load("gml-disputes")
    table = table[table["outcome"].isin([1, 2, 3, 4, 5, 6, 7, 8])]
    level, ended, settled, replied, year = (
        table[name].fillna(-9).to_numpy(dtype=int)
        for name in ("hostlev", "outcome", "settle", "recip", "styear"))
    outcome = np.select(
        [level == 5, np.isin(ended, [1, 4]), np.isin(ended, [2, 3]),
         (ended == 6) | (settled == 1)],
        [0, 2, 3, 1], 4,
    )
    force = np.where(level == 4, 1 + (replied == 1), 0)
    return np.stack([outcome, force, year], axis=1)


def counted(rows: Floats) -> Floats:
    """Return counts of cells, (5, 3); wars are not split by force."""
    cells = np.zeros((5, 3))
    np.add.at(cells, (rows[:, 0], np.where(rows[:, 0] == 0, 0, rows[:, 1])), 1.0)
    return cells


def estimate(rows: Floats, replications: int, seed: int = 1962) -> Mapping[str, Floats]:
    """Return the weights (hold = 50), a 90 % bootstrap interval, and both sets of shares."""
    model, rng = Model(), np.random.default_rng(seed)
    best = model.fit(counted(rows))
    draws = np.array([
        model.fit(counted(rows[rng.integers(len(rows), size=len(rows))]))
        for _ in range(replications)
    ]).reshape(-1, len(FREE))
    ends = np.quantile(draws, [0.05, 0.95], axis=0) if replications else np.stack([best, best])
    data = counted(rows)
    return {
        "weights": 50 * np.exp(best), "low": 50 * np.exp(ends[0]), "high": 50 * np.exp(ends[1]),
        "data": data.sum(axis=1) / data.sum(), "model": model.shares(best).sum(axis=1),
        "force": (data / data.sum())[1:].sum(axis=0), "model_force": model.shares(best)[1:].sum(0),
    }


def by_era(rows: Floats, replications: int) -> list[tuple[str, int, Mapping[str, Floats]]]:
    """Return the calibration of each era with enough rows: its name, its rows, its weights."""
    found = []
    for name, first, last in ERAS:
        inside = rows[(rows[:, 2] >= first) & (rows[:, 2] <= last)]
        if len(inside) >= FEWEST:
            found.append((name, len(inside), estimate(inside, replications)))
    return found


def differ(rows: Floats) -> tuple[float, int, float]:
    """Return the likelihood ratio against equal weights in all eras, its freedom, and p.

    The weak prior of the weights is left out of the ratio.
    """
    model, total, groups = Model(), 0.0, 0
    for _, first, last in ERAS:
        inside = rows[(rows[:, 2] >= first) & (rows[:, 2] <= last)]
        if len(inside) >= FEWEST:
            groups += 1
            total += level(model, counted(inside), model.fit(counted(inside)))
    whole = counted(rows)
    ratio = 2.0 * (total - level(model, whole, model.fit(whole)))
    freedom = (groups - 1) * len(FREE)
    return ratio, freedom, float(chi2.sf(ratio, freedom))


def level(model: Model, counts: Floats, log_weights: Floats) -> float:
    """Return the log likelihood of counts of cells."""
    return float((counts * np.log(np.maximum(model.shares(log_weights), 1e-300))).sum())


def print_eras(rows: Floats, replications: int) -> None:
    """Print the weights by era, and whether the eras differ."""
    print("  by era: weight (90 % interval)")
    print(f"  {'':12} {'rows':>5} " + " ".join(f"{kind:>26}" for kind in FREE))
    for name, count, found in by_era(rows, replications):
        cells = (f"{found['weights'][k]:.2f} ({found['low'][k]:.2f} to {found['high'][k]:.2f})"
                 for k in range(len(FREE)))
        print(f"  {name:12} {count:5} " + " ".join(f"{cell:>26}" for cell in cells))
    ratio, freedom, p = differ(rows)
    print(f"  equal weights in all eras: likelihood ratio {ratio:.1f}, {freedom} degrees of "
          f"freedom, p {p:.2g}")


def main() -> None:
    """Print both calibrations, as a whole and by era."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fetch", action="store_true", help="download the two data sets first")
    parser.add_argument("--replications", type=int, default=100)
    asked = parser.parse_args()
    for name in ("icb-actor", "gml-disputes"):
        if asked.fetch and not held(name):
            fetch(name)
    for title, rows in (("ICB crises", icb()), ("GML MID disputes", mid())):
        found = estimate(rows, asked.replications)
        print(f"{title}: {len(rows)}")
        print(f"  {'kind':9} weight  90 % interval   (hold and lapse: 50)")
        for k, kind in enumerate(FREE):
            print(f"  {kind:9} {found['weights'][k]:6.2f}  {found['low'][k]:.2f} to "
                  f"{found['high'][k]:.2f}")
        print("  share of outcomes: data, model")
        for k, name in enumerate(OUTCOMES):
            print(f"    {name:20} {found['data'][k]:.3f} {found['model'][k]:.3f}")
        for k, name in enumerate(("no force", "one side uses force", "both use force")):
            print(f"    {name:20} {found['force'][k]:.3f} {found['model_force'][k]:.3f}")
        print_eras(rows, asked.replications)


if __name__ == "__main__":
    main()
