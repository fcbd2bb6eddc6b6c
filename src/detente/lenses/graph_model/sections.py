"""The graph model's findings as sections of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.lenses.graph_model.draw import drawing
from detente.lenses.graph_model.robustness import Swap
from detente.lenses.graph_model.study import Study
from detente.render.section import Column, Report, Section, Table

__all__ = ["answer", "report", "sections"]

SHOWN = 40
"""Most states that a table shows."""
PRINTED = 4
"""Most rows of a table on paper, so that a report has at most 14 pages."""

VARIANTS = {
    "simple": "preferences as ranked",
    "strong": "only strong sanctions deter",
    "unknown a": "unknown states tempt and do not deter",
    "unknown b": "unknown states neither tempt nor deter",
    "unknown c": "unknown states tempt and deter",
    "unknown d": "unknown states do not tempt but deter",
}


def answer(study: Study) -> str:
    """Return the main result in one sentence.

    Examples
    --------
    >>> from detente.lenses.graph_model.file import loads
    >>> from detente.lenses.graph_model.study import study
    >>> case = loads('''
    ... graph: chicken
    ... title: Two cars
    ... decision_makers:
    ...   one: {options: {go: Drive straight on}, preferences: [not (go and on), not on, go]}
    ...   two: {options: {on: Drive straight on}, preferences: [not (go and on), not go, on]}
    ... ''')
    >>> answer(study(case))
    'Graph model: 2 of 4 states are stable for everyone under every concept (go, on); 1 more ...'
    """
    sets = list(study.main.sets().values())
    model = study.case.model
    firm = sorted(frozenset.intersection(*sets))
    some = sorted(frozenset.union(*sets))
    if not some:
        return f"Graph model: no state of {model.size} is stable for everyone."
    names = _names(study, firm)
    if firm:
        text = (
            f"Graph model: {len(firm)} of {model.size} states "
            f"{'is' if len(firm) == 1 else 'are'} stable for everyone under every concept"
            f" ({names})"
        )
        rest = len(some) - len(firm)
        return text + (f"; {rest} more under some concepts." if rest else ".")
    return (
        f"Graph model: no state is stable for everyone under every concept; {len(some)} of "
        f"{model.size} are stable under some concept ({_names(study, some)})."
    )


def sections(study: Study, *, draw: bool = True) -> list[Section]:
    """Return the findings in order of importance.

    Parameters
    ----------
    study
        From :func:`detente.lenses.graph_model.study.study`.
    draw
        Whether to add the graph of states and moves.
    """
    out = [_equilibria(study, draw)]
    if len(study.analyses) > 1:
        out.append(_variants(study))
    if study.evolution:
        out.append(_evolution(study))
    if study.universal is not None or study.improvements:
        out.append(_coalitions(study))
    if study.inverse:
        out.append(_inverse(study))
    if study.swaps is not None:
        out.append(_robustness(study))
    out.append(_preferences(study))
    return out


def report(study: Study) -> Report:
    """Return the whole report of one graph model."""
    written = study.case.file
    return Report(
        title=written.title,
        subtitle=f"Graph model for conflict resolution: {written.question or written.graph}",
        answer=answer(study),
        sections=sections(study),
        meta={
            "model": written.graph,
            "file_sha256": study.case.sha256,
            "version": study.as_dict()["version"],
            "sources": "; ".join(f"{s.id}: {s.cite}" for s in written.sources) or None,
        },
        data=study.as_dict(),
    )


def _names(study: Study, states: Sequence[int], most: int = 6) -> str:
    names = [study.case.title(s) for s in states[:most]]
    more = f" and {len(states) - most} more" if len(states) > most else ""
    return ", ".join(names) + more


def _steps(study: Study, path: Sequence[tuple[int, int]]) -> str:
    """Return moves in words, such as ``Bland to pledge → Aland to nothing``."""
    case = study.case
    return " → ".join(f"{case.makers[i]} to {case.title(s)}" for i, s in path)


def _equilibria(study: Study, draw: bool) -> Section:
    case, main = study.case, study.main
    sets = main.sets()
    states = study.equilibria()
    firm = [s for s in states if all(s in x for x in sets.values())]
    ordered = firm + [s for s in states if s not in firm]
    rows = [
        [case.title(s), case.describe(s), *("yes" if s in sets[c] else "" for c in sets)]
        for s in ordered[:SHOWN]
    ]
    notes = list(study.notes)
    if len(ordered) > SHOWN:
        notes.insert(0, f"{len(ordered) - SHOWN} further equilibria are in the JSON.")
    notes.append(
        "Nash: no decision maker has an improving move. SEQ: each improving move is deterred by a "
        "sequence of improving moves of the others. GMR: each improving move is deterred by any "
        "sequence of the others' moves. SMR: as GMR, and the mover cannot avoid the sanction by a "
        "second move."
    )
    return Section(
        id="graph-equilibria",
        title="Stable states (graph model)",
        lead=answer(study),
        tables=[Table("Equilibria, graph model", ["state", "options taken", *sets], rows,
                      printed=PRINTED)],
        notes=notes,
        certificate="exact: every state was tested under every definition",
        certified=True,
        html=drawing(study) if draw else None,
    )


def _variants(study: Study) -> Section:
    rows: list[Sequence[Any]] = []
    for a in study.analyses:
        label = VARIANTS.get(a.variant, a.variant)
        for c in a.stable:
            found = a.equilibria(c).tolist()
            rows.append([a.variant, label, c, len(found), _names(study, found, 8)])
    return Section(
        id="graph-variants",
        title="Strength and uncertainty of preference (graph model)",
        lead="Equilibria if preferences are strong or unknown, for each definition of stability.",
        tables=[
            Table(
                "Equilibria by definition, graph model",
                ["definition", "meaning", "concept", Column("number", format=","), "states"],
                rows,
                printed=PRINTED,
            )
        ],
        certificate="exact",
        certified=True,
    )


def _evolution(study: Study) -> Section:
    model = study.case.model

    def way(path: Sequence[tuple[int, int]] | None) -> str:
        if path is None:
            return ""
        return _steps(study, path) or "here already"

    rows = [
        [
            study.case.title(e.state),
            e.verdict,
            way(e.improving_path if e.improving_path is not None else e.path),
        ]
        for e in study.evolution[:SHOWN]
    ]
    near = [e.state for e in study.evolution if e.verdict == "by improvements"]
    today = study.case.title(model.status_quo or 0)
    stays = any(e.verdict == "here" for e in study.evolution)
    if near:
        lead = (
            f"The parties can move from the status quo ({today}) to {_names(study, near)} by steps "
            "that each improve the mover's outcome."
        )
    else:
        lead = (
            f"The status quo ({today}) is stable under some concept. No other equilibrium "
            if stays
            else f"From the status quo ({today}) no equilibrium "
        ) + "can be reached by moves from which each mover gains."
    return Section(
        id="graph-evolution",
        title="Paths from the status quo (graph model)",
        lead=lead,
        tables=[
            Table(
                "Shortest paths from the status quo, graph model",
                ["equilibrium", "verdict", "moves"],
                rows,
                printed=PRINTED,
            )
        ],
        certificate="exact: shortest legal sequences, in which no one moves twice in a row",
        certified=True,
    )


def _coalitions(study: Study) -> Section:
    makers = study.case.makers
    rows = [
        [
            " + ".join(makers[i] for i in c.members),
            study.case.title(c.start),
            study.case.title(c.end),
            _steps(study, c.path),
        ]
        for c in study.improvements[:SHOWN]
    ]
    tables = (
        [
            Table(
                "Coalition improvements, graph model",
                ["coalition", "from", "to", "moves"],
                rows,
                printed=PRINTED,
            )
        ]
        if rows
        else []
    )
    if study.universal is not None:
        tables.append(
            Table(
                "States stable for every coalition, graph model",
                ["concept", Column("number", format=","), "states"],
                [[c, len(v), _names(study, v, 8)] for c, v in study.universal.items()],
            )
        )
    lead = (
        "A coalition can leave some equilibria so that all its members gain."
        if rows
        else "No coalition has an improvement from an equilibrium."
    )
    return Section(
        id="graph-coalitions",
        title="Coalitions (graph model)",
        lead=lead,
        tables=tables,
        certificate="exact",
        certified=True,
    )


def _inverse(study: Study) -> Section:
    makers = study.case.makers
    wanted = study.case.title(study.wanted or 0)
    rows = [
        [
            makers[x.maker],
            x.concept,
            x.stable,
            x.share,
            x.rise,
            "" if not x.lower else ", ".join(study.case.title(s) for s in x.lower),
        ]
        for x in study.inverse
    ]
    blockers = sorted({makers[x.maker] for x in study.inverse if not x.stable})
    lead = (
        f"{wanted} is not stable at present because of {', '.join(blockers)}. The table shows "
        "the changes in their preferences that make it stable."
        if blockers
        else f"{wanted} is stable for everyone under every concept."
    )
    return Section(
        id="graph-inverse",
        title=f"Conditions for the stability of {wanted} (graph model)",
        lead=lead,
        tables=[
            Table(
                "Inverse analysis, graph model",
                [
                    "decision maker",
                    "concept",
                    "stable at present",
                    Column("share of rankings", format="percent"),
                    Column("required rise", unit="places", format="d"),
                    "or states that must fall below it",
                ],
                rows,
                printed=PRINTED,
            )
        ],
        notes=[
            "Share of rankings: share of all strict rankings of the states under which the state "
            "is stable for the decision maker, with the others' moves fixed."
        ],
        certificate="exact",
        certified=True,
    )


def _robustness(study: Study) -> Section:
    makers = study.case.makers
    called = {s: study.case.title(k) for k, s in enumerate(study.case.model.states)}
    matter = [s for s in study.swaps or () if s.matters]

    def told(swap: Swap, side: Sequence[str]) -> str:
        """Return the swapped statement as written, or the swapped states in words."""
        words = called if swap.what == "states" else {}
        return " = ".join(words.get(name, name) for name in side)

    def change(sets: dict[str, tuple[int, ...]]) -> str:
        by_states: dict[tuple[int, ...], list[str]] = {}
        for concept, states in sets.items():
            by_states.setdefault(states, []).append(concept)
        return "; ".join(
            f"{_names(study, states, 4)} ({', '.join(concepts)})"
            for states, concepts in by_states.items()
        )

    total = len(study.swaps or ())
    rows = [
        [makers[s.maker], s.what, told(s, s.better), told(s, s.worse),
         change(s.gained), change(s.lost)]
        for s in matter[:SHOWN]
    ]
    return Section(
        id="graph-robustness",
        title="Robustness to the rankings (graph model)",
        lead=f"Swapping two adjacent levels in one ranking changes the stable states in "
        f"{len(matter)} of {total} cases.",
        tables=[
            Table(
                "Swaps that change the stable states, graph model",
                ["decision maker", "swapped", "preferred", "over", "gained", "lost"],
                rows,
                printed=PRINTED,
            )
        ],
        certificate="exact: the model was analysed again for every swap",
        certified=True,
    )


def _preferences(study: Study) -> Section:
    model, case = study.case.model, study.case
    rows: list[Sequence[Any]] = []
    for i, entry in enumerate(case.file.decision_makers.values()):
        name = case.makers[i]
        for k, said in enumerate(entry.preferences or (), start=1):
            kind = "strong" if said.strong else "unknown" if said.unknown else ""
            rows.append([name, k, said.says, kind, said.reason, said.source])
        if entry.ranking is not None:
            order = [
                " = ".join(study.case.title(s) for s in group)
                for group in model.preferences[i].order()[:30]
            ]
            rows.append([name, 1, " > ".join(order), "ranking", entry.reason, None])
    words = [f"{o.replace('_', ' ')}: {x.says}" for m in case.file.decision_makers.values()
             for o, x in m.options.items()]
    return Section(
        id="graph-preferences",
        title="Assumed preferences (graph model)",
        lead="Preferences as the file states them, most important first.",
        notes=["Options in states and statements: " + "; ".join(words) + "."]
        if words else [],
        tables=[
            Table(
                "Preferences, graph model",
                [
                    "decision maker",
                    Column("order", format="d"),
                    "statement",
                    "kind",
                    "reason",
                    "source",
                ],
                rows,
                printed=2 * PRINTED,
            )
        ],
    )
