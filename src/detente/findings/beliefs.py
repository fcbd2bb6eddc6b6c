"""Beliefs about resolve and other private information along a probable path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import TypedDict

from detente.findings.finding import ActRow, Finding, act_rows
from detente.render.numbers import percent
from detente.scenario.labels import in_sentence

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
    """Gather an actor's types by the level (low, middle, high) of its first private quantity.

    Returns
    -------
    list of (name, indices), lowest level first, or None if the actor has no private information
    """
    tree = analysis.compiled.tree
    types = tree.types[tree.players.index(actor)]
    first = [one.attributes[0] for one in types if one.attributes]
    if not first:
        return None
    found = [(f"{level} {first[0].quantity_words}",
              np.flatnonzero([one.level == level for one in first]))
             for level in ("low", "middle", "high")]
    return [(name, at) for name, at in found if len(at)]


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

    found = analysis.once(rows)
    if not found:
        return None
    order = list(dict.fromkeys(r["type"] for r in found))
    lines: dict[tuple[str, str], list[float]] = {}
    for r in found:
        lines.setdefault((r["about"], r["type"]), []).append(r["probability"])
    (about, kind), line = max(lines.items(), key=lambda item: abs(item[1][-1] - item[1][0]))
    actor, first, last = in_sentence(analysis.titles[about]), line[0], line[-1]
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
        charts=[charts.beliefs(
            [{**r, "about": analysis.titles[r["about"]]} for r in found], types=order)],
        notes=["Posterior probabilities from the analyst's prior, fallible model. If a threat is "
               "not carried out, this chart shows whether beliefs about resolve fall."],
        certified=analysis.fallible.certificate.certified,
    )


FINDING = Finding("beliefs", "Beliefs along a probable path", 60, section, lambda a: a.once(rows),
                  list[BeliefRow])
