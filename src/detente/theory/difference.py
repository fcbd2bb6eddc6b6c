"""The difference between the closed form of a model and the solver's answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detente.errors import SizeError, SolveError
from detente.theory.parts import ModelSolution

if TYPE_CHECKING:
    from detente.theory.base import Model

__all__ = ["beside", "convergence", "finite", "within"]

LEVELS = 3
"""Precisions at which convergence is measured; each is twice the one before."""


def beside(model: Model, *, grid: int | None, lam: float | None, given: dict[str, float]
           ) -> tuple[dict[str, Any], ModelSolution]:
    """Return the closed form beside the solver's answer, and the solution; see `Model.compare`."""
    if lam is not None and any(p.name == "lam" for p in model.parameters):
        given["lam"] = lam
    form = model.closed_form(**given)
    usual = model.at(**given)
    try:
        solved = model.solver(**{"grid": grid, "lam": lam, **given})  # type: ignore[arg-type]
    except (SizeError, SolveError) as error:  # the closed form still holds
        note = f"the game was not solved: {error}"
        solved = ModelSolution({}, {"certified": False, "note": note},
                               grid=usual[0] if grid is None else grid,
                               lam=usual[1] if lam is None else lam)
    rows = []
    for name, exact in form.items():
        found = solved.values.get(name)
        rows.append({
            "quantity": name, "closed_form": finite(exact), "solver": finite(found),
            "difference": finite(None if found is None else found - exact),
        })
    rows += [
        {"quantity": name, "closed_form": None, "solver": finite(found), "difference": None}
        for name, found in solved.values.items() if name not in form
    ]
    return {
        "model": model.name, "number": model.number, "title": model.title,
        "citation": model.citation, "claim": model.claim, "parameters": model.values(**given),
        "grid": solved.grid, "lambda": given.get("lam", solved.lam),
        "rows": rows, "certificate": solved.certificate, "accuracy": model.accuracy,
        "within_accuracy": within(rows, model.accuracy),
        "about": " ".join(filter(None, (model.note, _remark(model, usual, solved, rows)))),
    }, solved


def _remark(model: Model, usual: tuple[int, float], solved: ModelSolution,
            rows: list[dict[str, Any]]) -> str:
    """Return what a reader must know of the grid, the precision and the difference."""
    said = []
    if solved.certified and (solved.grid, solved.lam) in model.rungs_below(usual):
        said.append(f"Grid {usual[0]} and lambda {usual[1]:g} could not be certified at these "
                    f"parameters, so that grid {solved.grid} and lambda {solved.lam:g} are "
                    "used.")
    if within(rows, model.accuracy) is False:
        said.append(f"At these parameters the largest difference exceeds {model.accuracy:g}, "
                    "the accuracy stated for the default parameters.")
    return " ".join(said)


def convergence(model: Model, *, grid: int | None, lam: float | None, given: dict[str, float]
                ) -> list[dict[str, Any]]:
    """Measure the difference from the closed form at rising precision; see `Model.convergence`."""
    if model.rate.kind == "exact":
        return []
    usual = model.at(**given)
    finest = usual[0] if grid is None else grid
    highest = usual[1] if lam is None else lam
    exact = model.closed_form(**given)
    found = []
    for k in range(LEVELS - 1, -1, -1):
        points = max(2, finest // 2 ** k) if model.rate.along else finest
        precision = highest / 2 ** k
        try:
            solved = model.solver(grid=points, lam=precision, **given)
        except (SizeError, SolveError):
            continue
        apart = [abs(solved.values[q] - x) for q, x in exact.items()
                 if q in solved.values and math.isfinite(x)]
        found.append({
            "grid": points, "lambda": precision,
            "largest_difference": finite(max(apart)) if apart else None,
            "certified": solved.certified})
    return found


def within(rows: list[dict[str, Any]], accuracy: float) -> bool | None:
    """Return whether all differences are at most ``accuracy``; None if there are none.

    Examples
    --------
    >>> within([{"difference": -0.2}, {"difference": None}], 0.1)
    False
    """
    apart = [abs(row["difference"]) for row in rows if row["difference"] is not None]
    return max(apart) <= accuracy if apart else None


def finite(x: float | None) -> float | None:
    """Return a plain number, or None if it is not finite."""
    return float(x) if x is not None and math.isfinite(x) else None
