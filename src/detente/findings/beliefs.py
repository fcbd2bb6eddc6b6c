"""Beliefs about resolve and other private information along a probable path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import TypedDict

from detente.findings.finding import ActRow, Finding, act_rows
from detente.render.numbers import percent

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "BeliefRow", "groups", "rows", "section"]


class BeliefRow(TypedDict):
    """The observer's belief after a move: probability of a group of one actor's types."""

    step: int
    move: str
    acts: list[ActRow]
    about: str
    type: str
    probability: float


def groups(analysis: Analysis, actor: str) -> list[tuple[str, np.ndarray]] | None:
    """Gather an actor's types into at most three named groups by its first private quantity.

    Returns
    -------
    list of (name, indices), or None if the actor has no private information
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


def rows(analysis: Analysis) -> list[BeliefRow]:
    """Return posteriors along the path on which beliefs change most."""
    game, eq = analysis.compiled.tree, analysis.fallible
    leaf = best_leaf(analysis)
    way = [leaf]
    while game.parent[way[-1]] >= 0:
        way.append(int(game.parent[way[-1]]))
    way.reverse()
    out: list[BeliefRow] = []
    for actor in game.players:
        parts = groups(analysis, actor)
        if parts is None:
            continue
        for step, node in enumerate(way):
            posterior = eq.belief_at(node, actor)
            move = "at the start" if node == 0 else game.move_into(node).words(analysis.titles)
            acts = [] if node == 0 else act_rows(game.move_into(node))
            out += [
                {"step": step, "move": move, "acts": acts, "about": actor, "type": name,
                 "probability": float(posterior[at].sum())}
                for name, at in parts
            ]
    return out


def best_leaf(analysis: Analysis, most: int = 60) -> int:
    """Return the leaf of the path on which beliefs change most.

    Among the most probable paths, the one with the greatest product of reach and the largest
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
    """Return the section, or None if no actor has private information."""
    from detente.render import Section, charts

    found: list[BeliefRow] = [
        {**r, "about": analysis.titles[r["about"]]} for r in analysis.once(rows)
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
        f"The chart shows the probable path on which beliefs change most (probability "
        f"{percent(reach)}). "
    )
    if percent(first) == percent(last):
        lead += f"Beliefs hardly change: {actor} has {kind} with probability {percent(first)}."
    else:
        lead += (f"The probability that {actor} has {kind} changes from {percent(first)} to "
                 f"{percent(last)}.")
    return Section(
        FINDING.key, FINDING.title, lead,
        charts=[charts.beliefs(found, types=order)],
        notes=["Posterior probabilities from the analyst's prior, fallible model. If a threat is "
               "not carried out, this chart shows whether beliefs about resolve fall."],
        certified=analysis.fallible.certificate.certified,
    )


FINDING = Finding("beliefs", "Beliefs along a probable path", 60, section, lambda a: a.once(rows),
                  list[BeliefRow])
