"""A signed network as report sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Ints
from detente.render.numbers import percent
from detente.render.section import Chart, Column, Report, Section, Table
from detente.world.between import counts
from detente.world.study import Study
from detente.world.words import NOT_PROVED, OTHERS, brief, counted, judged, neighbours, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cut_rows", "report", "sections"]

MOST_ROWS = 200
"""Rows of a table of ties in the report; the JSON document holds all."""
REST = -1
"""The states that no chain of ties connects with the two blocs: they stand last in the matrix."""
MOST_AROUND = 40
"""Neighbours that the drawing of one state shows."""


def report(study: Study, data: dict[str, Any] | None = None, *, charts: bool = True) -> Report:
    """Return the whole report, with the first screen as its brief.

    A terminal shows no charts; to draw them takes a second.
    """
    meta = {"definition": study.ties.definition, "seed": study.seed,
            "random networks": len(study.nulls[0].values)}
    if study.file:
        meta |= {"file": study.file, "sha256": study.sha256}
    return Report(study.ties.title, "A signed network", verdict(study), sections(study, charts),
                  meta=meta, brief=brief(study), answer_certified=study.exact, data=data)


def sections(study: Study, charts: bool = True) -> list[Section]:
    """Return the sections after the first screen, with or without their charts."""
    made = [_ties(study), _balance(study, charts), _blocs(study, charts), _at_once(study),
            _between(study)]
    if study.state:
        made.append(_neighbourhood(study, charts))
    if study.series is not None:
        made.append(_series(study, charts))
    return made


def _kind(study: Study, e: int) -> str:
    if study.ties.both[e]:
        return "both at once"
    return "friendly" if study.ties.values[e] > 0 else "hostile"


def _row(study: Study, e: int) -> tuple[str, str, str]:
    i, j = study.ties.edges[e]
    return (f"{study.ties.actors[int(i)]} and {study.ties.actors[int(j)]}", _kind(study, e),
            "; ".join(study.ties.evidence[e]))


def cut_rows(rows: Sequence[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Return the rows that a report shows, and a note on those left out."""
    left = len(rows) - MOST_ROWS
    return list(rows[:MOST_ROWS]), (
        [f"{left} more rows are left out here; --json holds all."] if left > 0 else [])


def _ties(study: Study) -> Section:
    ties = study.ties
    rows, notes = cut_rows([_row(study, int(e)) for e in np.flatnonzero(ties.signs < 0)])
    tables = [Table("Hostile ties", ["pair", "kind", "rests on"], rows)]
    if study.others:
        tables.append(Table("Other definitions of a tie", [
            "definition", "says", Column("ties", format=".0f"), Column("hostile", format=".0f"),
            Column("two blocs", format=".0f"), Column("any number", format=".0f")], [
            (o.definition, o.words, o.ties, o.hostile, o.two, o.many) for o in study.others]))
        if open_ := [o.definition for o in study.others if not o.exact]:
            notes.append(f"Not proved, so that fewer may be broken: {', '.join(open_)}.")
    notes += ["Names of states are those of the Correlates of War list."] if ties.codes else []
    words = ties.words[:1].upper() + ties.words[1:].rstrip(".")
    return Section("ties", "Ties", f"{words}. {counted(study)}", tables,
                   notes=[*notes, *dict.fromkeys(ties.sources)])


def _order(blocs: Ints, tied: Sequence[bool]) -> tuple[list[int], list[int]]:
    """Return the tied actors by bloc, the largest bloc first and `REST` last, and their sizes."""
    held: dict[int, list[int]] = {}
    for k in np.flatnonzero(tied):
        held.setdefault(int(blocs[k]), []).append(int(k))
    groups = [g for _, g in sorted(held.items(), key=lambda x: (x[0] == REST, -len(x[1]), x[1]))]
    return [k for g in groups for k in g], [len(g) for g in groups]


def _matrix(study: Study, blocs: Ints, broken: Any, title: str) -> Chart:
    from detente.render.charts import signed_matrix

    ties = study.ties
    order, sizes = _order(blocs, list(study.tied))
    cells = [{"first": ties.actors[int(i)], "second": ties.actors[int(j)], "kind": _kind(study, e),
              "broken": bool(broken[e])} for e, (i, j) in enumerate(ties.edges)]
    return signed_matrix(cells, [ties.actors[k] for k in order], sizes,
                         title=f"{title} (circled: broken)")


def _connected(study: Study) -> Ints:
    """Return the two sides of the largest component, and `REST` for all other actors."""
    out = np.full(study.ties.n, REST, dtype=np.int64)
    largest = study.ties.components()[0]
    out[largest] = study.two.blocs[largest]
    return out


