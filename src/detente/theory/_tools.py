"""Shared tools of the models: even grids of types, solving, and a line chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError, SizeError
from detente.theory.base import ModelSolution

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game import PublicTree
    from detente.render.section import Chart

__all__ = ["cells", "chance_of", "curves", "even", "find", "fits", "joined", "labelled",
           "normal_cells", "rounds", "run", "scan", "steered", "undecided"]

MOST_WORK = 500_000
"""Largest number of nodes times types of a model's game; grid 80 of Fearon (1995) has 40,000."""


def cells(low: float, high: float, count: int) -> Floats:
    """Return the midpoints of ``count`` equal cells of [low, high]: a uniform type's grid.

    Examples
    --------
    >>> cells(0, 1, 4)
    array([0.125, 0.375, 0.625, 0.875])
    """
    return np.asarray(low + (high - low) * (np.arange(count) + 0.5) / count)


def normal_cells(count: int, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """Return ``count`` equally likely points of a normal: the mean of each of its cells.

    Examples
    --------
    >>> normal_cells(2).round(6)
    array([-0.797885,  0.797885])
    """
    from scipy.stats import norm

    edge = norm.ppf(np.arange(count + 1) / count)
    return np.asarray(mean + sd * count * -np.diff(norm.pdf(edge)))


def even(count: int) -> dict[str, float]:
    """Return the prior of ``count`` equally likely types, by label."""
    return {str(k): 1.0 / count for k in range(count)}


def labelled(word: str, xs: Sequence[float] | Floats, digits: int = 6) -> list[str]:
    """Return one label per number, with as many digits as distinguish them.

    Raises
    ------
    SizeError
        Two numbers are equal in double precision.

    Examples
    --------
    >>> labelled("offer", [0.25, 0.5], 2), labelled("offer", [1e-9, 2e-9], 2)[1]
    (['offer 0.25', 'offer 0.50'], 'offer 0.000000002')
    """
    for count in range(digits, 16):
        found = [f"{word} {x:.{count}f}".strip() for x in xs]
        if len(set(found)) == len(found):
            return found
    found = [f"{word} {x:.17g}".strip() for x in xs]
    if len(set(found)) < len(found):
        raise SizeError("points of the grid coincide in double precision",
                        expected="a wider range, or a smaller --grid")
    return found


def fits(game: PublicTree) -> PublicTree:
    """Return the game.

    Raises
    ------
    SizeError
        Nodes times types are above `MOST_WORK`.
    """
    work = game.n_nodes * sum(game.n_types)
    if work > MOST_WORK:
        raise SizeError(f"the game has {game.n_nodes} nodes and {work // game.n_nodes} types",
                        expected=f"at most {MOST_WORK} nodes times types: a smaller --grid, or "
                                 "fewer rounds")
    return game


def run(
    game: PublicTree, lam: float, read: Callable[[Equilibrium], dict[str, float]]
) -> ModelSolution:
    """Solve a game at precision ``lam`` and compute the model's quantities from its equilibrium."""
    from detente.equilibrium import solve

    eq = solve(fits(game), lam)
    return ModelSolution({k: float(v) for k, v in read(eq).items()}, eq.certificate.as_dict(), eq)


def joined(solved: Sequence[Equilibrium]) -> dict[str, Any]:
    """Return one certificate for several games that were solved separately: the worst of them.

    A certificate that is not certified is the worst. Otherwise it is the one with the largest
    residual. An unknown residual counts as infinite.
    """
    def badness(eq: Equilibrium) -> tuple[bool, float]:
        residual = eq.certificate.as_dict()["residual"]
        return not eq.certificate.certified, np.inf if residual is None else residual

    return max(solved, key=badness).certificate.as_dict()


def rounds(
    count: int, lam: float, discount: float,
    build: Callable[[int, Mapping[str, float]], PublicTree],
) -> list[Equilibrium]:
    """Solve ``count`` rounds of a game whose continuation does not depend on earlier offers.

    Without private types the continuation is the same game after every offer. One tree per round,
    solved from the last round to the first, therefore gives the equilibrium of the whole game. The
    whole tree would have one branch per sequence of offers.

    Parameters
    ----------
    count
        Number of rounds.
    lam
        Precision of choice in round 0.
    discount
        Discount factor per round. Payoffs of round t count ``discount**t``, which is equivalent to
        a precision of ``lam * discount**t``.
    build
        ``build(t, later)`` returns the tree of round t in the units of that round. ``later`` holds
        the players' values of the next round in the units of the next round. It is empty for the
        last round.

    Returns
    -------
    list of Equilibrium
        The equilibria of rounds 0, 1, ...
    """
    from detente.equilibrium import solve

    later: dict[str, float] = {}
    solved = []
    for t in range(count - 1, -1, -1):
        game = build(t, later)
        eq = solve(game, lam * discount ** t)
        later = {name: float(eq.value[i][0, 0]) for i, name in enumerate(game.players)}
        solved.append(eq)
    return solved[::-1]


def find(game: PublicTree, *moves: str) -> int:
    """Return the node reached by these moves from the root.

    Raises
    ------
    KeyError
        No such path.
    """
    node = 0
    for move in moves:
        for child in game.children(node):
            if game.move_names[game.move[child]] == move:
                node = child
                break
        else:
            raise KeyError(move)
    return node


def chance_of(eq: Equilibrium, *moves: str) -> float:
    """Return the public probability of the last of these moves, given the earlier ones."""
    return float(eq.q[find(eq.game, *moves)])


def undecided(game: PublicTree, lam: float) -> Equilibrium:
    """Return choice by the menu weights as a starting point for precision ``lam``.

    Solving a game at lambda 0 takes no search. `steered` then sets the probabilities of the profile
    that is sought, so the game is solved once, from there.
    """
    from dataclasses import replace

    from detente.equilibrium import solve

    return replace(solve(game, 0.0), lam=float(lam))


def steered(eq: Equilibrium, plan: Mapping[tuple[str, ...], NDArray[Any]]) -> Equilibrium:
    """Return ``eq`` as a starting point with other probabilities at nodes of two moves.

    ``plan`` maps a path to the probability of its last move, by type. Each probability is kept
    between 2 % and 98 %.
    """
    from dataclasses import replace

    pi = eq.pi.copy()
    game = eq.game
    for path, chances in plan.items():
        node = find(game, *path)
        other = next(c for c in game.children(int(game.parent[node])) if c != node)
        size = len(chances)
        pi[node, :size] = 0.02 + 0.96 * np.asarray(chances, dtype=float)
        pi[other, :size] = 1 - pi[node, :size]
    return replace(eq, pi=pi)


def scan(
    form: Callable[..., Mapping[str, float]], values: Mapping[str, float], name: str,
    xs: Sequence[float] | Floats, **renamed: str,
) -> dict[str, tuple[list[float], list[float]]]:
    """Return closed-form quantities along one parameter, by the labels of a chart.

    ``renamed`` maps a label to the quantity's name; underscores in labels become spaces.
    """
    rows, inside = [], []
    for x in xs:
        try:
            rows.append(form(**{**values, name: float(x)}))
            inside.append(float(x))
        except (InputError, ArithmeticError, ValueError):
            continue  # the chart shows the part of the axis that is in the domain
    if not rows:
        raise InputError(f"no point of the chart's axis {name} is in the model's domain",
                         expected="parameters further from the limits of their domain")
    return {
        label.replace("_", " "): (inside, [float(r.get(key, np.nan)) for r in rows])
        for label, key in renamed.items()
    }


def curves(
    title: str, alt_text: str, x_title: str, y_title: str,
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *, at: float | None = None, log: bool = False,
) -> Chart:
    """Draw one or more lines, with a rule at the current value of the parameter."""
    from detente.render.charts._base import NARROW, both, data
    from detente.render.palette import GREY, colours

    hues = colours(series)
    dashes: list[list[int]] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [1, 2]]
    points = [
        {"x": float(x), "y": float(y), "line": name, "step": k}
        for name, (xs, ys) in series.items()
        for k, (x, y) in enumerate(zip(xs, ys, strict=True)) if np.isfinite(y)
    ]

    def draw(width: int) -> Any:
        import altair as alt

        legend = alt.Legend(
            title=None, symbolType="stroke", symbolSize=400, columns=1 if width <= NARROW else 3)
        names = list(series)
        shown = legend if len(names) > 1 else None
        lines = alt.Chart(data(points)).mark_line(strokeWidth=2).encode(
            x=alt.X("x:Q", title=x_title,
                    scale=alt.Scale(type="log" if log else "linear", zero=False, nice=False)),
            y=alt.Y("y:Q", title=y_title),
            color=alt.Color("line:N", legend=shown,
                            scale=alt.Scale(domain=names, range=[hues[n] for n in names])),
            strokeDash=alt.StrokeDash(
                "line:N", legend=shown,
                scale=alt.Scale(domain=names,
                                range=[dashes[k % len(dashes)] for k in range(len(names))])),
            order=alt.Order("step:Q"),
        )
        layers = [lines]
        if at is not None:
            layers.append(
                alt.Chart(data([{"x": at}])).mark_rule(color=GREY, strokeDash=[2, 2])
                .encode(x=alt.X("x:Q")))
        return alt.layer(*layers).properties(width=width, height=240)

    return both(title, alt_text, draw)
