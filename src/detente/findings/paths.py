"""Paths: the most probable sequences of moves in both models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from detente.findings.finding import ActRow, Finding, act_rows
from detente.game.tree import JOINT, PublicTree
from detente.render.numbers import percent

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.equilibrium import Equilibrium
    from detente.render import Section

__all__ = ["FINDING", "PathRow", "below", "movers", "rows", "section", "weightiest"]

MOST, PRINTED = 12, 8


class PathRow(TypedDict):
    """A sequence of moves: its probability in the fallible and in the deliberate model."""

    moves: list[str]
    acts: list[list[ActRow]]
    outcome: str
    probability: float
    deliberate: float


def rows(analysis: Analysis, most: int = MOST) -> list[PathRow]:
    """Return the most probable paths; the sum over both models ranks them."""
    game = analysis.compiled.tree
    erring, careful = analysis.fallible.leaf_reach, analysis.deliberate.leaf_reach
    best = np.argsort(-(erring + careful), kind="stable")[:most]
    return [
        {
            "moves": game.story(int(game.leaves[z]), analysis.titles),
            "acts": list(map(act_rows, game.history(int(game.leaves[z])))),
            "outcome": game.outcome_names[game.outcome[z]],
            "probability": float(erring[z]), "deliberate": float(careful[z]),
        }
        for z in best
    ]


def below(equilibrium: Equilibrium, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return, for every node, the probability of some outcomes given that it is reached, (n,)."""
    game = equilibrium.game
    out = np.zeros(game.n_nodes)
    out[game.leaves] = mask[game.outcome]
    for d in range(len(game.level) - 2, 0, -1):
        here = np.arange(game.level[d], game.level[d + 1])
        np.add.at(out, game.parent[here], equilibrium.q[here] * out[here])
    return out


def weightiest(
    analysis: Analysis, war: NDArray[np.float64], most: int
) -> list[tuple[int, float]]:
    """Return the decision nodes with the largest weights; see `detente.findings.decisions`.

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


def movers(game: PublicTree, node: int) -> list[str]:
    """Return the actor that decides at a node; all of them at a simultaneous move."""
    if game.mover[node] == JOINT:
        return [game.players[i] for i in game.joints[node].players]
    return [game.players[game.mover[node]]]


def section(analysis: Analysis) -> Section:
    """Return the most probable paths."""
    from detente.render import Column, Section, Table, charts

    data = analysis.once(rows)
    words = [analysis.ending_words[r["outcome"]] for r in data]
    one = max(range(len(data)), key=lambda k: data[k]["probability"])
    two = max(range(len(data)), key=lambda k: data[k]["deliberate"])
    first, second = percent(data[one]["probability"]), percent(data[two]["deliberate"])
    if one == two:
        lead = (f"Both models have the same most probable path ({first} fallible, {second} "
                f"deliberate). It ends in: {words[one]}.")
    else:
        lead = (f"The most probable path differs between the two models. Fallible: {first}, ends "
                f"in: {words[one]}. Deliberate: {second}, ends in: "
                f"{words[two]}.")
    lead += (
        f" The {len(data)} paths below cover {percent(sum(r['probability'] for r in data))} of "
        f"the probability in the fallible model and {percent(sum(r['deliberate'] for r in data))} "
        "in the deliberate model."
    )
    return Section(
        FINDING.key, FINDING.title, lead,
        tables=[Table("", [
            "moves", "outcome", Column("fallible", format="percent"),
            Column("deliberate", format="percent"),
        ], [(" → ".join(r["moves"]), end, r["probability"], r["deliberate"])
            for r, end in zip(data, words, strict=True)], printed=PRINTED)],
        charts=[replace(charts.paths(  # the table has the same numbers
            [{**r, "outcome": end} for r, end in zip(data, words, strict=True)],
            title="Most probable paths, fallible model"), on_paper=False)],
        certified=analysis.fallible.certificate.certified
        and analysis.deliberate.certificate.certified,
    )


FINDING = Finding("paths", "Most probable paths", 30, section, lambda a: a.once(rows),
                  list[PathRow])
