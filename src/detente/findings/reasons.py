"""Beliefs behind the pivotal decisions: the beliefs at which another move becomes better.

At a decision the mover's payoff from a move is linear in its belief about another actor's type, if
all later moves are those of the equilibrium. The best move changes at certain beliefs. The finding
shows these thresholds and the belief in the equilibrium.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from detente.arrays import Floats
from detente.findings.beliefs import groups
from detente.findings.finding import ActRow, Finding, act_row, act_rows
from detente.findings.paths import below, weightiest
from detente.game.tree import TYPE_CHANCE, PublicTree
from detente.identifiers import Act, ActionProfile
from detente.render.numbers import percent
from detente.scenario.labels import in_sentence

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.equilibrium import Equilibrium
    from detente.render import Section

__all__ = ["FINDING", "ReasonRow", "believed", "best_while", "payoffs", "rows", "section"]

MOST = 3


class ReasonRow(TypedDict):
    """A decision of one type: its best move, and the beliefs between which it stays the best."""

    actor: str
    after: list[str]
    after_acts: list[list[ActRow]]
    reach: float
    type: str
    best: str
    best_act: ActRow
    about: str
    that: str
    belief: float
    least: float
    most: float
    whatever: bool
    below: str | None
    below_act: ActRow | None
    above: str | None
    above_act: ActRow | None


def payoffs(eq: Equilibrium, node: int, mover: int, other: int) -> Floats:
    """Return the mover's payoff from each move at a node, by its own type and another's, (C, T, S).

    Parameters
    ----------
    eq : Equilibrium
        The equilibrium whose strategies all players follow after the move.
    node : int
        A decision of ``mover``, or a simultaneous decision in which ``mover`` takes part.
    other : int
        Another player. Beliefs about third players are those of the equilibrium.
    """
    game = eq.game
    t, s = game.n_types[mover], game.n_types[other]
    inside = np.zeros(game.n_nodes, dtype=bool)
    inside[node] = True
    for d in range(1, len(game.level) - 1):
        here = np.arange(game.level[d], game.level[d + 1])
        inside[here] |= inside[game.parent[here]]
    below_it = np.flatnonzero(inside)
    place = np.full(game.n_nodes, -1)
    place[below_it] = np.arange(len(below_it))
    out = np.zeros((len(below_it), t, s))
    ends = np.flatnonzero(inside[game.leaves])
    out[place[game.leaves[ends]]] = game.payoff[mover][ends][:, :, None]
    odds = np.broadcast_to(eq.q[below_it, None, None], out.shape).copy()
    by = game.mover[game.parent[below_it]]
    for who, shape in ((mover, (-1, t, 1)), (other, (-1, 1, s))):
        moved = (by == who) | (by == TYPE_CHANCE - who)
        mix = eq.pi[below_it[moved], : game.n_types[who]].reshape(shape)
        odds[moved] = np.broadcast_to(mix, (int(moved.sum()), t, s))
    for n, joint in game.joints.items():
        if inside[n]:
            odds[place[np.array(game.children(n))]] = _together(eq, n, joint, mover, other, (t, s))
    for n in below_it[::-1]:
        if n != node and game.parent[n] != node:
            out[place[game.parent[n]]] += odds[place[n]] * out[place[n]]
    ends = out[place[np.array(game.children(node))]]
    if node not in game.joints:
        return np.asarray(ends)
    return _alone(eq, node, ends, mover, other)


def _alone(eq: Equilibrium, node: int, ends: Floats, mover: int, other: int) -> Floats:
    """Return the payoff from the mover's own choices if others choose at the same time."""
    joint = eq.game.joints[node]
    out = ends.reshape(*joint.sizes, *ends.shape[1:])
    for seat, who in enumerate(joint.players):
        if who != mover:
            mix = np.asarray(eq.joint_pi[node][seat])
            mix = mix if who == other else (mix @ eq.belief_at(node, who))[:, None]
            shape = [1] * out.ndim
            shape[seat], shape[-1] = mix.shape
            out = (out * mix.reshape(shape)).sum(axis=seat, keepdims=True)
    return np.asarray(out.reshape(-1, *ends.shape[1:]))


def menu(game: PublicTree, node: int, mover: int) -> list[Act]:
    """Return the mover's own acts at a node, in the order of `payoffs`."""
    out: list[Act] = []
    for c in game.children(node):
        move = game.move_into(c)
        if isinstance(move, ActionProfile):
            move = move.acts[game.joints[node].players.index(mover)]
        out.append(move)
    return list(dict.fromkeys(out)) if node in game.joints else out


