"""How well alignments have predicted the sides of wars: the record printed beside every alignment.

Definition
    All inter-state wars of the Correlates of War with three or more states: 38 wars, 1848 to 2003.
    A state's side is that of its first year in the war. Ties are those among the war's states in
    the year before the war began, by a definition of `detente.world.fromdata`, or by `DECLARED`:
    a defence pact; hostile: a dispute with use of force in that year or the four before it, or a
    strategic rivalry; both: hostile. Sizes are shares of the states' material capabilities (CINC)
    in that year. States in the largest connected part of the ties are decided; nothing is said of
    the others. The best alignment of this part (`detente.world.landscape`) is compared with the
    sides, turned round if that fits better. If several alignments are equally good, errors are
    their mean. The comparison is with "everyone with the majority": all decided states on the side
    that most of them took.
Interval
    Of the difference of errors, by war (t), because states of one war are not independent.
Years
    By definitions with UN votes only the wars since 1947 are counted.
Source
    [sarkees-wayman-2010]; the method is that of [axelrod-bennett-1993], who predicted the sides of
    1939 from propensities that could not be found.

``python -m detente.world.wars`` counts the record from the downloaded data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.world import votes
from detente.world.fromdata import DEFINITIONS, SMALL, capabilities, from_history, years
from detente.world.landscape import lowest, parts, weights_of
from detente.world.ties import Ties, make_ties

__all__ = ["DECLARED", "RECORD", "SETS", "BackTest", "Record", "War", "back_test", "line", "wars"]

DECLARED = "force-5 or rivalry"
"""The definition of ties of the record."""
SETS = ("cow-wars", "cow-nmc", "cow-states", "atop", "cow-mid-directed-dyads", "rivalries",
        *votes.SETS)
"""Data sets from which it is counted."""
LEAST = 3
"""Least number of states of a war."""

@dataclass(frozen=True)
class War:
    """A war with three or more states.

    Attributes
    ----------
    number : int
        Number of the Correlates of War.
    year : int
        First year.
    sides : dict
        Side, 1 or 2, by COW number of the state.
    """

    number: int
    year: int
    sides: dict[int, int]


@dataclass(frozen=True)
class Record:
    """The record of one definition of ties.

    Attributes
    ----------
    wars : int
        Wars with three or more states; those without a tie count with no decided state.
    decided : int
        States whose side the alignment predicts.
    errors : float
        Decided states on the wrong side.
    majority : int
        Errors of "everyone with the majority" among the same states.
    low, high : float
        95 % interval of the difference, errors less those of the majority, by war.
    """

    wars: int
    decided: int
    errors: float
    majority: int
    low: float
    high: float


RECORD: dict[str, Record] = {
    "force-5 or rivalry": Record(38, 183, 36.0, 44, -20.7104, 4.7104),
    "force": Record(38, 132, 18.0, 31, -20.8332, -5.1668),
    "force-5": Record(38, 153, 29.0, 35, -18.4992, 6.4992),
    "rivalry": Record(38, 165, 31.0, 37, -19.1566, 7.1566),
    "force+rivalry": Record(38, 173, 33.0, 42, -22.4444, 4.4444),
    "votes": Record(16, 41, 3.0, 5, -4.9121, 0.9121),
    "votes-narrow": Record(16, 22, 1.0, 1, 0.0, 0.0),
    "force+rivalry+votes": Record(16, 65, 7.0, 11, -11.9371, 3.9371),
}
"""The record as counted, by definition of ties; the command above counts it again."""


@dataclass(frozen=True)
class BackTest:
    """The record with its wars.

    Attributes
    ----------
    record : Record
    by_war : tuple
        War, number of decided states, errors, errors of the majority.
    """

    record: Record
    by_war: tuple[tuple[War, int, float, int], ...]


def wars(folder: Path | None = None) -> list[War]:
    """Return the wars with three or more states.

    Raises
    ------
    InputError
        The data set has not been downloaded.
    """
    import pandas as pd

    from detente.history.read import load

    table = load("cow-wars", folder)
    ends = [table[["warnum", f"ccode{k}", f"sidea{k}", "year"]].set_axis(
        ["war", "state", "side", "year"], axis=1) for k in (1, 2)]
    rows = pd.concat(ends).dropna().astype(int)
    found = []
    for number, war in rows.groupby("war"):
        first = war[war["year"] == war.groupby("state")["year"].transform("min")]
        sides = first.groupby("state")["side"].agg(lambda s: int(s.mode().iloc[0]))
        if len(sides) >= LEAST:
            found.append(War(int(str(number)), int(war["year"].min()),
                             {int(str(k)): int(v) for k, v in sides.items()}))
    return found


def ties_before(war: War, definition: str, folder: Path | None = None) -> Ties:
    """Return the ties among the states of a war in the year before it."""
    year = war.year - 1
    names = ("force-5", "rivalry") if definition == DECLARED else (definition,)
    values: dict[tuple[str, str], float] = {}
    codes: dict[str, int] = {}
    for name in names:
        ties = from_history(year, name, folder)
        inside = ties.part(k for k, c in enumerate(ties.codes) if c in war.sides)
        codes |= dict(zip(inside.actors, inside.codes, strict=True))
        for (i, j), value in zip(inside.edges, inside.values, strict=True):
            pair = (inside.actors[i], inside.actors[j])
            values[pair] = min(float(value), values.get(pair, 1.0))
    actors = sorted(codes, key=lambda a: codes[a])
    made = make_ties(actors, values, definition=definition, year=year)
    return replace(made, codes=tuple(codes[a] for a in actors))


def back_test(definition: str = DECLARED, folder: Path | None = None) -> BackTest:
    """Count the record of one definition over all wars.

    Parameters
    ----------
    definition
        `DECLARED`, or a name of `detente.world.fromdata.DEFINITIONS`.
    folder
        Folder of the downloaded files.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """
    size = capabilities(folder)
    rows = []
    covered = years("force-5" if definition == DECLARED else definition)
    for war in wars(folder):
        if war.year - 1 not in covered:
            continue
        ties = ties_before(war, definition, folder)
        sizes = np.array([size.get((c, war.year - 1), size.get((c, war.year), SMALL))
                          for c in ties.codes])
        truth = np.array([1 if war.sides[c] == 1 else -1 for c in ties.codes])
        rows.append((war, *_errors(weights_of(ties, sizes=sizes), truth)))
    n = len(rows)
    difference = np.array([errors - majority for _, _, errors, majority in rows])
    from scipy.stats import t

    half = float(t.ppf(0.975, n - 1) * np.sqrt(n) * difference.std(ddof=1))
    middle = float(difference.sum())
    record = Record(n, sum(r[1] for r in rows), float(sum(r[2] for r in rows)),
                    sum(r[3] for r in rows), middle - half, middle + half)
    return BackTest(record, tuple(rows))


def _errors(w: Floats, truth: Any) -> tuple[int, float, int]:
    """Return decided states, errors of the best alignment, and errors of the majority."""
    groups = parts(w) if len(w) else []
    if not groups:
        return 0, 0.0, 0
    group = groups[0]
    sides, true = lowest(w[np.ix_(group, group)]).sides, truth[group]
    wrong = (sides != true).sum(axis=1)
    errors = float(np.minimum(wrong, len(group) - wrong).mean())
    first = int((true == 1).sum())
    return len(group), errors, min(first, len(group) - first)


def line() -> str:
    """Return the record in two sentences, for every output that shows an alignment."""
    from detente.render.numbers import signed

    own = RECORD[DECLARED]
    others = [r for k, r in RECORD.items() if k != DECLARED and r.wars == own.wars]
    errors = [r.errors for r in others]
    plain = [r.majority for r in others]
    return (
        f"Record of the method: over {own.wars} wars of three or more states it put "
        f"{own.errors:.0f} of {own.decided} states on the wrong side; “everyone with the majority” "
        f"{own.majority} (difference {signed(own.errors - own.majority, 0)}, 95 % interval "
        f"{signed(own.low, 0)} to {signed(own.high, 0)}). With other ties: {min(errors):.0f} to "
        f"{max(errors):.0f} against {min(plain)} to {max(plain)}.")


def _all(folder: Path | None = None) -> Iterator[tuple[str, Record]]:
    for name in (DECLARED, *DEFINITIONS):
        yield name, back_test(name, folder).record


if __name__ == "__main__":
    for name, record in _all():
        print(f"    {name!r}: {record},")
