"""Paths: the likeliest histories, the tree around them, and the decisions that matter most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.findings.answer import percent
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, PublicTree

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.equilibrium import Equilibrium
    from detente.render import Section

__all__ = ["below", "decisions", "rows", "section", "short", "tree_section", "weightiest"]

MOST = 12


def rows(analysis: Analysis, most: int = MOST) -> list[dict[str, Any]]:
    """Return the likeliest histories: moves, outcome, probability, and the deliberate one."""
    game = analysis.compiled.tree
    erring, careful = analysis.fallible.leaf_reach, analysis.deliberate.leaf_reach
    best = np.argsort(-(erring + careful), kind="stable")[:most]
    return [
        {
            "moves": game.history(int(game.leaves[z])),
            "outcome": game.outcome_names[game.outcome[z]],
            "probability": float(erring[z]), "deliberate": float(careful[z]),
        }
        for z in best
    ]


def below(equilibrium: Equilibrium, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return, for every node, the probability of some endings given that it is reached, (n,)."""
    game = equilibrium.game
    out = np.zeros(game.n_nodes)
    out[game.leaves] = mask[game.outcome]
    for d in range(len(game.level) - 2, 0, -1):
        here = np.arange(game.level[d], game.level[d + 1])
        np.add.at(out, game.parent[here], equilibrium.q[here] * out[here])
    return out


def decisions(analysis: Analysis, most: int = 8) -> list[dict[str, Any]]:
    """Return the decisions on which the outcome hangs most.

    A decision weighs its reach times the spread of the outcome's probability over its moves
    (their standard deviation under the mover's mix).
    """
    game, eq = analysis.compiled.tree, analysis.fallible
    war = below(eq, analysis.mask)
    out = []
    for n, weight in weightiest(analysis, war, most):
        kids = sorted(game.children(n), key=lambda c: -eq.q[c])[:4]
        out.append({
            "actor": movers(game, n), "after": game.history(n),
            "reach": float(eq.reach[n]), "weight": weight,
            "moves": [
                {"move": short(game.move_names[game.move[c]]), "probability": float(eq.q[c]),
                 "outcome": float(war[c])} for c in kids
            ],
        })
    return out


def weightiest(
    analysis: Analysis, war: NDArray[np.float64], most: int
) -> list[tuple[int, float]]:
    """Return the decision nodes that weigh most, with their weights; see `decisions`.

    ``war`` is the outcome's probability below every node, (n,).
    """
    game, eq = analysis.compiled.tree, analysis.fallible
    mean = np.zeros(game.n_nodes)
    square = np.zeros(game.n_nodes)
    inner = np.arange(1, game.n_nodes)
    up = game.parent[inner]
    np.add.at(mean, up, eq.q[inner] * war[inner])
    np.add.at(square, up, eq.q[inner] * war[inner] ** 2)
    weight = eq.reach * np.sqrt(np.maximum(square - mean**2, 0.0))
    weight[(game.mover < 0) & (game.mover != JOINT)] = 0.0
    best = np.argsort(-weight, kind="stable")[:most]
    return [(int(n), float(weight[n])) for n in best if weight[n] > 0]


def movers(game: PublicTree, node: int) -> str:
    """Return who decides at a node, all of them where several do at once."""
    if game.mover[node] == JOINT:
        return " and ".join(game.players[i] for i in game.joints[node].players)
    return str(game.players[game.mover[node]])


def short(label: str) -> str:
    """Return a move's label without the actor."""
    return label.split(": ", 1)[-1]


def section(analysis: Analysis) -> Section:
    """Return the likeliest histories and the decisions that matter."""
    from detente.render import Column, Section, Table, charts

    say = analysis.say
    found = [
        {**r, "moves": [say(m) for m in r["moves"]], "outcome": say(r["outcome"])}
        for r in analysis.once(rows)
    ]
    first, second = (max(found, key=lambda r: r[by]) for by in ("probability", "deliberate"))
    one, two = percent(first["probability"]), percent(second["deliberate"])
    matter = analysis.once(decisions)
    lead = (
        f"The likeliest single history is the same in both readings ({one} fallible, {two} "
        f"deliberate) and ends in {first['outcome']}."
        if first is second else
        f"The readings part over the likeliest single history: the fallible one's ({one}) ends in "
        f"{first['outcome']}, the deliberate one's ({two}) in {second['outcome']}."
    )
    lead += (
        f" The {len(found)} listed cover {percent(sum(r['probability'] for r in found))} of all "
        f"histories fallible, {percent(sum(r['deliberate'] for r in found))} deliberate."
    )
    histories = Table("Likeliest histories", [
        "moves", "ending", Column("fallible", format="percent"),
        Column("deliberate", format="percent"),
    ], [(" → ".join(r["moves"]), r["outcome"], r["probability"], r["deliberate"]) for r in found])
    weigh = Table(f"Decisions on which {analysis.question} hangs most", [
        "who", "after", Column("reached", format="percent"),
        f"moves: how likely, and P({analysis.question}) after each",
    ], [
        (say(d["actor"]), say(" → ".join(d["after"])) or "(at the start)", d["reach"],
         "; ".join(f"{say(m['move'])} {percent(m['probability'])} → {percent(m['outcome'])}"
                   for m in d["moves"])) for d in matter
    ])
    return Section(
        "paths", "How it gets there", lead, tables=[histories, weigh],
        charts=[charts.paths(found, title="The likeliest histories, fallible reading")],
        notes=["A decision is ranked by how often it comes up times how far its moves pull the "
               "outcome apart, in the fallible reading."],
        certified=analysis.fallible.certificate.certified
        and analysis.deliberate.certificate.certified,
    )


def tree_section(analysis: Analysis) -> Section:
    """Return the drawing of the likeliest part of the tree."""
    from detente.render import Section, charts

    game, eq = analysis.compiled.tree, analysis.fallible
    keep = np.argsort(-eq.reach, kind="stable")[:400]
    keep = keep[eq.reach[keep] > 0]
    say = analysis.say
    names = {
        int(z): say(game.outcome_names[o])
        for z, o in zip(game.leaves, game.outcome, strict=True)
    }

    def who(n: int) -> str | None:
        if n == 0:
            return None
        mover = int(game.mover[game.parent[n]])
        return "chance" if mover == CHANCE or mover <= TYPE_CHANCE else (
            game.players[mover] if mover >= 0 else "both"
        )

    nodes = [
        {"id": int(n), "parent": int(game.parent[n]) if n else None,
         "mover": say(who(int(n)) or "") or None,
         "move": say(short(game.move_names[game.move[n]])) if n else "",
         "probability": float(eq.q[n]), "reach": float(eq.reach[n]), "outcome": names.get(int(n))}
        for n in sorted(keep)
    ]
    return Section(
        "tree", "The likeliest part of the tree",
        f"Of {game.n_nodes:,} public points in the game these are reached most often.",
        charts=[charts.tree(nodes)],
        notes=["Probabilities are the fallible reading's. What is left out at a point is added up "
               "there."],
        certified=analysis.fallible.certificate.certified,
    )
