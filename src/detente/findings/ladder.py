"""Escalation ladder: the probability of each rung, and the costs of standing on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import TypedDict

from detente.findings.finding import Finding
from detente.identifiers import Act
from detente.scenario.labels import in_sentence

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "RungRow", "rows", "section"]


class RungRow(TypedDict):
    """A rung: probability that it is reached, by each actor, and notes on its costs."""

    name: str
    reach: float
    by: dict[str, float]
    notes: list[str]
    start: bool


def rows(analysis: Analysis) -> list[RungRow]:
    """Return one row per rung, the lowest first; fallible model."""
    compiled = analysis.compiled
    rules, game, eq = compiled.graph.rules, compiled.tree, analysis.fallible
    start = [rules.scenario.start_rung(p) for p in rules.principals]
    out: list[RungRow] = []
    for rung in rules.scenario.ladder:
        notes = [
            f"{label} {shown(value, analysis.titles)}" for m in rules.mechanisms
            for label, value in m.rung_notes(rung).items() if value is not None
        ]
        if rung.by is not None:
            notes.insert(0, f"rung of {in_sentence(analysis.titles[rung.by])} alone")
        if rung.ending is None:
            owners = [p for p in rules.principals if rung.by in (None, p)]
            by = {p: entered(analysis, Act(p, "escalate", rung.name)) for p in owners}
            for p, at in zip(rules.principals, start, strict=True):
                if p not in owners:
                    continue  # it passes over the rung
                if at == rung.name or below(rules, rung.name, at):
                    by[p] = 1.0
            either = entered(
                analysis, *(Act(p, "escalate", rung.name) for p in rules.principals)
            )
            reach = 1.0 if max(by.values()) == 1.0 else either
        else:
            by = dict[str, float]()
            wars = ("loss to all",) if rung.ending == "loss to all" else tuple(rules.wars)
            mask = np.array([o.kind in wars for o in game.outcome_kinds])
            reach = float(np.array(list(eq.outcomes().values()))[mask].sum())
        out.append({"name": rung.name, "reach": reach, "by": by, "notes": notes,
                    "start": rung.name in start})
    below_war = len(rules.rungs)
    return [*out[:below_war], *beside(analysis), *out[below_war:]]


def beside(analysis: Analysis) -> list[RungRow]:
    """Return one row per rung of an actor that is no principal."""
    out: list[RungRow] = []
    for m in analysis.compiled.graph.rules.mechanisms:
        for name, (act, notes) in m.rungs_beside().items():
            reach = entered(analysis, act)
            who = analysis.titles[act.actor]
            out.append({"name": name.replace("{whom}", who), "reach": reach,
                        "by": {act.actor: reach}, "start": False,
                        "notes": [f"{k} {v}" for k, v in notes.items() if v is not None]})
    return out


def below(rules: Any, rung: str, at: str) -> bool:
    """Whether a rung is below the one a principal starts on."""
    names = [r.name for r in rules.rungs]
    return rung in names and names.index(rung) < names.index(at)


def shown(value: Any, titles: Mapping[str, str]) -> str:
    """Write a number of the ladder, by actor if it differs."""
    if value.common is not None:
        return str(value.common)
    return ", ".join(f"{titles[a]} {q}" for a, q in value.each.items())


def entered(analysis: Analysis, *acts: Act) -> float:
    """Return the probability that one of some moves is made (first entries only)."""
    game, eq = analysis.compiled.tree, analysis.fallible
    known = [k for k, move in enumerate(game.moves) if move in acts]
    hit = np.isin(game.move, known)
    before = np.zeros(game.n_nodes, dtype=bool)
    total = 0.0
    for d in range(1, len(game.level) - 1):
        here = np.arange(game.level[d], game.level[d + 1])
        seen = before[game.parent[here]]
        total += float(eq.reach[here[hit[here] & ~seen]].sum())
        before[here] = seen | hit[here]
    return total


def section(analysis: Analysis) -> Section | None:
    """Return the drawing of the ladder, or None if the case has no ladder."""
    from detente.render import Section, charts

    if not analysis.scenario.ladder:
        return None
    return Section(
        FINDING.key, FINDING.title,
        "The chart shows the probability that each side reaches each rung (fallible model).",
        charts=[charts.ladder([
            {**r, "by": {analysis.titles[a]: p for a, p in r["by"].items()}}
            for r in analysis.once(rows)
        ])],
        certified=analysis.fallible.certificate.certified,
    )


FINDING = Finding("ladder", "Escalation ladder", 50, section, lambda a: a.once(rows),
                  list[RungRow])
