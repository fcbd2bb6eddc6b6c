"""A pole is removed and put back: who changes sides, and who stays there.

The present alignment is a best one of the whole network. When a pole goes, the others change sides
one at a time, always the change that lowers the energy most, until no change lowers it. Then the
pole returns to the side that has the lower energy, and all may change sides again in the same way.
Each state moves downhill from where it stands [axelrod-bennett-1993], so an alignment may remain
after its cause has gone.

Several present alignments may be equally good, and several changes may lower the energy equally.
All of them are followed, so that the order of the actors changes nothing. An actor counts as moved
in a draw if it is moved on every path, and as open if only on some.

Two blocs have no names of their own: if all change sides, nothing has changed. In each connected
part the sides are therefore named so that as little size as possible counts as moved. The best
change first is a choice; `Removal` says how often a random order of improving changes ends
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats, Ints
from detente.world.alignment import AFTER, Share, Tell
from detente.world.landscape import lowest, parts, tolerance, weights_of
from detente.world.proved import SECONDS
from detente.world.ties import Ties

__all__ = ["ORDERS", "Removal", "remove"]

ORDERS = 16
"""Random orders per draw with which the order of best changes is compared."""
COMPARED = 64
"""Largest number of draws in which they are compared."""
STARTS = 64
"""Largest number of equally good present alignments that are followed in a draw."""
STATES = 8192
"""Largest number of alignments on all paths of a draw; beyond it one path from each is followed."""


@dataclass(frozen=True)
class Removal:
    """Who changes sides when a pole goes, and who stays there when it returns.

    Attributes
    ----------
    ties : Ties
    pole : str
    paths : tuple of ndarray of int (K, 3, n)
        For each draw its different paths: the sides, 1 or -1, before, without the pole (which has
        0), and after its return. An actor without a tie has 0.
    other_order : Share
        Share of random orders that end in an alignment that no path ends in, without the pole or
        after its return.
    exact : bool
        Whether every present alignment is proved to be a best one.
    complete : bool
        Whether all paths were followed. If not, an actor that counts as moved may be open.
    """

    ties: Ties
    pole: str
    paths: tuple[Ints, ...]
    other_order: Share
    exact: bool
    complete: bool

    def on_paths(self, step: str) -> list[Bools]:
        """Return for each draw whether an actor is elsewhere on each path, (K, n).

        Parameters
        ----------
        step
            ``moved``: elsewhere than at first when the pole has gone (the pole itself does not
            count). ``stayed``: elsewhere when the pole is back.
        """
        out = []
        for path in self.paths:
            away: Bools = path[:, 1 if step == "moved" else 2] != path[:, 0]
            if step == "moved":
                away[:, self.ties.index(self.pole)] = False
            out.append(away)
        return out

    def share(self, step: str, actor: str | None = None) -> Share:
        """Return the share of draws in which an actor, or at least one, is elsewhere on all paths.

        Parameters
        ----------
        step
            ``moved`` or ``stayed``; see `on_paths`.
        """
        return Share.of(sum(bool(x.all()) for x in self._hits(step, actor)), len(self.paths))

    def open(self, step: str, actor: str | None = None) -> Share:
        """Return the share of draws in which that is so on some paths and not on others."""
        return Share.of(sum(bool(x.any() and not x.all()) for x in self._hits(step, actor)),
                        len(self.paths))

    def _hits(self, step: str, actor: str | None) -> list[Bools]:
        at = slice(None) if actor is None else [self.ties.index(actor)]
        return [np.asarray(x[:, at].any(axis=1)) for x in self.on_paths(step)]


def remove(
    ties: Ties, values: Floats, sizes: Floats, pole: str, *, seed: int = 0,
    seconds: float = SECONDS, tell: Tell | None = None,
) -> Removal:
    """Remove a pole and put it back, in every draw.

    Parameters
    ----------
    values, sizes : (S, m), (S, n)
        Draws of the values and sizes.
    pole
        The actor.
    seed
        Seed of the random orders.
    seconds
        Longest time of a program, as in `detente.world.alignment.align`.

    Raises
    ------
    InputError
        No actor has this name.

    Examples
    --------
    State s is drawn to both poles, p and q, and more to p. State r keeps q in its place.

    >>> from detente.world.ties import make_ties
    >>> ties = make_ties("pqrs", {("p", "q"): -1, ("q", "r"): -1, ("p", "r"): 1, ("p", "s"): 0.9,
    ...                           ("q", "s"): 0.5})
    >>> found = remove(ties, ties.values[None], ties.sizes[None], "p")
    >>> [found.share("moved", a).share for a in "rs"], found.share("stayed").share
    ([0.0, 1.0], 0.0)
    """
    gone = ties.index(pole)
    if (values == values[:1]).all() and (sizes == sizes[:1]).all():
        values, sizes = values[:1], sizes[:1]
    s = len(values)
    # ties that all have ranges have no equally good alignments, except in draws of probability 0
    equal = s == 1 or bool((values == values[:1]).all(axis=0).any())
    paths = []
    exact = complete = True
    differ = tried = 0
    for k in range(s):
        w = weights_of(ties, values[k], sizes[k])
        path = _Path(w, sizes[k], gone)
        starts, proved, known = _starts(w, gone, equal,
                                        seconds if exact else min(seconds, AFTER))
        exact &= proved
        made = [path.all_ends(start) for start in starts]
        complete &= known and path.complete
        paths.append(np.unique(np.concatenate(made), axis=0))
        if k < COMPARED:
            ends = {x[1:].tobytes() for x in paths[-1]}
            for order in range(ORDERS):
                other = path.ends(starts[order % len(starts)],
                                  (seed * COMPARED + k) * ORDERS + order)
                differ += other.tobytes() not in ends
                tried += 1
        if tell is not None:
            tell(k + 1, s)
    return Removal(ties, pole, tuple(paths), Share.of(differ, tried), exact, complete)


def _starts(
    w: Floats, gone: int, equal: bool, seconds: float
) -> tuple[Ints, bool, bool]:
    """Return the best alignments, (K, n), whether they are proved, and whether all are listed.

    Only those of the pole's connected part differ: no actor of another part moves.
    """
    first = np.zeros(len(w), dtype=np.int64)
    out, exact, known = first[None], True, True
    for group in parts(w):
        inside = gone in group
        found = lowest(w[np.ix_(group, group)], pairs=equal and inside, seconds=seconds)
        exact &= found.exact
        kept = found.sides[:STARTS if inside else 1]
        out = np.repeat(out, len(kept), axis=0)
        out[:, group] = np.tile(kept, (len(out) // len(kept), 1))
        if inside:  # beyond the size at which all are counted, one that is alone is the only one
            known = found.exact and len(kept) == len(found.sides) and (
                found.counted or len(kept) == 1)
    return out, exact, known


class _Path:
    """The changes of sides in one draw."""

    def __init__(self, w: Floats, sizes: Floats, gone: int) -> None:
        self.w, self.sizes, self.gone, self.tol = w, sizes, gone, tolerance(w)
        self.cut = w.copy()
        self.cut[gone] = self.cut[:, gone] = 0.0
        self.parts, self.parts_without = parts(w), parts(self.cut)
        self.free = np.zeros(len(w), dtype=bool)
        self.complete, self.visited = True, 0

    def all_ends(self, start: Ints) -> Ints:
        """Return the start and where each path of best changes from it leads, (K, 3, n)."""
        x = start.astype(float)
        x[self.gone] = 0.0
        found = []
        for low in self._descents(x):
            without = self._named(low, start, self.parts_without)
            for back in self._returns(without, start):
                found += [(start, without, self._named(end, start, self.parts))
                          for end in self._descents(back)]
        return np.array(found)

    def _returns(self, without: Ints, start: Ints) -> list[Floats]:
        """Return the sides with the pole back where the energy is lower; on both if it is equal."""
        pull = float(self.w[self.gone] @ without)
        sides = [np.sign(pull)] if abs(pull) > self.tol else [1.0, -1.0]
        if not start[self.gone]:
            sides = [0.0]
        out = []
        for side in sides:
            x = without.astype(float)
            x[self.gone] = side
            out.append(x)
        return out

    def _descents(self, start: Floats) -> list[Floats]:
        """Return the ends of all paths on which a best change always comes first."""
        seen, queue, ends = {start.tobytes()}, [start], []
        while queue:
            x = queue.pop()
            change = x * (self.w @ x)
            least = float(change.min())
            if least >= -self.tol:
                ends.append(x)
                continue
            if self.visited > STATES and ends:
                self.complete = False
                break
            self.visited += 1
            for k in np.flatnonzero(change <= least + self.tol):
                y = x.copy()
                y[k] = -y[k]
                if y.tobytes() not in seen:
                    seen.add(y.tobytes())
                    queue.append(y)
        return ends

    def ends(self, start: Ints, seed: int) -> Ints:
        """Return the sides without the pole and after its return, in a random order, (2, n)."""
        from detente.world.landscape_kernels import descend

        x = start.astype(float)
        x[self.gone] = 0.0
        descend(self.w, x, self.free, self.tol, seed)
        without = self._named(x, start, self.parts_without)
        x = self._returns(without, start)[0]
        descend(self.w, x, self.free, self.tol, seed)
        return np.stack([without, self._named(x, start, self.parts)])

    def _named(self, x: Floats, start: Ints, groups: list[list[int]]) -> Ints:
        """Return the sides, each part turned round if more than half of its size has moved."""
        out = x.astype(np.int64)
        for group in groups:
            moved = out[group] != start[group]
            size = self.sizes[group]
            if size[moved].sum() > size[~moved].sum():
                out[group] = -out[group]
        return out
