"""The game tree: its most probable part as a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.findings.finding import Finding
from detente.game.tree import CHANCE, TYPE_CHANCE
from detente.render.numbers import count

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "section"]


def section(analysis: Analysis) -> Section:
    """Return the drawing of the most probable part of the tree."""
    from detente.render import Section, charts

    game, eq = analysis.compiled.tree, analysis.fallible
    keep = np.argsort(-eq.reach, kind="stable")[:400]
    keep = keep[eq.reach[keep] > 0]
    titles = analysis.titles
    names = {
        int(z): analysis.ending_words[game.outcome_names[o]]
        for z, o in zip(game.leaves, game.outcome, strict=True)
    }

    def who(n: int) -> str | None:
        if n == 0:
            return None
        mover = int(game.mover[game.parent[n]])
        return "chance" if mover == CHANCE or mover <= TYPE_CHANCE else (
            titles[game.players[mover]] if mover >= 0 else "both"
        )

    nodes = [
        {"id": int(n), "parent": int(game.parent[n]) if n else None,
         "mover": who(int(n)),
         "move": game.move_into(n).deed(titles) if n else "",
         "probability": float(eq.q[n]), "reach": float(eq.reach[n]), "outcome": names.get(int(n))}
        for n in sorted(keep)
    ]
    return Section(
        FINDING.key, FINDING.title,
        f"The game has {count(game.n_nodes)} public nodes. "
        "The drawing shows the most probable ones.",
        charts=[charts.tree(nodes)],
        notes=["Probabilities are those of the fallible model. At each node the moves that are not "
               "drawn are added up."],
        certified=analysis.fallible.certificate.certified,
    )


FINDING = Finding("tree", "Game tree: most probable part", 45, section)
