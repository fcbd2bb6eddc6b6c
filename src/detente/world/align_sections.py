"""Report sections of a ties file: alignments, a pole's removal, and shocks."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import Any

from detente.render import Column, Section, Table
from detente.render.charts import hysteresis
from detente.render.numbers import count, number, percent
from detente.world.align_study import Study
from detente.world.alignment import Alignment, Share
from detente.world.fold import (
    CAME_BACK,
    CASES,
    NEVER_LEFT,
    STAYED,
    Undone,
    branches,
    fold,
    way_back,
)
from detente.world.landscape import KEPT, MOST
from detente.world.poles import Removal
from detente.world.tiesfile import TiesFile
from detente.world.wars import line

__all__ = ["alignment_section", "fold_section", "interval", "shock_words"]

KEYS = {
    "precision": "precision beta", "pull": "pull J", "before": "h before",
    "during": "h during", "after": "h after",
}
MOST_MINIMA = 8
"""Largest number of minima in a table."""
CUT = (
    f"If more than {MOST} states are connected, or the landscape has more than {KEPT:,} minima, "
    "only one best alignment is listed, without the share of alignments that lead to it.")
REGION = (
    "Two blocs are assumed, and sides follow from ties alone. Before 1945 the states formed more "
    "blocs than two.")


def interval(share: Share) -> str:
    """Write a share with its interval.

    Examples
    --------
    >>> interval(Share(0.5, 0.44, 0.56))
    '50 % [44 %, 56 %]'
    """
    return f"{percent(share.share)} [{percent(share.low)}, {percent(share.high)}]"


def alignment_section(made: Study) -> Section:
    """Return who stands with whom, other minima, and what a pole's removal changes.

    The lead lists only what is clear by every definition of ties (`align_study.CLEAR`). The last
    note is the record of the method over wars.
    """
    tables = [_with_poles(made)]
    tables += [_minima(made, name, found) for name, found in made.alignments.items()]
    tables += [_removal(made, name, found) for name, found in made.removals.items()]
    notes = [f"By {name}: {_words(made, name)}" for name in made.alignments]
    if made.file.file.sizes:
        notes.append(f"Size of an actor: {made.file.file.sizes.rstrip('.')}.")
    notes += [_removal_note(name, found) for name, found in made.removals.items()]
    notes += [
        f"Shares are of {count(made.samples)} draws from the file's ranges (seed {made.seed}), "
        "with 95 % intervals. A draw is open if several best alignments disagree, or no chain of "
        "ties joins the two." if any(a.draws > 1 for a in made.alignments.values()) else
        "The ties have no ranges, so there is one draw.",
        *([CUT] if any(isnan(m.basin) for a in made.alignments.values()
                       for minima in a.centre for m in minima) else []),
        made.rule(), REGION, line()]
    proofs = dict.fromkeys(a.proof for a in made.alignments.values())
    return Section(
        "alignment", "Alignment in two blocs", made.headline, tables=tables, notes=notes,
        certificate="; ".join(proofs), certified=made.exact)


def _words(made: Study, name: str) -> str:
    return made.alignments[name].ties.words.rstrip(".") + "."


def _with_poles(made: Study) -> Table:
    columns: list[Column | str] = ["actor"]
    for pole in made.poles:
        columns += [Column(f"with {made.title(pole)}, by {name}") for name in made.alignments]
    columns += [Column(f"open, by {name}") for name in made.alignments]
    rows = []
    for actor in made.actors:
        row = [made.title(actor)]
        for pole in made.poles:
            row += [interval(a.with_pole(actor, pole)) if made.tied(name, actor, pole)
                    else "no tie" for name, a in made.alignments.items()]
        row += [percent(a.open(actor, made.poles[0]).share)
                if made.tied(name, actor, made.poles[0]) else "no tie"
                for name, a in made.alignments.items()]
        rows.append(row)
    return Table("Share of draws in which each actor stands with each pole", columns, rows)


def _minima(made: Study, name: str, found: Alignment) -> Table:
    """Return the minima at the centre of the ranges; parts of the network are listed in turn."""
    rows: list[tuple[Any, ...]] = []
    for group, minima in zip(found.groups, found.centre, strict=True):
        for m in minima[:MOST_MINIMA]:
            sides = [_names(made, (found.ties.actors[k] for k, s in zip(group, m.sides, strict=True)
                                   if s == side)) for side in (1, -1)]
            rows.append((m.energy, m.basin, *sides))
    return Table(
        f"Minima of the landscape at the centre, by {name}: no single change improves them. "
        + (f"Other minima than the best exist in {interval(found.others)} of the draws."
           if found.others else "The network is too large to count them in every draw."),
        [Column("energy", format=".3g"), Column("share of all alignments that lead here",
                                                format="percent"), "one bloc", "other bloc"], rows)


def _names(made: Study, actors: Iterable[str]) -> str:
    return ", ".join(made.title(a) for a in actors) or "none"


def _removal(made: Study, name: str, found: Removal) -> Table:
    rows = [
        (made.title(a), *_steps(found, a)) for a in found.ties.actors
        if any(found.share(step, a).share or found.open(step, a).share
               for step in ("moved", "stayed"))]
    rows.append(("at least one", *_steps(found, None)))
    pole = made.title(found.pole)
    return Table(f"{pole} removed and put back, by {name}", [
        "actor", f"changes sides without {pole}", "open", "is still there after its return",
        "open"], rows)


def _steps(found: Removal, actor: str | None) -> list[str]:
    return [text for step in ("moved", "stayed")
            for text in (interval(found.share(step, actor)),
                         percent(found.open(step, actor).share))]


def _removal_note(name: str, found: Removal) -> str:
    return (
        f"By {name}: the change that lowers the energy most comes first; "
        f"{interval(found.other_order)} of random orders of improving changes end elsewhere. A "
        "draw is open if it depends on which of several equally good alignments or changes is "
        "taken." + ("" if found.complete else " They are too many to follow all, so that more may "
                    "be open."))


def shock_words(title: str, found: Undone) -> str:
    """Return the result of a shock in two sentences."""
    stayed = Share(*found.share(STAYED))
    flat = found.no_fold / found.samples
    more = (f" (in {percent(flat)} there is no fold, so behaviour follows conditions both ways)"
            if flat else "")
    return (
        f"{title}: in {interval(stayed)} of the draws the shock cannot be undone, because the "
        "states are still on the new course after it. They left the old course and came back in "
        f"{percent(found.share(CAME_BACK)[0])}, and never left it in "
        f"{percent(found.share(NEVER_LEFT)[0])}{more}.")


def fold_section(file: TiesFile, found: dict[str, Undone]) -> Section:
    """Return the shocks of a ties file: cases over draws, the loop at the centre, the numbers.

    Parameters
    ----------
    file
        A ties file with shocks.
    found
        `detente.world.fold.undone` of each shock, by name.
    """
    leads, tables, charts, notes = [], [], [], []
    for name, result in found.items():
        shock = file.shocks[name]
        title = shock.title or name
        leads.append(shock_words(title, result))
        tables.append(Table(f"{title}: cases over the ranges", [
            "case", "share of draws"], [(CASES[c], interval(Share(*result.share(c))))
                                        for c in (NEVER_LEFT, CAME_BACK, STAYED)]))
        tables.append(Table(f"{title}: numbers", ["number", "value", "reason"], [
            (words, str(getattr(shock, key)), getattr(shock, key).because or shock.because)
            for key, words in KEYS.items()]))
        beta, pull = shock.precision.centre, shock.pull.centre
        marks = {key: getattr(shock, key).centre for key in ("before", "during", "after")}
        way = way_back(beta, pull)
        charts.append(hysteresis(
            branches(beta, pull, reach=max(map(abs, marks.values()))), marks=marks,
            title=f"{title}: the loop at the centre",
            turns=(way.leaves, way.returns, way.m) if way.m else None))
        notes += _shock_notes(title, shock, result)
    notes.append(
        "Mean choice m of many states: m = tanh(beta (h + J m)), with the fold at h_c = J r - "
        "artanh(r) / beta, r = sqrt(1 - 1 / (beta J)). h changes slowly. A draw with beta J at "
        "most 1 has one course at each h and counts as never left.")
    return Section("shock", "The shock and the way back", " ".join(leads), tables=tables,
                   charts=charts, notes=notes,
                   certificate="closed form; states followed without search", certified=True)


def _shock_notes(title: str, shock: Any, result: Undone) -> list[str]:
    beta, pull = shock.precision.centre, shock.pull.centre
    h, after = float(fold(beta, pull)), shock.after.centre
    said = [
        f"{title}: {count(result.samples)} draws, seed {result.seed}; {count(result.no_fold)} have "
        "no fold. The old course still exists at h after the shock in "
        f"{count(result.restored)} of the draws that stayed, so there the past alone keeps the "
        "states on the new one."]
    if h:
        more = max(0.0, h - after)
        said.append(
            f"At the centre the states leave at h = {number(-h)} and return at h = {number(h)}. "
            + (f"h after the shock is {number(after)}, so it must rise by {number(more)} more."
               if more else f"h after the shock is {number(after)}, which is enough."))
    return said
