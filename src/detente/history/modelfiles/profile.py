"""The profile of the posterior over one coefficient, such as the log of lambda."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest, one_of
from detente.history.modelfiles.estimate import Estimate
from detente.history.modelfiles.fit import fit

__all__ = ["profile"]


def profile(
    estimate: Estimate, name: str, values: Iterable[float], starts: int = 1
) -> pd.DataFrame:
    """Return the highest log posterior and log likelihood at values of one coefficient.

    For the precision lambda, the coefficient is the intercept of the number ``precision``, the
    log of lambda.

    Raises
    ------
    InputError
        The model has no such coefficient.
    """
    known = estimate.model.coefficients
    if name not in known:
        raise InputError(f"the model has no coefficient {name!r}", expected=one_of(name, known),
                         nearest=nearest(name, known))
    at = sorted(map(float, values))
    centre = int(np.argmin([abs(v - estimate.params[name]) for v in at]))
    found: dict[int, Estimate] = {}
    up, down = range(centre, len(at)), range(centre - 1, -1, -1)
    # Outward from the estimate, then inward from the ends: neighbours may lie on other maxima.
    for order in (up, down, up[::-1], down[::-1]):
        near = found[order[0]].value if order and order[0] in found else estimate.value
        for k in order:
            one = fit(estimate.model, estimate.rows, seed=estimate.seed, starts=starts,
                      fixed={name: at[k]}, near=near)
            if k not in found or one.level > found[k].level:
                found[k] = one
            near = found[k].value
    return pd.DataFrame({
        name: at, "log_posterior": [found[k].level for k in range(len(at))],
        "log_likelihood": [found[k].loglik for k in range(len(at))],
    })
