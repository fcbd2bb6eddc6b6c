"""The first screen of a signed network: at most 25 lines of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from detente.render.numbers import percent
from detente.render.section import Section, Table
from detente.world.between import counts
from detente.world.nulls import disagree
from detente.world.study import Study

__all__ = ["NOT_PROVED", "OTHERS", "brief", "cut", "judged", "sides_of", "verdict"]

NAMES, PAIRS = 4, 3
"""Names and pairs that the first screen lists; the report and --json hold all."""
FEW, NEIGHBOURS = 2, 3
"""Pairs, and neighbours of each kind, if the ties of one state stand on the first screen too."""
LONG = 220
"""Characters of a definition that leaves room for `FEW` pairs only: more than three lines."""
MOST_BLOCS = 2
NOT_PROVED = " (not proved)"
OTHERS = "Not all divisions as good were found in the time allowed."


def verdict(study: Study) -> str:
    """Return in a sentence whether the null models let one call the network balanced.

    A count that is not proved may be too high, so it can only show that a network is balanced.
    """
    first, second = study.nulls
    if not study.two.exact and not (first.balanced and second.balanced):
        return "The count is not proved, so there is no verdict on balance beyond chance."
    if disagree((first, second)):
        return "The null models disagree, so there is no verdict on balance beyond chance."
    if first.balanced:
        return "By both null models the network is more balanced than 95 % of random networks."
    return "By neither null model is the network more balanced than 95 % of random networks."


def judged(study: Study) -> Table:
    """Return the index beside both null models."""
    rows: list[tuple[object, ...]] = [
        (n.words, f"{n.mean:.1f} ± {n.sd:.1f}", percent(n.at_or_below)) for n in study.nulls]
    return Table("", ["random networks", "ties broken", f"share with at most {study.two.index}"],
                 rows)


def _ties(n: int) -> str:
    return f"{n} tie" if n == 1 else f"{n} ties"


def cut(names: Sequence[str], most: int) -> str:
    """Return a list of names, and how many more there are.

    Examples
    --------
    >>> cut(["a", "b", "c"], 2), cut([], 2)
    ('a, b and 1 more', 'none')
    """
    if not names:
        return "none"
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def sides_of(study: Study) -> tuple[list[str], list[str], int]:
    """Return both sides of the largest component, the larger first, and the states outside it.

    Only states that stand alike in all best divisions are listed.
    """
    ties = study.ties
    largest = ties.components()[0] if ties.m else []
    first, second = ([ties.actors[k] for k in largest if study.two.blocs[k] == s
                      and ties.actors[k] not in study.two.either] for s in (0, 1))
    if len(second) > len(first):
        first, second = second, first
    return first, second, int(study.tied.sum()) - len(largest)


def _by_ties(study: Study, names: Sequence[str]) -> list[str]:
    """Return names with those with most ties first."""
    degree = np.bincount(study.ties.edges.ravel(), minlength=study.ties.n)
    return sorted(names, key=lambda a: -int(degree[study.ties.index(a)]))


def counted(study: Study) -> str:
    """Return the numbers of states and ties in a sentence."""
    ties = study.ties
    tied = int(study.tied.sum())
    rest = ties.n - tied
    alone = f" ({rest} more {'has' if rest == 1 else 'have'} none)" if rest else ""
    return (f"{tied} states with ties{alone}; {_ties(ties.m)}: {ties.m - ties.negative} friendly, "
            f"{ties.negative} hostile ({int(ties.both.sum())} of them friend and enemy at once).")


def brief(study: Study) -> Section:
    """Return the first screen."""
    ties, two, many = study.ties, study.two, study.many
    lead = [f"Ties ({ties.definition}): {ties.words.rstrip('.')}.", counted(study)]
    index = f"Two blocs break at least {_ties(two.bound)} ({two.certificate})."
    if study.band is not None:
        index += (f" {_ties(study.open_signs)} may have either sign; over the ranges it is "
                  f"{study.band[0]} to {study.band[1]}{'' if study.band_exact else NOT_PROVED}.")
    first, second, outside = sides_of(study)
    spare = f" Not connected with these: {outside} states." if outside else ""
    if study.two.either:
        spare = f" In either bloc: {cut(_by_ties(study, study.two.either), FEW)}." + spare
    if not two.settled:
        spare = f" {OTHERS}" + spare
    blocs = [cut(_by_ties(study, g), FEW) for g in many.groups[:MOST_BLOCS]]
    more = len(many.groups) - MOST_BLOCS
    proof = "exact" if many.exact else f"not proved, counted {many.index}"
    few = FEW if study.state or len(ties.words) > LONG else PAIRS
    notes = [
        verdict(study),
        f"Two blocs: {cut(_by_ties(study, first), NAMES)} / "
        f"{cut(_by_ties(study, second), NAMES)}.{spare}",
        f"Any number of blocs: at least {_ties(many.bound)} broken ({proof})"
        + (", for example by " + " / ".join(blocs) if blocs else ", each state alone")
        + (f" / {more} more." if more > 0 else "."),
        "Friend and enemy at once: "
        + cut([f"{a} and {b}" for a, b, _ in study.at_once], few) + ".",
        "Friendly with both of two enemies (pairs): "
        + cut([f"{a} {n}" for a, n in counts(study.between).items()], few) + ".",
    ]
    if study.state:
        notes.append(neighbours(study))
    if study.others:
        notes.append("Ties broken by other definitions: " + "; ".join(
            f"{o.definition} {o.two} of {o.ties}{'' if o.two_exact else NOT_PROVED}"
            for o in study.others) + ".")
    if ties.codes:
        notes.append("Data: " + "; ".join(dict.fromkeys(map(short, ties.sources))) + ".")
    return Section("brief", "First screen", "\n".join([*lead, index]), [judged(study)],
                   notes=notes, certified=study.exact)


def short(citation: str) -> str:
    """Return the first author and the year of a citation.

    Examples
    --------
    >>> short("Leeds, Ritter, Mitchell & Long (2002). Alliance Treaty Obligations.")
    'Leeds et al. 2002'
    """
    found = re.match(r"([^,(&]+)([^(]*)\((\d{4})\)", citation)
    if found is None:
        return citation
    more = " et al." if "," in found[2] or "&" in found[2] else ""
    return f"{found[1].strip()}{more} {found[3]}"


def neighbours(study: Study) -> str:
    """Return the ties of the state that was asked for, in a sentence."""
    ties = study.ties
    held: dict[str, list[str]] = {"friendly": [], "hostile": [], "both": []}
    for other, e in ties.of(study.state):
        key = "both" if ties.both[e] else "friendly" if ties.values[e] > 0 else "hostile"
        held[key].append(other)
    return (f"{study.state}: friendly with {cut(held['friendly'], NEIGHBOURS)}; hostile with "
            f"{cut(held['hostile'], NEIGHBOURS)}; both at once: {cut(held['both'], NEIGHBOURS)}.")
