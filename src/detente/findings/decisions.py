"""Pivotal decisions: the moves with the largest effect on the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.findings.finding import ActRow, Finding, act_rows, frame
from detente.findings.paths import below, movers, weightiest
from detente.render.numbers import percent
from detente.scenario.labels import in_sentence

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "DecisionRow", "rows", "section", "table"]


class MoveRow(TypedDict):
    """A move: its probability, and that of the outcome after it."""

    move: str
    acts: list[ActRow]
    probability: float
    outcome: float


class DecisionRow(TypedDict):
    """A decision: the moves before it, its probability, its weight and its moves."""

    actors: list[str]
    after: list[str]
    after_acts: list[list[ActRow]]
    reach: float
    weight: float
    moves: list[MoveRow]


def rows(analysis: Analysis, most: int = 8) -> list[DecisionRow]:
    """Return the decisions with the largest weight.

    The weight is the probability of reaching the decision times the standard deviation of the
    outcome's probability over its moves.
    """
    game, eq = analysis.compiled.tree, analysis.fallible
    war = below(eq, analysis.mask)
    out: list[DecisionRow] = []
    for n, weight in weightiest(analysis, war, most):
        kids = sorted(game.children(n), key=lambda c: -eq.q[c])[:4]
        out.append({
            "actors": movers(game, n), "after": game.story(n, analysis.titles),
            "after_acts": list(map(act_rows, game.history(n))),
            "reach": float(eq.reach[n]), "weight": weight,
            "moves": [
                {"move": game.move_into(c).deed(analysis.titles),
                 "acts": act_rows(game.move_into(c)), "probability": float(eq.q[c]),
                 "outcome": float(war[c])} for c in kids
            ],
        })
    return out


def table(analysis: Analysis) -> pd.DataFrame:
    """Return one row per move of each decision."""
    return frame([
        {"actor": " and ".join(d["actors"]), "after": d["after"], "reach": d["reach"],
         "weight": d["weight"], **m}
        for d in analysis.once(rows) for m in d["moves"]
    ])


def section(analysis: Analysis) -> Section:
    """Return the decisions with their moves."""
    from detente.render import Column, Section, Table

    found = analysis.once(rows)
    def named(row: DecisionRow) -> str:
        return " and ".join(analysis.titles[a] for a in row["actors"])

    lead = "No decision changes the probability of this outcome."
    if found:
        first = found[0]
        when = " → ".join(first["after"])
        who = " and ".join(in_sentence(analysis.titles[a]) for a in first["actors"])
        lead = (f"The most influential decision is that of {who} "
                f"{'after: ' + when if when else 'at the start'}.")
    return Section(
        FINDING.key, FINDING.title, lead,
        tables=[Table("", [
            "actor", "after", Column("reached", format="percent"),
            f"moves: probability → P({analysis.question}) after the move",
        ], [
            (named(d), " → ".join(d["after"]) or "(at the start)", d["reach"],
             "; ".join(f"{m['move']} {percent(m['probability'])} → {percent(m['outcome'])}"
                       for m in d["moves"])) for d in found
        ])],
        notes=["Decisions are ranked by the probability of reaching them, times the spread of the "
               "outcome's probability over their moves (fallible model)."],
        certified=analysis.fallible.certificate.certified,
    )


FINDING = Finding("decisions", "Pivotal decisions", 35, section, lambda a: a.once(rows),
                  list[DecisionRow], table)
