"""Beliefs: what each side comes to believe of the other's types along a likely history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.findings.answer import percent

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["groups", "rows", "section"]


def groups(analysis: Analysis, actor: str) -> list[tuple[str, np.ndarray]] | None:
    """Gather an actor's types into at most three named groups by its first private quantity.

    Returns
    -------
    list of (name, indices), or None where the actor has nothing private
    """
    rules = analysis.compiled.graph.rules
    quantities = rules.quantities(actor)
    if not quantities:
        return None
    name = next(iter(quantities))
    spec = quantities[name]
    centre = {p: q.centre for p, q in rules.numbers.items()}
    values = np.real(rules._spread(actor, name, rules._table(actor, name, centre)[0]))
    word = name.rsplit(".", 1)[-1].replace("_", " ")
    if spec.n_types == 2:
        low = values.min()
        return [(f"low {word}", np.flatnonzero(values == low)),
                (f"high {word}", np.flatnonzero(values != low))]
    levels = np.unique(values)
    cuts = np.array_split(levels, 3)
    return [
        (f"{label} {word}", np.flatnonzero(np.isin(values, cut)))
        for label, cut in zip(("low", "middle", "high"), cuts, strict=True) if len(cut)
    ]


def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return posteriors along the history in which beliefs move most."""
    game, eq = analysis.compiled.tree, analysis.fallible
    leaf = best_leaf(analysis)
    way = [leaf]
    while game.parent[way[-1]] >= 0:
        way.append(int(game.parent[way[-1]]))
    way.reverse()
    out = []
    for actor in game.players:
        parts = groups(analysis, actor)
        if parts is None:
            continue
        for step, node in enumerate(way):
            posterior = eq.belief_at(node, actor)
            move = "at the start" if node == 0 else game.move_names[game.move[node]]
            out += [
                {"step": step, "move": move, "about": actor, "type": name,
                 "probability": float(posterior[at].sum())}
                for name, at in parts
            ]
    return out


def best_leaf(analysis: Analysis, most: int = 60) -> int:
    """Return the leaf of the history along which there is most to see.

    Among the likeliest histories, the one with the greatest product of reach and the largest
    movement of a posterior from its prior (in total variation).
    """
    game, eq = analysis.compiled.tree, analysis.fallible
    likely = game.leaves[np.argsort(-eq.leaf_reach, kind="stable")[:most]]

    def moved(leaf: int) -> float:
        return max(
            0.5 * float(np.abs(eq.belief_at(leaf, i) - game.prior[i]).sum())
            for i in range(game.n_players)
        )

    return int(max(likely, key=lambda leaf: eq.reach[leaf] * moved(int(leaf))))


def section(analysis: Analysis) -> Section | None:
    """Return the section, or None where nobody knows anything private."""
    from detente.render import Section, charts

    found = [
        {**r, "about": analysis.say(r["about"]), "move": analysis.say(r["move"])}
        for r in rows(analysis)
    ]
    if not found:
        return None
    order = list(dict.fromkeys(r["type"] for r in found))
    moved = []
    for actor in dict.fromkeys(r["about"] for r in found):
        for kind in order:
            line = [r["probability"] for r in found if (r["about"], r["type"]) == (actor, kind)]
            if line:
                moved.append((abs(line[-1] - line[0]), actor, kind, line[0], line[-1]))
    _, actor, kind, first, last = max(moved)
    reach = float(analysis.fallible.reach[best_leaf(analysis)])
    lead = (
        f"Among the likely histories beliefs move most along the one drawn here, which is followed "
        f"with probability {percent(reach)}: that {actor} has {kind} goes from {percent(first)} to "
        f"{percent(last)}."
    )
    return Section(
        "beliefs", "What they come to believe", lead,
        charts=[charts.beliefs(found, types=order)],
        notes=["Posteriors by the analyst's prior, in the fallible reading. That threats not "
               "carried out lose their force is to be seen here, if it happens."],
        certified=analysis.fallible.certificate.certified,
    )
