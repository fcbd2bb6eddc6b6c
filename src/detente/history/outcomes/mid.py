"""Militarized disputes as crises between the lead states of their two sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from detente.history.outcomes.known import BEFORE, known_before
from detente.history.outcomes.states import plain
from detente.history.outcomes.table import Crises, Feature
from detente.history.read import load

__all__ = ["CODED", "ENDINGS", "RUNGS", "table"]

ENDINGS = ("challenger backs down", "stalemate", "settlement", "target yields", "war")
RUNGS = ("no force", "one-sided force", "mutual force", "war")

CODED = (
    Feature("territory", "1 if the challenger sought territory", "coded", "gml-directed-dyads"),
    Feature("policy", "1 if the challenger sought a change of policy", "coded",
            "gml-directed-dyads"),
    Feature("regime_change", "1 if the challenger sought a change of regime", "coded",
            "gml-directed-dyads"),
    Feature("target_revisionist", "1 if the target sought a change too", "coded",
            "gml-directed-dyads"),
)

WAR = 5
"""Level of hostility of a war."""

FORCE = 13
"""Lowest code of an action that uses force (11 and 12 are displays)."""


def table(name: str, folder: Path | None = None, *, filled: bool = True) -> Crises:
    """Return the table of disputes: by outcome (``mid``) or by the force used (``rungs``).

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """
    disputes = load("gml-disputes", folder)
    disputes["ending"] = [
        _ending(*r) for r in disputes[["outcome", "settle", "hostlev"]].fillna(0).itertuples(
            index=False)
    ]
    kept = disputes[disputes["ending"].notna()].reset_index(drop=True)
    unknown = int((disputes["ending"].isna() & disputes["outcome"].isna()).sum())
    joins = len(disputes) - len(kept) - unknown
    leads = _leads(folder)
    rows = pd.DataFrame({
        "crisis": kept["dispnum"].to_numpy(int), "year": kept["styear"].to_numpy(int),
        "ending": kept["ending"].astype(str),
    })
    for side, flag in (("challenger", 1), ("target", 0)):
        rows[side] = leads["ccode"].xs(flag, level="sidea").loc[rows["crisis"]].to_numpy(int)
    if name == "rungs":
        acts = [leads["hiact"].xs(flag, level="sidea").loc[rows["crisis"]].to_numpy() >= FORCE
                for flag in (1, 0)]
        level = kept["hostlev"].fillna(0).to_numpy(int)
        rows["ending"] = np.select([level == WAR, level < WAR - 1, acts[0] & acts[1]],
                                   ["war", "no force", "mutual force"], "one-sided force")
    ends = rows[["challenger", "target"]]
    rows["pair"] = [f"{min(p)}-{max(p)}" for p in ends.itertuples(index=False)]
    before, notes = known_before(rows, folder, filled=filled)
    coded = _coded(rows, folder)
    columns = ["crisis", "year", "pair", "challenger", "target", "ending"]
    return Crises(
        name, RUNGS if name == "rungs" else ENDINGS, {f.name: f for f in (*BEFORE, *CODED)},
        pd.concat([rows[columns], before, coded], axis=1),
        (f"{unknown} disputes without an outcome and {joins} that joined a war are left out",
         *notes),
    )


def _ending(outcome: int, settle: int, hostility: int) -> str | None:
    """Return the ending of a dispute, or None if it has none."""
    if hostility == WAR:
        return "war"
    if outcome in (0, 9):
        return None
    if outcome in (1, 4):
        return "target yields"
    if outcome in (2, 3):
        return "challenger backs down"
    return "settlement" if outcome == 6 or settle == 1 else "stalemate"


def _leads(folder: Path | None) -> pd.DataFrame:
    """Return the lead state of each side, by dispute and ``sidea``.

    First participants of the first day, then the highest own action, then capability in the year
    before, then the lower number.
    """
    part = load("gml-participants", folder)
    sides = pd.DataFrame({
        c: part[c].to_numpy(float, na_value=-1)
        for c in ("dispnum", "ccode", "styear", "sidea", "hiact", "orig")
    }).astype(int)
    nmc = plain(load("cow-nmc", folder), ["ccode", "year", "cinc"])
    cinc = {(int(c), int(y)): v for c, y, v in nmc.itertuples(index=False)}
    sides["cinc"] = [cinc.get((c, y - 1), 0.0) for c, y in zip(sides["ccode"], sides["styear"],
                                                              strict=True)]
    ordered = sides.sort_values(["orig", "hiact", "cinc", "ccode"],
                                ascending=[False, False, False, True])
    return ordered.drop_duplicates(["dispnum", "sidea"]).set_index(["dispnum", "sidea"])


def _coded(rows: pd.DataFrame, folder: Path | None) -> pd.DataFrame:
    """Return what each side sought, as the coders judged it afterwards.

    The source numbers the type of revision first and the state last: ``revtype21`` is the second
    type of state 1, and ``revtype12`` the first type of state 2. Only the first type is used.
    """
    dyads = load("gml-directed-dyads", folder)
    sought: dict[tuple[int, int], set[int]] = {}
    revisionist: set[tuple[int, int]] = set()
    names = ["dispnum", "ccode1", "revstate1", "revtype11"]
    for d, c, rev, kind in dyads[names].fillna(0).astype(int).itertuples(index=False):
        sought.setdefault((d, c), set()).add(kind)
        if rev == 1:
            revisionist.add((d, c))
    made = []
    for d, c, t in rows[["crisis", "challenger", "target"]].itertuples(index=False):
        aims = sought.get((d, c), set())
        made.append((1 in aims, 2 in aims, 3 in aims, (d, t) in revisionist))
    return pd.DataFrame(made, columns=[f.name for f in CODED], index=rows.index, dtype=float)
