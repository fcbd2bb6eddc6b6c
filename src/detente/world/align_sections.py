<<<<<<< HEAD
"""Report sections of a ties file: alignments, a pole's removal, and shocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from detente.render import Column, Section, Table
from detente.render.charts import hysteresis
from detente.render.numbers import count, number, percent
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
from detente.world.poles import Removal
from detente.world.align_study import Study
from detente.world.tiesfile import TiesFile
from detente.world.wars import line

__all__ = ["alignment_section", "fold_section", "interval", "shock_words"]

KEYS = {
    "precision": "precision beta", "pull": "pull J", "before": "h before",
    "during": "h during", "after": "h after",
}
MOST_MINIMA = 8
"""Largest number of minima in a table."""
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

    The lead is a headline only if all definitions of ties agree. The last note is the record of
    the method over wars.
    """
    tables = [_with_poles(made)]
    tables += [_minima(made, name, found) for name, found in made.alignments.items()]
    tables += [_removal(made, name, found) for name, found in made.removals.items()]
    notes = [f"By {name}: {_words(made, name)}" for name in made.alignments]
    notes += [_removal_note(name, found) for name, found in made.removals.items()]
    notes += [
        f"Shares are of {count(made.samples)} draws from the file's ranges (seed {made.seed}), "
        "with 95 % intervals. A draw is open if several best alignments disagree, or no chain of "
        "ties joins the two." if any(a.draws > 1 for a in made.alignments.values()) else
        "The ties have no ranges, so there is one draw.",
        REGION, line()]
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
            row += [interval(a.with_pole(actor, pole)) if _has(a, actor, pole) else "no tie"
                    for a in made.alignments.values()]
        row += [percent(a.open(actor, made.poles[0]).share) if _has(a, actor, made.poles[0])
                else "no tie" for a in made.alignments.values()]
        rows.append(row)
    return Table("Share of draws in which each actor stands with each pole", columns, rows)


def _has(found: Alignment, *actors: str) -> bool:
    return all(a in found.ties.actors for a in actors)


def _minima(made: Study, name: str, found: Alignment) -> Table:
    """Return the minima at the centre of the ranges; parts of the network are listed in turn."""
    rows: list[tuple[Any, ...]] = []
    for group, minima in zip(found.groups, found.centre, strict=True):
        for m in minima[:MOST_MINIMA]:
            sides = [_names(made, (found.ties.actors[k] for k, s in zip(group, m.sides, strict=True)
                                   if s == side)) for side in (1, -1)]
            rows.append((m.energy, m.basin, *sides))
    return Table(
        f"Minima of the landscape at the centre, by {name}: no single change improves them; other "
        f"minima than the best exist in {interval(found.others)} of the draws",
        [Column("energy", format=".3g"), Column("share of all alignments that lead here",
                                                format="percent"), "one bloc", "other bloc"], rows)


def _names(made: Study, actors: Iterable[str]) -> str:
    return ", ".join(made.title(a) for a in actors) or "none"


def _removal(made: Study, name: str, found: Removal) -> Table:
    rows = [
        (made.title(a), interval(found.share(found.moved, a)),
         interval(found.share(found.stayed, a)))
        for a in found.ties.actors
        if found.share(found.moved, a).share or found.share(found.stayed, a).share]
    rows.append(("at least one", interval(found.share(found.moved)),
                 interval(found.share(found.stayed))))
    pole = made.title(found.pole)
    return Table(f"{pole} removed and put back, by {name}", [
        "actor", f"changes sides without {pole}", "is still there after its return"], rows)


def _removal_note(name: str, found: Removal) -> str:
    return (
        f"By {name}: the change that lowers the energy most comes first; "
        f"{interval(found.other_order)} of random orders of improving changes end elsewhere.")


def shock_words(title: str, found: Undone) -> str:
    """Return the result of a shock in two sentences."""
    stayed = Share(*found.share(STAYED))
    return (
        f"{title}: in {interval(stayed)} of the draws the shock cannot be undone, because the "
        "states are still on the new course after it. They left the old course and came back in "
        f"{percent(found.share(CAME_BACK)[0])}, and never left it in "
        f"{percent(found.share(NEVER_LEFT)[0])}.")


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
            branches(beta, pull), marks=marks, title=f"{title}: the loop at the centre",
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
        "no fold. Of those that stayed, the old course still exists at h after the shock in "
        f"{count(result.restored)}, so there the past alone keeps the states on the new one."]
    if h:
        more = max(0.0, h - after)
        said.append(
            f"At the centre the states leave at h = {number(-h)} and return at h = {number(h)}. "
            + (f"h after the shock is {number(after)}, so it must rise by {number(more)} more."
               if more else f"h after the shock is {number(after)}, which is enough."))
    return said
