"""Warn of shifts that move the odds of a war beyond 0 or 1."""

from __future__ import annotations

from typing import Any

from detente.game.explore import Graph

__all__ = ["odds_beyond"]

TINY = 1e-9


def odds_beyond(graph: Graph) -> list[str]:
    """Return a remark if the shifts of some war move its odds beyond 0 or 1 at the centre.

    The game then uses 0 or 1 (`Rules.odds`). The most extreme war is named.

    Examples
    --------
    >>> from detente.cases import load
    >>> from detente.game.explore import graph_of
    >>> odds_beyond(graph_of(load("cuba-1962")))
    []
    """
    rules = graph.rules
    centre: dict[str, Any] = {path: q.centre for path, q in rules.numbers.items()}
    table = rules.symbols.table
    worst, where = TINY, ""
    for leaf in graph.endings.values():
        if leaf.outcome != "war" or leaf.share is not None or leaf.result == "stalemate":
            continue
        odds = 0.0
        for symbols, factor in rules.odds_sum(leaf.state, leaf.actor).terms.items():
            if any(table[s].value is not None for s in symbols):
                break  # the odds depend on a type
            term = factor
            for s in symbols:
                term *= centre[table[s].name]
            odds += term
        else:
            beyond = max(-odds, odds - 1.0)
            if beyond > worst:
                joined = " and ".join(rules.parties(leaf))
                worst, where = beyond, (
                    f"the chance that {rules.principals[0]} wins a war"
                    + (f" that {joined} joined" if joined else "")
                    + f" adds up to {odds:.3g} at the centre of the ranges")
    if not where:
        return []
    return [f"{where}, so 0 or 1 is used; expected 0 to 1; lower a `shift`, or move "
            "`war.win_chance`"]
