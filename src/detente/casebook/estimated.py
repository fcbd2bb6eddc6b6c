"""The numbers of a crisis, estimated on the crises of all other pairs of states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from detente.casebook.templates import model

if TYPE_CHECKING:
    from detente.history.modelfiles.estimate import Estimate

__all__ = ["DRAWS", "STARTS", "Estimated", "draws_text", "estimated", "outwards"]

DRAWS = 64
"""Joint draws of the posterior that stand beside a file."""
STARTS = 2
"""Searches: one from the prior means with `BEGIN` in their place, one from a point around them."""
BEGIN = {"war.cost.challenger": 5.0}
"""Where the first search begins. The posterior has a second, lower maximum with a small cost of war
to the challenger, which searches from the prior means reach more often than the higher one."""
ENDS = (0.05, 0.5, 0.95)
LINKS = {"log": "exp", "logit": "1/(1 + exp(-x)), x = ", "identity": ""}


@dataclass(frozen=True)
class Estimated:
    """Estimated numbers of one crisis.

    Attributes
    ----------
    draws : DataFrame
        One row per joint draw, one column per path of the template.
    formulas : dict from path to str
        The formula of each number, with the covariates at their values.
    crises : int
        Crises that the estimate uses.
    trouble : str or None
        What is doubtful about the estimate.
    """

    draws: pd.DataFrame
    formulas: dict[str, str]
    crises: int
    trouble: str | None

    def range(self, path: str) -> tuple[float, float, float]:
        """Return the 5 % quantile, the median and the 95 % quantile; the ends rounded outwards."""
        low, middle, high = np.quantile(self.draws[path], ENDS)
        return outwards(low, -1), float(f"{middle:.3g}"), outwards(high, 1)


def outwards(value: float, way: int) -> float:
    """Round to three digits, down if ``way`` is -1 and up if it is 1.

    Examples
    --------
    >>> outwards(0.12341, -1), outwards(0.12341, 1), outwards(5.0, 1)
    (0.123, 0.124, 5.0)
    """
    if value == 0.0:
        return 0.0
    digits = 2 - int(np.floor(np.log10(abs(value))))
    scaled = value * 10.0**digits
    near = round(scaled)
    if abs(near - scaled) > 1e-9 * abs(scaled):
        near = int(np.floor(scaled)) if way < 0 else int(np.ceil(scaled))
    return round(near / 10.0**digits, max(digits, 0))


def estimated(
    template: str, table: pd.DataFrame, row: pd.DataFrame, *, coded: Sequence[str] = (),
    seed: int = 0,
) -> Estimated:
    """Estimate the numbers of one crisis.

    Parameters
    ----------
    template
        The template whose tree is estimated.
    table
        The crises to estimate on; the pair of the crisis must not be among them.
    row
        One row: the covariates of the crisis.
    coded
        Covariates coded with hindsight that are used too.
    seed
        Seed of the search and of the draws.
    """
    from detente.history.modelfiles.fit import fit

    of = model(template, coded)
    near = of.mean.copy()
    for path, value in BEGIN.items():
        near[of.coefficients.index(path)] = np.log(value)
    found = fit(of, table, seed=seed, starts=STARTS, near=near)
    here = row.iloc[0]
    # Cholesky's factor is unique; eigenvectors may change their sign with the library.
    z = np.random.default_rng(seed).normal(size=(DRAWS, len(found.value)))
    numbers = found.numbers(here, found.value + z @ np.linalg.cholesky(found.laplace).T)
    known = of.compiled.graph.rules.numbers
    # The bounds of the crisis file also hold for draws, such as a chance between 0 and 1.
    inside = {p: np.clip(v, known[p].least, known[p].most) for p, v in numbers.items()}
    return Estimated(
        pd.DataFrame(inside), _formulas(found, here), len(table), found.trouble)


def _formulas(found: Estimate, row: pd.Series[float]) -> dict[str, str]:
    """Return the formula of each number at the maximum of the posterior, in units of the table."""
    of, scaling = found.model, found.scaling
    matrix = np.zeros((len(of.indices.names), 1 + len(scaling.names)))
    np.add.at(matrix, (of.indices.index, of.indices.column), found.value[of.indices.coefficient])
    slopes = matrix[:, 1:] / scaling.sd
    constants = matrix[:, 0] + of.indices.offset - slopes @ scaling.mean
    out = {}
    for k, (path, kind) in enumerate(of.links.items()):
        used = [c for c in range(len(scaling.names)) if matrix[k, 1 + c]]
        terms = "".join(f" {slopes[k, c]:+.3g}*{scaling.names[c]}" for c in used)
        at = ", ".join(f"{scaling.names[c]} = {float(row[scaling.names[c]]):.3g}" for c in used)
        out[path] = f"{LINKS[kind]}({constants[k]:.3g}{terms})" + (f" with {at}" if at else "")
    return out


def draws_text(draws: pd.DataFrame) -> str:
    """Return joint draws as the text of a CSV file, with five digits."""
    return draws.to_csv(index=False, float_format="%.5g", lineterminator="\n")
