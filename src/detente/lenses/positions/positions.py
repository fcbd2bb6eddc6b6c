"""The table of actors' positions on issues, which is the input of every positional model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of

__all__ = ["Positions", "TableError", "in_bounds"]


@dataclass
class TableError(InputError):
    """An error about an issue of a table, or about one actor's number on it.

    The reader of a file knows from these names which line to print.

    Parameters
    ----------
    issue, actor
        The names, as the table has them.
    number
        One of "position", "salience" and "capability".
    """

    issue: str | None = None
    actor: str | None = None
    number: str | None = None


def in_bounds(
    actors: Sequence[str], issues: Sequence[str], here: NDArray[np.bool_],
    numbers: Mapping[str, Floats], *, missing: bool = False,
) -> None:
    """Refuse a salience outside [0, 1] or a negative capability.

    Parameters
    ----------
    actors, issues
        The names.
    here
        The numbers that count, (A, I).
    numbers
        "salience" and "capability", each (A, I).
    missing
        Whether NaN is allowed.

    Raises
    ------
    TableError
        For the first number that is out of bounds.
    """
    for name, top in (("salience", 1.0), ("capability", np.inf)):
        values = numbers[name]
        bad = here & ~((values >= 0) & (values <= top))
        if missing:
            bad &= ~np.isnan(values)
        if bad.any():
            a, k = np.argwhere(bad)[0]
            raise TableError(
                f"{name} of {actors[a]!r} on {issues[k]!r} is {values[a, k]:g}",
                expected="a number from 0 to 1" if top == 1.0 else "a number of at least 0",
                issue=issues[k], actor=actors[a], number=name,
            )


@dataclass(frozen=True)
class Positions:
    """A actors, I issues.

    Attributes
    ----------
    actors, issues : tuple of str
    position : (A, I)
        On the issue's own scale; NaN if the actor has no position.
    salience : (A, I)
        Importance of the issue to the actor, in [0, 1].
    capability : (A, I)
        Power of the actor, on any positive scale.
    low, high : (I,)
        Ends of each issue's scale. They do not change if positions move.
    reference : (I,)
        Position without agreement; NaN if not given.
    spread : mapping of "position", "salience", "capability" to (A, I)
        Half-widths of the ranges in the file; NaN or absent if there is no range.
    notes : tuple of str
        Changes made to the input data, for the report.
    titles : mapping of actor or issue to its printed name
    heading : str
        Title of the table, if its file has one.
    read_as : str
        What each column of the file was taken for; empty for other sources.

    Examples
    --------
    >>> table = Positions.of("delay", low=4, high=10, actors={
    ...     "north": (4, 0.8, 1.0), "middle": (7, 0.4, 0.5), "south": (10, 0.6, 1.0)})
    >>> table.weight[:, 0].tolist()
    [0.8, 0.2, 0.6]
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    position: Floats
    salience: Floats
    capability: Floats
    low: Floats
    high: Floats
    reference: Floats = field(default_factory=lambda: np.zeros(0))
    spread: dict[str, Floats] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    heading: str = ""
    read_as: str = ""

    def __post_init__(self) -> None:
        if not len(self.reference):
            object.__setattr__(self, "reference", np.full(len(self.issues), np.nan))

    @classmethod
    def of(
        cls,
        issue: str,
        actors: dict[str, tuple[float, float, float]],
        *,
        low: float | None = None,
        high: float | None = None,
    ) -> Positions:
        """Build a table of one issue from actor -> (position, salience, capability)."""
        values = np.array(list(actors.values()), dtype=float)
        x, s, c = values.T[:, :, None]
        return cls(
            tuple(actors),
            (issue,),
            x,
            s,
            c,
            np.array([x.min() if low is None else low], dtype=float),
            np.array([x.max() if high is None else high], dtype=float),
        )

    @property
    def here(self) -> NDArray[np.bool_]:
        """Whether each actor has a position on each issue, (A, I)."""
        return ~np.isnan(self.position)

    @property
    def weight(self) -> Floats:
        """Capability times salience, (A, I); 0 if an actor has no position."""
        return np.where(self.here, np.nan_to_num(self.capability * self.salience), 0.0)

    @property
    def range(self) -> Floats:
        """Length of each issue's scale, (I,)."""
        return self.high - self.low

    def title(self, name: str) -> str:
        """Return the printed name of an actor or issue."""
        return self.titles.get(name, name)

    def issue(self, name: str | int) -> Positions:
        """Return the table of one issue, without the actors that have no position on it.

        Raises
        ------
        InputError
            No issue has this name.
        """
        if isinstance(name, str):
            if name not in self.issues:
                raise InputError(f"no issue {name!r}", expected=one_of(name, self.issues),
                                 nearest=nearest(name, self.issues))
            name = self.issues.index(name)
        who = np.nonzero(self.here[:, name])[0]
        pick = np.ix_(who, np.array([name]))
        return replace(
            self,
            actors=tuple(self.actors[a] for a in who),
            issues=(self.issues[name],),
            position=self.position[pick],
            salience=self.salience[pick],
            capability=self.capability[pick],
            low=self.low[[name]],
            high=self.high[[name]],
            reference=self.reference[[name]],
            spread={k: v[pick] for k, v in self.spread.items()},
        )

    def checked(self) -> Positions:
        """Return the table if it is valid.

        Raises
        ------
        TableError
            A capability is negative, a salience is outside [0, 1], or an issue has no weight.
        """
        in_bounds(self.actors, self.issues, self.here,
                  {"salience": self.salience, "capability": self.capability})
        for k, issue in enumerate(self.issues):
            if not self.weight[:, k].sum() > 0:
                raise TableError(f"all actors have weight 0 on the issue {issue!r}",
                                 expected="an actor with positive capability and salience",
                                 issue=issue)
            if not self.high[k] > self.low[k]:
                raise TableError(
                    f"the scale of the issue {issue!r} has no length",
                    expected="two different ends, or actors with different positions",
                    issue=issue,
                )
        return self
