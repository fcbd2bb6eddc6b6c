"""Sentence: "a dictated peace does not last". Disputes after imposed and negotiated settlements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

NEGOTIATED, IMPOSED, NONE, FORCE, UNTIL, SPAN = 1, 2, 3, 4, 2000, 10


def recurs(panel: Panel) -> Found:
    """Count pairs that use force against each other within ten years of an imposed settlement.

    One row per dispute with use of force or war (GML 2.2) and pair of states that opposed each
    other on its first day, if the dispute ended in 1816 to 2000 with a settlement imposed by one
    side. The event is a new dispute of the pair with use of force or war that begins within ten
    years after the year in which the pair's part in the dispute ended. The number beside it takes
    disputes that ended with a negotiated settlement. A pair of which a state left the system within
    ten years can show fewer disputes. Disputes without a known settlement are left out.

    References
    ----------
    [gibler-miller-little-2016]
    """
    table = panel.read("gml-directed-dyads")
    table = table[(table.ccode1 < table.ccode2).fillna(False)]
    level = table[["hostlev1", "hostlev2"]].fillna(0).max(axis=1)
    table = table[level >= FORCE]
    begun = table[table.midonset.eq(1).fillna(False)]
    onsets: dict[tuple[int, int], list[int]] = {}
    for a, b, y in begun[["ccode1", "ccode2", "year"]].astype(int).itertuples(index=False):
        onsets.setdefault((a, b), []).append(y)
    first = table[table.orig1.eq(1).fillna(False) & table.orig2.eq(1).fillna(False)]
    spells = first.groupby(["dispnum", "ccode1", "ccode2"], as_index=False).agg(
        end=("year", "max"), settle=("settle", "first"))
    spells = spells[spells.end.astype(int) <= UNTIL]
    hits: dict[int, list[bool]] = {NEGOTIATED: [], IMPOSED: [], NONE: []}
    pairs: dict[int, list[str]] = {NEGOTIATED: [], IMPOSED: [], NONE: []}
    by_year: dict[int, int] = {}
    unknown = 0
    for _, a, b, end, settle in spells.itertuples(index=False):
        kind = -9 if settle is None or settle != settle else int(settle)
        if kind not in hits:
            unknown += 1
            continue
        again = any(end < y <= end + SPAN for y in onsets.get((int(a), int(b)), ()))
        hits[kind].append(again)
        pairs[kind].append(f"{a}-{b}")
        if kind == IMPOSED:
            by_year[int(end)] = by_year.get(int(end), 0) + 1
    return Found(
        share_of(np.array(hits[IMPOSED], bool), pairs[IMPOSED]),
        share_of(np.array(hits[NEGOTIATED], bool), pairs[NEGOTIATED], "negotiated settlements"),
        by_year, {"no settlement, or an unknown one": unknown + len(hits[NONE])},
        {"after no settlement": float(np.mean(hits[NONE]))} if hits[NONE] else {},
    )


RATE = RecordRate(
    "dictated-peace", "a dictated peace does not last",
    "Imposed settlements after which the two use force again within ten years:", recurs,
    ("gml-directed-dyads", "cow-states"),
    "A side imposes a settlement if it wins, so the two kinds of disputes differ before they end. "
    "Peace after a state was defeated may come from weakness. Settlements by occupation that end a "
    "state leave no pair to dispute.", "pair of states",
)
