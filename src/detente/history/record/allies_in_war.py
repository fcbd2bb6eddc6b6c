"""Sentence: "alliances are illusions". Conduct of the allies of a state at war."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, Part, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

UNTIL = 1945
JOINED, FOUGHT, BOTH, OUT = "joined it", "fought it", "did both", "stayed out"


def _rows(panel: Panel) -> tuple[list[tuple[int, int, bool, str]], int]:
    """Return one row per war, state in it and other member: war, year, promise, conduct.

    The second number counts promises to states that entered a war after its first year.
    """
    table = panel.read("cow-wars")
    table = table[table.cowinterongoing.eq(1).fillna(False)]
    index = {int(c): k for k, c in enumerate(panel.codes)}
    out, late = [], 0
    for number, war in table.groupby("warnum"):
        start = int(war.year.min())
        if start > UNTIL:
            continue
        foes: dict[int, set[int]] = {}
        for one, two in zip(war.ccode1.astype(int), war.ccode2.astype(int), strict=True):
            foes.setdefault(one, set()).add(two)
        opening = war[(war.year == start) & war.cowinteronset.eq(1).fillna(False)]
        first = set(opening.ccode1.astype(int)) & set(index)
        t = start - int(panel.years[0])
        late += sum(int(panel.promise[t, :, index[s]].sum()) for s in set(foes) - first
                    if s in index)
        for state in sorted(first):
            for code in panel.codes[panel.member[t]].tolist():
                if code == state:
                    continue
                against = state in foes.get(code, ())
                beside = bool(foes.get(code, set()) & foes[state])
                said = BOTH if against and beside else FOUGHT if against else (
                    JOINED if beside else OUT)
                out.append((int(str(number)), start, bool(panel.promise[t, index[code],
                                                                        index[state]]), said))
    return out, late


def _count(panel: Panel, conduct: str) -> Found:
    rows, late = _rows(panel)
    allies, others = ([r for r in rows if r[2] is promised] for promised in (True, False))

    def part(of: list[tuple[int, int, bool, str]], words: str = "") -> Part:
        return share_of(np.array([r[3] == conduct for r in of], bool), [r[0] for r in of], words)

    said = Counter(r[3] for r in allies)
    return Found(
        part(allies), part(others, "members of the state system without a promise"),
        dict(Counter(r[1] for r in allies)),
        {"a promise to a state that entered the war after its first year": late} if late else {},
        {k: said[k] / len(allies) for k in (JOINED, FOUGHT, BOTH, OUT)} if allies else {},
    )


ALLIES = (
    "One row per inter-state war (COW) that began in 1816 to 1945, state that fought in its first "
    "year on either side, and other state that in this year promised to defend it (ATOP).")


def joined(panel: Panel) -> Found:
    """Count allies that fought beside a state at war and not against it.

    {rows} The event is that the ally fought one of its opponents in the war, in any year of the
    war. The base rate takes the other members of the state system, which had made no promise of
    defence.

    References
    ----------
    [sarkees-wayman-2010], [leeds-et-al-2002]
    """
    return _count(panel, JOINED)


def fought(panel: Panel) -> Found:
    """Count allies that fought against a state at war and not beside it.

    {rows} The event is that the two were opponents in the war, in any year of the war. The base
    rate takes the other members of the state system, which had made no promise of defence.

    References
    ----------
    [sarkees-wayman-2010], [leeds-et-al-2002]
    """
    return _count(panel, FOUGHT)


def stayed_out(panel: Panel) -> Found:
    """Count allies that did not fight in the war of a state.

    {rows} The event is that the ally fought neither the state nor one of its opponents in the
    war. The base rate takes the other members of the state system, which had made no promise of
    defence.

    References
    ----------
    [sarkees-wayman-2010], [leeds-et-al-2002]
    """
    return _count(panel, OUT)


make = partial(
    RecordRate, needs=("cow-wars", "atop", "cow-states"), clusters="war", rows=ALLIES,
    warning="Both sides of a war count, also those that began it, and a promise of defence may not "
    "bind towards the side that began a war. Few large wars have most of the rows. "
    "Wars that did not happen because of an alliance are not in the data.")

JOIN = make("allies-joined", "alliances are illusions",
            "Allies of a state at war, to 1945, that joined it:", joined)
FIGHT = make("allies-fought", "alliances are illusions",
             "Allies of a state at war, to 1945, that fought it:", fought)
ABSENT = make("allies-stayed-out", "alliances are illusions",
              "Allies of a state at war, to 1945, that stayed out:", stayed_out)
