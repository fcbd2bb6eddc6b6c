"""All results of positional bargaining for one table of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.lenses.positions.bands import Band, Noise, bands
from detente.lenses.positions.expected_utility import Round, expected_utility
from detente.lenses.positions.influence import (
    Coalition,
    Trade,
    effects,
    shifting_coalitions,
    trades,
)
from detente.lenses.positions.positions import Positions
from detente.version import __version__

__all__ = ["Findings", "answer", "find", "show"]


@dataclass(frozen=True)
class Findings:
    """All results for one table of positions.

    Attributes
    ----------
    table : Positions
    bands : tuple of Band
    models : tuple of str
    rounds : dict of (issue, variant) -> rounds of the expected utility model
    coalitions : dict of issue -> coalitions that would bring the forecast to the target
    target : float or None
    trades : tuple of Trade or None
        None if there are too many possible trades.
    seed, samples : int
    noise : Noise
    path, sha256, name : str
    """

    table: Positions
    bands: tuple[Band, ...]
    models: tuple[str, ...]
    rounds: dict[tuple[str, str], list[Round]]
    coalitions: dict[str, list[Coalition]]
    target: float | None
    trades: tuple[Trade, ...] | None
    seed: int
    samples: int
    noise: Noise
    path: str
    sha256: str
    name: str

    def as_dict(self) -> dict[str, Any]:
        """Return one JSON-ready document."""
        table, moved = self.table, effects(self.table)
        return {
            "positions": self.name,
            "file": self.path,
            "file_sha256": self.sha256,
            "version": __version__,
            "seed": self.seed,
            "samples": self.samples,
            "noise": vars(self.noise),
            "default_model": self.models[0],
            "actors": [{"id": a, "name": table.title(a)} for a in table.actors],
            "issues": [
                {
                    "id": i,
                    "name": table.title(i),
                    "low": table.low[k],
                    "high": table.high[k],
                    "reference": _number(table.reference[k]),
                }
                for k, i in enumerate(table.issues)
            ],
            "forecasts": [
                {
                    "issue": b.issue,
                    "model": b.model,
                    "forecast": b.centre,
                    "low": b.low,
                    "median": b.median,
                    "high": b.high,
                }
                for b in self.bands
            ],
            "influence": [
                {
                    "issue": i,
                    "actor": a,
                    "by_position": moved.position[j, k],
                    "by_salience": moved.salience[j, k],
                    "by_capability": moved.capability[j, k],
                    "without": _number(moved.absent[j, k]),
                }
                for k, i in enumerate(table.issues)
                for j, a in enumerate(table.actors)
                if table.here[j, k]
            ],
            "coalitions": [
                {
                    "issue": i,
                    "target": self.target,
                    "members": list(c.members),
                    "position": c.position,
                    "cost": c.cost,
                }
                for i, found in self.coalitions.items()
                for c in found
            ],
            "trades": None if self.trades is None else [vars(t) for t in self.trades],
            "expected_utility": [
                {
                    "issue": issue,
                    "variant": variant,
                    "rounds": [_round(table, issue, r) for r in rr],
                }
                for (issue, variant), rr in self.rounds.items()
            ],
            "columns": table.read_as,
            "notes": list(table.notes),
        }


def find(
    table: Positions,
    *,
    models: tuple[str, ...],
    issue: str | None = None,
    target: float | None = None,
    samples: int = 500,
    seed: int = 0,
    noise: Noise | None = None,
    rounds: int = 10,
    internals: bool = False,
    path: str = "",
    sha256: str = "",
    name: str = "",
    progress: Any = None,
) -> Findings:
    """Compute the results for a table, or for one of its issues.

    Parameters
    ----------
    table
        Positions.
    models
        Forecast models; the first is the main one.
    issue
        Restrict the results to this issue.
    target
        Forecast for which coalitions are listed. Needs one issue.
    internals
        Whether to keep the rounds of the expected utility model.
    """
    if issue is not None:
        table = table.issue(issue)
    noise = noise or Noise()
    found = bands(
        table, models, samples=samples, seed=seed, noise=noise, rounds=rounds, progress=progress
    )
    coalitions: dict[str, list[Coalition]] = {}
    if target is not None:
        if len(table.issues) != 1:
            raise InputError("a target needs one issue", expected="--issue NAME with --target")
        coalitions[table.issues[0]] = shifting_coalitions(table, 0, target)
    played: dict[tuple[str, str], list[Round]] = {}
    if internals:
        for i in table.issues[:20]:
            for denominator, ranking in (("pair", "movement"), ("all", "published")):
                played[i, denominator] = expected_utility(
                    table, i, denominator=denominator, ranking=ranking, rounds=rounds
                )
    swaps: tuple[Trade, ...] | None = None
    if len(table.issues) > 1:
        try:
            swaps = tuple(trades(table))
        except InputError:
            swaps = None
    return Findings(
        table,
        tuple(found),
        models,
        played,
        coalitions,
        target,
        swaps,
        seed,
        samples,
        noise,
        path,
        sha256,
        name,
    )


def answer(found: Findings) -> str:
    """Return the main result in one sentence, with its band and its model."""
    first = [b for b in found.bands if b.model == found.models[0]]
    said = [
        f"{found.table.title(b.issue)} {show(b.centre)} ({show(b.low)}–{show(b.high)})"
        for b in first[:4]
    ]
    more = f"; {len(first) - 4} more issues in the table" if len(first) > 4 else ""
    return f"By the {found.models[0]} model: " + "; ".join(said) + more + "."


def _round(table: Positions, issue: str, r: Round) -> dict[str, Any]:
    actors = table.issue(issue).actors
    return {
        "median": r.median,
        "mean": r.mean,
        "actors": [
            {
                "actor": a,
                "position": r.position[k],
                "danger": r.danger[k],
                "risk_exponent": r.risk_exponent[k],
            }
            for k, a in enumerate(actors)
        ],
        "offers": [
            {"to": actors[o.to], "by": actors[o.by], "kind": o.kind, "position": o.position}
            for o in r.offers
        ],
        "win_probability": r.win.tolist(),
        "expected_utility": r.utility.tolist(),
        "expected_utility_feared": r.feared.tolist(),
    }


def _number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


def show(x: float | None) -> str:
    """Format a number with its significant digits."""
    if x is None or np.isnan(x):
        return "–"
    text = f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"
    return text.replace("-", "−")
