"""Concentration of power by year: the index of Ray and Singer and other measures.

Source: [ray-singer-1973].
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.history.read import load

__all__ = ["RENORMALISED", "concentration", "polarity"]

RENORMALISED = (
    "Shares are renormalised to sum to 1 within the group in each year (the published shares sum "
    "to more than 1, by up to 7 % before 1928 and up to 2 % since). The composite index does not "
    "show the position of the United States after 1990; its late rise is China's."
)


def concentration(shares: NDArray[np.float64]) -> float:
    """Return the concentration of [ray-singer-1973]: 0 for equal shares, 1 for a single holder.

    Parameters
    ----------
    shares
        (n,) shares of n > 1 states; renormalised to sum to 1.

    Examples
    --------
    >>> concentration(np.array([0.25, 0.25, 0.25, 0.25])), concentration(np.array([1.0, 0.0]))
    (0.0, 1.0)
    """
    s = np.asarray(shares, dtype=float)
    n = len(s)
    if n < 2 or s.sum() <= 0:
        return float("nan")
    s = s / s.sum()
    return float(np.sqrt(max(0.0, float((s**2).sum()) - 1.0 / n) / (1.0 - 1.0 / n)))


def polarity(group: str = "majors", folder: Path | None = None) -> pd.DataFrame:
    """Return measures of polarity for every year of the capability data.

    Parameters
    ----------
    group
        ``majors``: the major powers of the year; ``all``: every state.
    folder
        Folder of the downloaded files.

    Returns
    -------
    DataFrame
        year; states; concentration (Ray & Singer); effective (1 / sum of squared shares, the
        number of equal powers that would be as concentrated); first, second (shares); leader
        (COW number); sum_before (sum of the shares before renormalisation).
    """
    capability = load("cow-nmc", folder).dropna(subset=["cinc"])
    carried = ""
    if group == "majors":
        spells = load("cow-majors", folder)
        ends, last = int(spells.endyear.max()), int(capability.year.max())
        if last > ends:
            lasting = (spells.endyear == ends) & (spells.endmonth == 12) & (spells.endday == 31)
            spells["endyear"] = spells.endyear.mask(lasting, last)
            carried = (f" cow-majors ends in {ends}: the major powers at the end of {ends} are "
                       f"carried forward to {last}.")
        pairs = capability.merge(spells[["ccode", "styear", "endyear"]], on="ccode")
        capability = pairs[(pairs.year >= pairs.styear) & (pairs.year <= pairs.endyear)]
        capability = capability.drop_duplicates(["ccode", "year"])
    rows = []
    for year, now in capability.groupby("year"):
        s = now.cinc.to_numpy(dtype=float)
        total = float(s.sum())
        if len(s) < 2 or total <= 0:
            continue
        share = np.sort(s / total)[::-1]
        rows.append({
            "year": int(str(year)), "states": len(s), "concentration": concentration(s),
            "effective": 1.0 / float((share**2).sum()), "first": share[0], "second": share[1],
            "leader": int(now.ccode.iloc[int(np.argmax(s))]), "sum_before": total,
        })
    table = pd.DataFrame(rows)
    table.attrs["note"] = RENORMALISED + carried
    return table