=======
"""A signed network as report sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Ints
from detente.render.section import Chart, Column, Report, Section, Table
from detente.world.between import counts
from detente.world.align_study import Study
from detente.world.words import brief, counted, judged, neighbours, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["report", "sections"]

MOST_ROWS = 200
"""Rows of a table of ties in the report; the JSON document holds all."""
MOST_AROUND = 40
"""Neighbours that the drawing of one state shows."""


def report(study: Study, data: dict[str, Any] | None = None) -> Report:
    """Return the whole report, with the first screen as its brief."""
    meta = {"definition": study.ties.definition, "seed": study.seed,
            "random networks": len(study.nulls[0].values)}
    if study.file:
        meta |= {"file": study.file, "sha256": study.sha256}
    return Report(study.ties.title, "A signed network", verdict(study), sections(study), meta=meta,
                  brief=brief(study), answer_certified=study.exact, data=data)


def sections(study: Study) -> list[Section]:
    """Return the sections after the first screen."""
    made = [_ties(study), _balance(study), _blocs(study), _at_once(study), _between(study)]
    if study.state:
        made.append(_neighbourhood(study))
    if study.series is not None:
        made.append(_series(study))
    return made


def _kind(study: Study, e: int) -> str:
    if study.ties.both[e]:
        return "both at once"
    return "friendly" if study.ties.values[e] > 0 else "hostile"


def _row(study: Study, e: int) -> tuple[str, str, str]:
    i, j = study.ties.edges[e]
    return (f"{study.ties.actors[int(i)]} and {study.ties.actors[int(j)]}", _kind(study, e),
            "; ".join(study.ties.evidence[e]))


def _cut(rows: Sequence[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[str]]:
    left = len(rows) - MOST_ROWS
    return list(rows[:MOST_ROWS]), (
        [f"{left} more rows are left out here; --json holds all."] if left > 0 else [])


def _ties(study: Study) -> Section:
    ties = study.ties
    rows, notes = _cut([_row(study, int(e)) for e in np.flatnonzero(ties.signs < 0)])
    tables = [Table("Hostile ties", ["pair", "kind", "rests on"], rows)]
    if study.others:
        tables.append(Table("Other definitions of a tie", [
            "definition", "says", Column("ties", format=".0f"), Column("hostile", format=".0f"),
            Column("two blocs", format=".0f"), Column("any number", format=".0f")], [
            (o.definition, o.words, o.ties, o.hostile, o.two, o.many) for o in study.others]))
    notes += ["Names of states are those of the Correlates of War list."] if ties.codes else []
    words = ties.words[:1].upper() + ties.words[1:].rstrip(".")
    return Section("ties", "Ties", f"{words}. {counted(study)}", tables,
                   notes=[*notes, *dict.fromkeys(ties.sources)])


def _order(blocs: Ints, tied: Sequence[bool]) -> tuple[list[int], list[int]]:
    """Return the tied actors by bloc, the largest bloc first, and the sizes of the blocs."""
    held: dict[int, list[int]] = {}
    for k in np.flatnonzero(tied):
        held.setdefault(int(blocs[k]), []).append(int(k))
    groups = sorted(held.values(), key=lambda g: (-len(g), g))
    return [k for g in groups for k in g], [len(g) for g in groups]


def _matrix(study: Study, blocs: Ints, broken: Any, title: str) -> Chart:
    from detente.render.charts import signed_matrix

    ties = study.ties
    order, sizes = _order(blocs, list(study.tied))
    cells = [{"first": ties.actors[int(i)], "second": ties.actors[int(j)], "kind": _kind(study, e),
              "broken": bool(broken[e])} for e, (i, j) in enumerate(ties.edges)]
    return signed_matrix(cells, [ties.actors[k] for k in order], sizes, title=title)


def _balance(study: Study) -> Section:
    from detente.render.charts import null_models

    two = study.two
    rows, notes = _cut([_row(study, int(e)) for e in np.flatnonzero(two.broken)])
    charts = [null_models(two.index, {n.words: n.values.tolist() for n in study.nulls})]
    if study.ties.m:
        charts.append(_matrix(study, two.sides, two.broken, "Ties in the order of two blocs"))
    free = two.as_dict()["free"]
    if free:
        notes.append(f"This division is not the only best one: {len(free)} states could change "
                     "sides without another broken tie.")
    return Section(
        "balance", "Balance in two blocs",
        f"The best division in two blocs breaks {two.index} of {study.ties.m} ties. "
        + verdict(study),
        [judged(study), Table("Ties that this division breaks", ["pair", "kind", "rests on"],
                              rows)], charts,
        [*notes, "A broken tie joins friends on different sides or enemies on the same side. The "
         "two null models ask different questions: shuffled signs also undo the treaty groups of "
         "friends, rewired enmities keep them."],
        certificate=two.certificate, certified=two.exact)


def _blocs(study: Study) -> Section:
    many = study.many
    rows = [(f"{k + 1}", len(g), ", ".join(g)) for k, g in enumerate(many.groups)]
    tied = {study.ties.actors[k] for k in np.flatnonzero(study.tied)}
    alone = [a for a in many.alone if a in tied]
    charts = [_matrix(study, many.blocs, many.broken, "Ties in the order of the blocs")] \
        if study.ties.m else []
    notes = [f"Alone: {', '.join(alone)}."] if alone else []
    return Section(
        "blocs", "Blocs, any number",
        f"The best division in any number of blocs breaks {many.index} ties, against "
        f"{study.two.index} with two blocs.",
        [Table("", ["bloc", Column("states", format=".0f"), "members"], rows)], charts,
        [*notes, "The blocs are a division that breaks the fewest ties. Other divisions may break "
         "as few."],
        certificate="exact: count and bound are equal" if many.exact
        else f"not proved: the program's bound is {many.bound}", certified=many.exact)


def _at_once(study: Study) -> Section:
    rows = [(f"{a} and {b}", "; ".join(e)) for a, b, e in study.at_once]
    shown, notes = _cut(rows)
    return Section("at-once", "Friend and enemy at once",
                   f"{len(rows)} pairs have a friendly and a hostile tie at once. They count as "
                   "hostile.", [Table("", ["pair", "rests on"], shown)] if rows else [],
                   notes=notes)


def _between(study: Study) -> Section:
    ties = study.ties
    number = counts(study.between)
    rows = [(b.actor, " and ".join(b.enemies), "; ".join(ties.evidence[b.ties[0]]),
             "; ".join(ties.evidence[b.ties[1]]), "; ".join(ties.evidence[b.ties[2]]))
            for b in study.between]
    shown, notes = _cut(rows)
    lead = (f"{len(number)} states have a friendly tie with each of two enemies, "
            f"{len(rows)} pairs in all.")
    return Section("between", "Between two enemies", lead, [
        Table("", ["state", Column("pairs", format=".0f")], list(number.items())),
        Table("Behind each pair", ["state", "enemies", "tie with the first", "tie with the second",
                                   "their enmity"], shown)] if rows else [], notes=notes)


def _neighbourhood(study: Study) -> Section:
    from detente.render.charts import neighbourhood

    ties = study.ties
    own = dict(ties.of(study.state))
    place = {a: k for k, a in enumerate(ties.actors)}
    around = sorted(own, key=lambda a: (int(study.many.blocs[place[a]]), a))
    if len(around) > MOST_AROUND:  # hostile ties are rarer, so they are kept first
        kept = sorted(around, key=lambda a: ties.values[own[a]] > 0)[:MOST_AROUND]
        around = [a for a in around if a in set(kept)]
    drawn = [{"first": study.state, "second": a, "kind": _kind(study, own[a])} for a in around]
    inside = set(around)
    drawn += [{"first": ties.actors[int(i)], "second": ties.actors[int(j)],
               "kind": _kind(study, e)} for e, (i, j) in enumerate(ties.edges)
              if ties.signs[e] < 0 and {ties.actors[int(i)], ties.actors[int(j)]} <= inside]
    rows, notes = _cut([_row(study, e) for e in own.values()])
    if len(own) > len(around):
        notes.append(f"The drawing shows {len(around)} of {len(own)} neighbours.")
    return Section(
        "neighbourhood", f"Ties of {study.state}", neighbours(study),
        [Table("", ["pair", "kind", "rests on"], rows)],
        [neighbourhood(study.state, around, drawn)] if around else [],
        [*notes, "Lines among the neighbours are hostile ties only."])


def _series(study: Study) -> Section:
    from detente.render.charts import frustration_series

    rows = study.series or []
    proved = sum(bool(r["exact"]) for r in rows)
    columns = ["year", "states", "ties", "hostile", "both", "two", "many", "between"]
    table = Table("Every tenth year", [Column(c, format=".0f") for c in columns],
                  [tuple(r[c] for c in columns) for r in rows if r["year"] % 10 == 0])
    return Section(
        "series", f"Frustration {rows[0]['year']} to {rows[-1]['year']}",
        f"By the definition {study.ties.definition}. The number of states and of ties grows, so "
        "compare each year with its null models and not with other years.",
        [table], [frustration_series(rows, study.wars, highlight=study.ties.year)],
        [f"Shaded: years with a war between two major powers. {proved} of {len(rows)} years are "
         "proved exact."], certified=proved == len(rows))
>>>>>>> wcore
