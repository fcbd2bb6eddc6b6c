"""International crises as pairs of an actor and the source of the threat to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from detente.history.actors import TWINS
from detente.history.database import members, views
from detente.history.outcomes.known import BEFORE, known_before
from detente.history.outcomes.mid import ENDINGS
from detente.history.outcomes.table import Crises, Feature

__all__ = ["CODED", "table"]

CODED = (
    Feature("gravity", "1 if grave damage or existence was threatened", "coded", "icb-actor"),
    Feature("territorial", "1 if territory was threatened", "coded", "icb-actor"),
    Feature("influence", "1 if influence was threatened", "coded", "icb-actor"),
    Feature("violent_trigger", "1 if the trigger was violent, directly or not", "coded",
            "icb-actor"),
    Feature("military_trigger", "1 if the trigger was a military act without violence", "coded",
            "icb-actor"),
    Feature("protracted", "1 within a protracted conflict", "coded", "icb-actor"),
    Feature("long_war", "1 within a protracted conflict that is a long war", "coded", "icb-actor"),
)

VICTORY, COMPROMISE, DEFEAT = 1, 2, 4
FULL_WAR = 4


def table(name: str, folder: Path | None = None, *, filled: bool = True) -> Crises:
    """Return the crises; the target is the first state whose crisis was triggered.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """
    actors, notes = _actors(folder)
    first = actors.drop_duplicates("crisno").reset_index(drop=True)
    of: Any = dict(iter(actors.groupby(["crisno", "pair"])))
    rows = pd.DataFrame({
        "crisis": first["crisno"], "year": first["yrtrig"], "pair": first["pair"],
        "challenger": first["challenger"], "target": first["target"],
        "ending": [_ending(of[r["crisno"], r["pair"]], r["challenger"], r["target"])
                   for r in first.to_dict("records")],
    })
    before, more = known_before(rows, folder, filled=filled)
    coded = pd.DataFrame({
        "gravity": first["gravty"].isin((5, 6)), "territorial": first["gravty"] == 3,
        "influence": first["gravty"] == 4, "violent_trigger": first["triggr"].isin((8, 9)),
        "military_trigger": first["triggr"] == 7, "protracted": first["pc"] == 2,
        "long_war": first["pc"] == 3,
    }).astype(float)
    return Crises(
        name, ENDINGS, {f.name: f for f in (*BEFORE, *CODED)},
        pd.concat([rows, before, coded], axis=1),
        (*notes, f"{len(of)} pairs of a crisis; the pair whose crisis was triggered first stands "
         "for it", *more),
    )


def _actors(folder: Path | None) -> tuple[pd.DataFrame, list[str]]:
    """Return the actors with a coded outcome and another state as source of the threat.

    They are in the order of crises and of triggers. An unknown day comes first in its month.
    """
    c = views(folder, ["cow-states", "icb-actor"])
    try:
        members(c, 1816, 2022)
        system = set(c.execute("SELECT ccode, year FROM member").fetchall())
        raw: pd.DataFrame = c.execute(
            "SELECT crisno, cracid, southv, yrtrig, motrig, datrig, outcom, viol, gravty, triggr, "
            "pc FROM icb_actor WHERE cracid IS NOT NULL").df()
    finally:
        c.close()
    whole = pd.DataFrame({c: raw[c].to_numpy(float, na_value=-1) for c in raw}).fillna(-1)
    whole = whole.astype(int)
    for side, column in (("target", "cracid"), ("challenger", "southv")):
        whole[side] = [_number(k, y, system)
                       for k, y in zip(whole[column], whole["yrtrig"], strict=True)]
    good = whole["outcom"].between(VICTORY, DEFEAT) & (whole["target"] != whole["challenger"])
    kept = whole[good].copy()
    kept["day"] = kept["datrig"].where(kept["datrig"].between(1, 31), 0)
    ends = kept[["challenger", "target"]]
    kept["pair"] = [f"{min(p)}-{max(p)}" for p in ends.itertuples(index=False)]
    ordered = kept.sort_values(["crisno", "yrtrig", "motrig", "day"], kind="stable")
    return ordered.reset_index(drop=True), [
        f"{len(whole) - len(kept)} actors with another outcome, or that threatened themselves, "
        "are left out"]


def _number(state: int, year: int, system: set[tuple[int, int]]) -> int:
    """Return the COW number: the twin if only it was a member of the system in that year."""
    twin = {a: b for pair in TWINS for a, b in (pair, pair[::-1])}.get(state, state)
    return twin if (state, year) not in system and (twin, year) in system else state


def _ending(pair: Any, challenger: int, target: int) -> str:
    """Return how the crisis of a pair ended, from all its rows."""
    by_target = set(pair["outcom"][pair["target"] == target])
    by_challenger = set(pair["outcom"][pair["target"] == challenger])
    if bool(np.any(pair["viol"] == FULL_WAR)):
        return "war"
    if COMPROMISE in by_target | by_challenger:
        return "settlement"
    if VICTORY in by_target or DEFEAT in by_challenger:
        return "challenger backs down"
    if DEFEAT in by_target or VICTORY in by_challenger:
        return "target yields"
    return "stalemate"