def _balance(study: Study, charts: bool) -> Section:
    two = study.two
    rows, notes = cut_rows([_row(study, int(e)) for e in np.flatnonzero(two.broken)])
    drawn = _null_charts(study) if charts else []
    for null in study.nulls:
        if null.proved < 1:
            over = float((null.values - null.bounds).mean())
            notes.append(f"{null.words}: {percent(null.proved)} of the random networks are "
                         f"proved; the mean may be too high by at most {over:.1f}.")
    outside = int((_connected(study) == REST)[study.tied].sum()) if study.ties.m else 0
    if outside:
        notes.append(f"No chain of ties connects {outside} states with the two blocs. They are the "
                     "last group of the matrix, and belong to neither bloc.")
    if not two.settled:
        notes.append(OTHERS)
    if two.either:
        notes.append("Other divisions break as few ties. In some of them these are in the other "
                     f"bloc: {', '.join(two.either)}.")
    return Section(
        "balance", "Balance in two blocs",
        f"The {two.best} in two blocs breaks {two.index} of {study.ties.m} ties"
        f"{'' if two.exact else NOT_PROVED}. "
        + verdict(study),
        [judged(study), Table("Ties that this division breaks", ["pair", "kind", "rests on"],
                              rows)], drawn,
        [*notes, "A broken tie joins friends on different sides or enemies on the same side. The "
         "two null models ask different questions: shuffled signs also undo the treaty groups of "
         "friends, rewired enmities keep them."],
        certificate=two.certificate, certified=two.exact)


def _null_charts(study: Study) -> list[Chart]:
    from detente.render.charts import null_models

    two = study.two
    drawn = [null_models(two.index, {n.words: n.values.tolist() for n in study.nulls},
                         bound=two.bound)]
    if study.ties.m:
        drawn.append(_matrix(study, _connected(study), two.broken,
                             "Ties in the order of two blocs"))
    return drawn


def _blocs(study: Study, charts: bool) -> Section:
    many = study.many
    rows = [(f"{k + 1}", len(g), ", ".join(g)) for k, g in enumerate(many.groups)]
    tied = {study.ties.actors[k] for k in np.flatnonzero(study.tied)}
    alone = [a for a in many.alone if a in tied]
    drawn = [_matrix(study, many.blocs, many.broken, "Ties in the order of the blocs")] \
        if charts and study.ties.m else []
    notes = [f"Alone: {', '.join(alone)}."] if alone else []
    return Section(
        "blocs", "Blocs, any number",
        f"The {many.best} in any number of blocs breaks {many.index} ties"
        f"{'' if many.exact else NOT_PROVED}, against {study.two.index} with two blocs.",
        [Table("", ["bloc", Column("states", format=".0f"), "members"], rows)], drawn,
        [*notes, f"The blocs are a {many.best}. Other divisions may break as few."],
        certificate=many.certificate, certified=many.exact)


def _at_once(study: Study) -> Section:
    rows = [(f"{a} and {b}", "; ".join(e)) for a, b, e in study.at_once]
    shown, notes = cut_rows(rows)
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
    shown, notes = cut_rows(rows)
    lead = (f"{len(number)} states have a friendly tie with each of two enemies, "
            f"{len(rows)} pairs in all.")
    return Section("between", "Between two enemies", lead, [
        Table("", ["state", Column("pairs", format=".0f")], list(number.items())),
        Table("Behind each pair", ["state", "enemies", "tie with the first", "tie with the second",
                                   "their enmity"], shown)] if rows else [], notes=notes)


def _neighbourhood(study: Study, charts: bool) -> Section:
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
    rows, notes = cut_rows([_row(study, e) for e in own.values()])
    if len(own) > len(around):
        notes.append(f"The drawing shows {len(around)} of {len(own)} neighbours.")
    return Section(
        "neighbourhood", f"Ties of {study.state}", neighbours(study),
        [Table("", ["pair", "kind", "rests on"], rows)],
        [neighbourhood(study.state, around, drawn)] if charts and around else [],
        [*notes, "Lines among the neighbours are hostile ties only."])


def _series(study: Study, charts: bool) -> Section:
    from detente.render.charts import frustration_series
    from detente.world.nulls import RARE, WORDS
    from detente.world.series import DRAWS

    rows = study.series or []
    proved = sum(bool(r["exact"]) for r in rows)
    columns = ["year", "states", "ties", "hostile", "both", "two", "many", "between"]
    table = Table("Every tenth year", [*(Column(c, format=".0f") for c in columns), "proved"],
                  [(*(r[c] for c in columns), "yes" if r["exact"] else "no")
                   for r in rows if r["year"] % 10 == 0])
    balanced = "; ".join(f"{words}, {sum(r[f'{name}_at_or_below'] <= RARE for r in rows)}"
                         for name, words in WORDS.items())
    return Section(
        "series", f"Frustration {rows[0]['year']} to {rows[-1]['year']}",
        f"By the definition {study.ties.definition}. The number of states and of ties grows, so "
        "compare each year with its null models and not with other years.",
        [table],
        [frustration_series(rows, study.wars, highlight=study.ties.year)] if charts else [],
        [f"Of {len(rows)} years, more balanced than {percent(1 - RARE)} of {DRAWS} random "
         f"networks: {balanced}.",
         f"Shaded: years with a war between two major powers. {proved} of {len(rows)} years are "
         "proved exact. In the others fewer ties may be broken."
         if proved < len(rows) else
         f"Shaded: years with a war between two major powers. All {proved} years are proved "
         "exact."], certified=proved == len(rows))