def _together(
    eq: Equilibrium, node: int, joint: Any, mover: int, other: int, shape: tuple[int, int]
) -> Floats:
    """Return the odds of every profile at a joint node by both types, (profiles, T, S)."""
    odds = np.ones((1, *shape))
    for seat, who in enumerate(joint.players):
        mix = np.asarray(eq.joint_pi[node][seat])
        if who == mover:
            one = mix[:, :, None]
        elif who == other:
            one = mix[:, None, :]
        else:
            one = (mix @ eq.belief_at(node, who))[:, None, None]
        odds = (odds[:, None] * one[None]).reshape(-1, *shape)
    return odds


def believed(eq: Equilibrium, node: int, mover: int, other: int) -> Floats:
    """Return the mover's belief about another's types at its decision, (S,)."""
    game = eq.game
    held = eq.belief_at(node, other)
    if game.observer_prior is not None:
        prior = np.asarray(game.prior[other])
        held = held * np.asarray(game.observer_prior[mover][other]) / np.maximum(prior, 1e-300)
    return np.asarray(held / held.sum())


def best_while(
    low: Floats, high: Floats, p: float
) -> tuple[int, float, float, int | None, int | None]:
    """Return the best of some moves at a belief, and the beliefs at which it stays the best.

    Parameters
    ----------
    low, high : (C,) arrays
        The worth of each move if the belief is 0 and if it is 1.
    p : float
        The actual belief.

    Returns
    -------
    move : int
    least, most : float
        Between these beliefs the move is the best.
    before, after : int or None
        The better moves below and above, None if there is none.

    Examples
    --------
    >>> import numpy as np
    >>> best_while(np.array([0.0, 0.25]), np.array([0.5, 0.0]), 0.5)
    (0, 0.3333333333333333, 1.0, 1, None)
    """
    worth = (1 - p) * low + p * high
    move = int(np.argmax(worth))
    least, most, before, after = 0.0, 1.0, None, None
    for k in range(len(low)):
        start, end = low[k] - low[move], high[k] - high[move]
        if start > 0 and end < start:
            at = float(start / (start - end))
            if at > least and at <= p + 1e-12:
                least, before = min(at, p), k
        if end > 0 and start < end:
            at = float(start / (start - end))
            if at < most and at >= p - 1e-12:
                most, after = max(at, p), k
    return move, least, most, before, after


def rows(analysis: Analysis, most: int = MOST) -> list[ReasonRow]:
    """Return one row per type of the mover at each of the pivotal decisions.

    If several others have private information, the row is about the one whose type matters most.
    """
    game, eq = analysis.compiled.tree, analysis.fallible
    if game.joint_payoff is not None:
        return []
    told = {name: groups(analysis, name) for name in game.players}
    out: list[ReasonRow] = []
    for n, _ in weightiest(analysis, below(eq, analysis.mask), most):
        for mover in game.joints[n].players if n in game.joints else (int(game.mover[n]),):
            moves = menu(game, n, mover)
            mine = eq.belief_at(n, mover)
            kinds = told[game.players[mover]] or [("", np.arange(len(mine)))]
            # The most probable type of a group at this decision.
            types = [(name, int(at[np.argmax(mine[at])])) for name, at in kinds
                     if mine[at].sum() > 1e-9]
            found = [
                _of_other(analysis, n, mover, k, types, moves, parts)
                for k, name in enumerate(game.players)
                if k != mover and (parts := told[name]) is not None and len(parts) > 1
            ]
            if found:
                out += max(found, key=lambda f: f[0])[1]
    return out


