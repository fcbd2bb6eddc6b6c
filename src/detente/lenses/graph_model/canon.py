"""Published conflicts as examples for the documentation and the docstrings.

Sources: Elmira [hipel-fang-kilgour-haight-1993], [kilgour-hipel-2005]; prisoner's dilemma and
chicken [rapoport-guyer-1966], as graph models [fang-hipel-kilgour-1993].
"""

from __future__ import annotations

from detente.lenses.graph_model.build import by_hand, ranking_of
from detente.lenses.graph_model.model import GraphModel
from detente.lenses.graph_model.options import OptionForm

__all__ = ["chicken", "elmira", "prisoners_dilemma"]


def elmira() -> GraphModel:
    """Return the groundwater dispute of Elmira, Ontario, 1991: three parties, nine states.

    Examples
    --------
    >>> elmira().states[4], elmira().status_quo
    ('s5', 0)
    """
    space = OptionForm(
        {
            "ministry": ["modify"],
            "uniroyal": ["delay", "accept", "abandon"],
            "local": ["insist"],
        },
        infeasible=[
            "delay and accept",
            "abandon and (delay or accept)",
            "not (delay or accept or abandon)",
        ],
        kept=["modify", "abandon"],
        dropped=["delay"],
        merged={"s9": "abandon"},
    ).space()
    names = tuple(f"s{k}" for k in range(1, 10))
    index = {name: k for k, name in enumerate(names)}
    rankings = ("7 3 4 8 5 1 2 6 9", "1 4 8 5 9 3 7 2 6", "7 3 5 1 8 6 4 2 9")
    return GraphModel(
        names=("ministry", "uniroyal", "local"),
        states=names,
        moves=space.moves,
        preferences=tuple(ranking_of([f"s{k}" for k in r.split()], index) for r in rankings),
        status_quo=0,
        options=space.columns,
        vectors=space.vectors,
        merged=(8,),
    )


def _two_by_two(states: list[str], row: list[str], column: list[str]) -> GraphModel:
    a, b, c, d = states
    return by_hand(
        states,
        moves={
            "row": [(a, c), (c, a), (b, d), (d, b)],
            "column": [(a, b), (b, a), (c, d), (d, c)],
        },
        ranking={"row": row, "column": column},
    )


def prisoners_dilemma() -> GraphModel:
    """Return the prisoner's dilemma: C cooperates, D defects; the row player is named first."""
    return _two_by_two(["CC", "CD", "DC", "DD"], ["DC", "CC", "DD", "CD"], ["CD", "CC", "DD", "DC"])


def chicken() -> GraphModel:
    """Return chicken: W swerves, S goes straight; the row player is named first."""
    return _two_by_two(["WW", "WS", "SW", "SS"], ["SW", "WW", "WS", "SS"], ["WS", "WW", "SW", "SS"])