def _of_other(
    analysis: Analysis, n: int, mover: int, other: int, types: list[tuple[str, int]],
    moves: list[Act], parts: list[tuple[str, NDArray[np.int64]]],
) -> tuple[float, list[ReasonRow]]:
    """Return the effect of another's type on the mover's choice, and the rows about it."""
    game, eq = analysis.compiled.tree, analysis.fallible
    worth = payoffs(eq, n, mover, other)
    held = believed(eq, n, mover, other)
    name, above = parts[-1]
    top = np.zeros(len(held), dtype=bool)
    top[above] = True
    p = float(held[top].sum())

    def given(which: NDArray[np.bool_]) -> Floats:
        by = np.where(which, held, 0.0)
        by = by if by.sum() > 1e-12 else np.where(which, game.prior[other], 0.0)
        return np.asarray(by / by.sum())

    low, high, titles = worth @ given(~top), worth @ given(top), analysis.titles
    out: list[ReasonRow] = []
    for kind, t in types:
        move, least, most, before, after = best_while(low[:, t], high[:, t], p)
        out.append({
            "actor": game.players[mover], "after": game.story(n, titles),
            "after_acts": list(map(act_rows, game.history(n))), "reach": float(eq.reach[n]),
            "type": kind, "best": moves[move].deed(titles), "best_act": act_row(moves[move]),
            "about": game.players[other], "that": name, "belief": p,
            "least": least, "most": most,
            "whatever": bool((worth[move, t] >= worth[:, t].max(axis=0) - 1e-12).all()),
            "below": None if before is None else moves[before].deed(titles),
            "below_act": None if before is None else act_row(moves[before]),
            "above": None if after is None else moves[after].deed(titles),
            "above_act": None if after is None else act_row(moves[after]),
        })
    gap = high - low
    return float(np.ptp(gap[:, [t for _, t in types]], axis=0).max()), out


def while_words(row: ReasonRow) -> str:
    """Return the beliefs at which a move stays the best, in words.

    Examples
    --------
    >>> row = {"least": 0.25, "most": 1.0, "below": "hold", "above": None, "whatever": True}
    >>> while_words(row)
    'from 25 % up; below that: hold'
    >>> while_words({**row, "least": 0.0, "below": None})
    'at any belief about the type'
    """
    least, most = percent(row["least"]), percent(row["most"])
    if row["below"] is None and row["above"] is None:
        return "at any belief about the type" if row["whatever"] else "at any belief"
    if row["above"] is None:
        return f"from {least} up; below that: {row['below']}"
    if row["below"] is None:
        return f"up to {most}; above that: {row['above']}"
    return f"{least} to {most}; below that: {row['below']}; above: {row['above']}"


def after(row: ReasonRow) -> str:
    """Return the moves before a decision in words."""
    moves = " → ".join(row["after"])
    return f"after: {moves}" if moves else "at the start"


def section(analysis: Analysis) -> Section | None:
    """Return the section; None if no decision or no private information matters."""
    from detente.render import Column, Section, Table

    found = analysis.once(rows)
    if not found:
        return None
    titles = analysis.titles
    first = [r for r in found if (r["actor"], r["after"]) == (found[0]["actor"], found[0]["after"])]
    one = first[0]
    actor, about = in_sentence(titles[one["actor"]]), in_sentence(titles[one["about"]])
    named = actor[0].upper() + actor[1:]
    depends = [r for r in first if r["below"] is not None or r["above"] is not None]
    if depends:
        r = min(depends, key=lambda r: min(
            r["belief"] - r["least"] if r["below"] else 1.0,
            r["most"] - r["belief"] if r["above"] else 1.0))
        kind = f" with {r['type']}" if r["type"] else ""
        rest = (f"{named} puts {percent(r['belief'])} on {r['that']} of {about}. {named}{kind} "
                f"does best to {r['best']} ({while_words(r)}).")
    else:
        rest = f"Its belief that {about} has {one['that']} does not change its best move"
        if len({r["best"] for r in first}) > 1:
            rest += ", but its own type does: " + "; ".join(
                f"with {r['type']} the best move is to {r['best']}" for r in first) + "."
        else:
            own = ", and neither does its own type" if len(first) > 1 else ""
            rest += f"{own}: the best move is to {one['best']}."
    return Section(
        FINDING.key, FINDING.title,
        f"The most influential decision is that of {actor} {after(one)}. {rest}",
        tables=[
            Table(f"{titles[at[0]['actor']]}, {after(at[0])}", [
                "own type", "best move",
                f"belief that {titles[at[0]['about']]} has {at[0]['that']}, for which it is best",
                Column("belief held", format="percent"),
            ], [(r["type"] or "–", r["best"], while_words(r), r["belief"]) for r in at])
            for at in (list(rows) for _, rows in groupby(found, lambda r: (r["actor"], r["after"])))
        ],
        notes=["The table covers the three most influential decisions, for the most probable type "
               "of each group of the mover's types. Later moves are those of the fallible model. "
               "Beliefs within each named group, and about third parties, are held fixed. If you "
               "expect a different move, the table shows the belief you would have to ascribe to "
               "the actor."],
        certified=analysis.fallible.certificate.certified,
    )


FINDING = Finding("reasons", "Beliefs behind the pivotal decisions", 40, section,
                  lambda a: a.once(rows), list[ReasonRow])
