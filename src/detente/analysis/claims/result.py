"""Results for the claims of a case, ready for tables, charts and JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from detente.analysis.claims.outside import Outside, in_game
from detente.analysis.claims.verdicts import Share, Term, Verdict
from detente.analysis.tables import ResultCharts, Tables, in_notebook

if TYPE_CHECKING:
    from detente.render import Chart

__all__ = [
    "AtStructure", "ClaimResult", "Claims", "Fact", "Flip", "Grid", "Pair", "Share", "Term",
    "Verdict",
]


HARDLY = 1e-3
"""A condition less probable than this gives the model nothing to explain."""
TREMBLES = 0.01
"""An event less probable than this in the deliberate model may be one of trembles alone."""
COMMON = 0.01
"""Mean probability over the samples from which an event is common enough to be explained."""


@dataclass(frozen=True)
class Fact:
    """A number in a claim at the centre, with its parts.

    Attributes
    ----------
    text : str
    pooled, least, greatest : float or None
        Over types and histories; least and greatest over the histories alone.
    condition : float
        P(E), the probability of its condition.
    arises : float or None
        P(the decision arises | E), for a value or a choice.
    types : list of (label, number or None, weight)
    event : str
        The event that the number is conditional on; for a P without a condition, its own event.
    conditional : bool
        Whether ``event`` is the number's condition.
    deliberate : float or None
        The probability of ``event`` in the deliberate model; None if it was not asked for.
    """

    text: str
    pooled: float | None
    least: float | None
    greatest: float | None
    condition: float
    arises: float | None = None
    types: list[tuple[str, float | None, float]] = field(default_factory=list)
    event: str = ""
    conditional: bool = False
    deliberate: float | None = None

    @property
    def chance(self) -> float:
        """The probability of the event, in the fallible model or, if it is more than the
        probability of trembles, in the deliberate model.
        """
        here = self.condition if self.conditional or not self.event else self.pooled or 0.0
        careful = self.deliberate or 0.0
        return max(here, careful) if careful >= TREMBLES else here


@dataclass(frozen=True)
class AtStructure:
    """A claim at one structural neighbour or alternative, at the centre of the ranges.

    Attributes
    ----------
    label : str
        What is different, such as "one turn more for each side".
    fallible, deliberate : bool or None
        Whether it holds in each model; None without an answer or if it is too close to call.
    certified : bool
    note : str
        The reason if it was not evaluated.
    weight : float or None
        The weight of an alternative of the file, relative to the file as written (1); None for a
        neighbour.
    share : Share or None
        How often it holds over the samples of an alternative, in the fallible model.
    """

    label: str
    fallible: bool | None = None
    deliberate: bool | None = None
    certified: bool = False
    note: str = ""
    weight: float | None = None
    share: Share | None = None


@dataclass(frozen=True)
class Flip:
    """The value of one number, nearest its centre, at which the verdict changes.

    Attributes
    ----------
    path : str
    centre, at : float
    span : float
        Its distance from the centre, as a share of the distance to the end of the range.
    becomes : bool or None
        The verdict beyond it.
    within : float
        The error of the value, in the number's units.
    """

    path: str
    centre: float
    at: float
    span: float
    becomes: bool | None
    within: float


@dataclass(frozen=True)
class Grid:
    """A claim over two numbers, all others at their centre.

    Attributes
    ----------
    x, y : str
        Paths.
    xs, ys : list of float
    holds : list of rows of (bool or None)
        ``holds[row][column]`` at ``ys[row]``, ``xs[column]``; None if the condition has probability
        zero, the solution is not certified, or it is too close to call.
    centre : (float, float)
    """

    x: str
    y: str
    xs: list[float]
    ys: list[float]
    holds: list[list[bool | None]]
    centre: tuple[float, float]
    certified: int = 0


@dataclass(frozen=True)
class Pair:
    """Two claims that were never both true in the samples.

    ``opposite``: one is true exactly if the other is false.
    """

    first: str
    second: str
    opposite: bool
    both: int
    neither: int
    samples: int


@dataclass(frozen=True)
class ClaimResult:
    """One claim and its results; without a condition, the reason."""

    id: str
    says: str
    source: str
    holds_if: str | None = None
    cannot: str | None = None
    note: str = ""
    verdicts: list[Verdict] = field(default_factory=list)
    types: list[tuple[str, str, bool | None]] = field(default_factory=list)
    """Actor, type, and whether the claim holds for it (centre, fallible model), if the claim is
    about one actor's types.
    """
    facts: list[Fact] = field(default_factory=list)
    share: Share | None = None
    deliberate_share: Share | None = None
    """The same in the deliberate model, over fewer samples."""
    structure: list[AtStructure] = field(default_factory=list)
    """Its verdict at each structural neighbour."""
    precision: list[dict[str, Any]] = field(default_factory=list)
    flips: list[Flip] = field(default_factory=list)
    matters: list[tuple[str, float]] = field(default_factory=list)
    grid: Grid | None = None
    warnings: list[str] = field(default_factory=list)
    rate: str | None = None
    """The base rate that it names."""
    published: dict[str, Any] | None = None
    """The published model that it names; see `detente.analysis.claims.published`."""
    outside: Outside | None = None
    """Its part outside the game, if it asks about the world."""

    @property
    def in_game(self) -> bool:
        """Whether the game was solved for it."""
        return self.holds_if is not None and in_game(self.outside)

    def verdict(self, reading: str) -> Verdict | None:
        """Return the verdict in one model."""
        return next((v for v in self.verdicts if v.reading == reading), None)

    def unexplained(self) -> tuple[str, float] | None:
        """Return an event that hardly occurs, with its probability, if the claim is about one.

        The event is a condition of the claim. If the claim has no condition, it fails, and it names
        only events that hardly occur, the event is the most probable of these. An event hardly
        occurs if its probability is below `HARDLY` at the centre in the fallible model, below
        `TREMBLES` in the deliberate model, and below 1 % on average over the samples.
        """
        for counted in (self.share, self.deliberate_share):
            if counted is not None and (counted.occurs or 0.0) >= COMMON:
                return None
        rare = [f for f in self.facts if f.condition < HARDLY and f.chance < HARDLY]
        if rare:
            worst = max(rare, key=lambda f: f.chance)
            return worst.event, worst.chance
        plain = [f for f in self.facts if f.event and not f.conditional]
        held = self.share.share if self.share is not None else None
        if plain and len(plain) == len(self.facts) and (held is None or held < HARDLY) \
                and all(f.chance < HARDLY for f in plain) \
                and not any(v.holds for v in self.verdicts):
            most = max(plain, key=lambda f: f.chance)
            return most.event, most.chance
        return None

    def changed_by(self) -> list[AtStructure]:
        """Return the structural neighbours at which the verdict of a model differs."""
        def held(reading: str) -> bool | None:
            v = self.verdict(reading)
            return None if v is None or v.close else v.holds

        base = {reading: held(reading) for reading in ("fallible", "deliberate")}
        return [
            at for at in self.structure if at.certified and any(
                None not in (base[r], getattr(at, r)) and base[r] != getattr(at, r) for r in base)]

    def pooled(self) -> float | None:
        """Return its share of the samples over the structures of the file, with their weights.

        None if the file lists no alternatives or no structure has an answer.
        """
        stated = [at for at in self.structure if at.weight is not None]
        if not stated:
            return None
        found = [(1.0, self.share), *((at.weight, at.share) for at in stated)]
        used = [(w, x.share) for w, x in found
                if w is not None and x is not None and x.share is not None]
        return sum(w * p for w, p in used) / sum(w for w, _ in used) if used else None

    @property
    def certified(self) -> bool:
        """Whether all of its solutions hold their certificates."""
        sampled = all(
            x is None or x.certified == x.requested for x in (self.share, self.deliberate_share))
        beside = self.published is None or bool(self.published["certificate"]["certified"])
        return sampled and beside and all(v.certified for v in self.verdicts)


@dataclass(frozen=True, repr=False)
class Claims:
    """All claims of a case.

    Attributes
    ----------
    found : list of ClaimResult
    pairs : list of Pair
        Claims that contradict each other.
    model : str
        Conditions of the verdicts, in a line.
    named : dict of str to str
        Names of the file's numbers in print.
    """

    found: list[ClaimResult]
    pairs: list[Pair]
    model: str
    named: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        state = "checked" if self.certified else "not all checked"
        tested = [f for f in self.found if f.in_game]
        held = sum(bool(v and v.holds) for v in (f.verdict("fallible") for f in tested))
        return (f"<Claims: {held} of {len(tested)} tested claims hold at the centre (fallible), "
                f"{len(self.pairs)} contradictions, {state}>")

    @cached_property
    def tables(self) -> Tables:
        """The tables "claims", "readings" and "lambda", as pandas data frames."""
        return Tables({"claims": self._shares, "readings": self._centre, "lambda": self._by_lambda})

    @cached_property
    def charts(self) -> ResultCharts:
        """The region in which each claim holds, by its id, if it depends on the inputs."""
        def drawn(claim: ClaimResult, grid: Grid) -> Chart:
            from detente.analysis.claims.chart import boundary_map

            return boundary_map(grid, f"Region in which “{claim.says}” holds", self.named)

        return ResultCharts({
            f.id: partial(drawn, f, f.grid) for f in self.found if f.grid is not None})

    def _repr_html_(self) -> str:
        return in_notebook(repr(self).strip("<>"), self.tables, self.charts,
                           certified=self.certified)

    def _shares(self) -> list[dict[str, Any]]:
        return [{
            "claim": f.id, "says": f.says, "holds_if": f.holds_if,
            **{k: getattr(f.share, k, None) for k in ("share", "low", "high")},
            "deliberate_share": getattr(f.deliberate_share, "share", None),
            "certified": f.certified,
        } for f in self.found]

    def _centre(self) -> list[dict[str, Any]]:
        return [{"claim": f.id, "reading": v.reading, "holds": v.holds, "margin": v.margin,
                 "close": v.close, "certified": v.certified}
                for f in self.found for v in f.verdicts]

    def _by_lambda(self) -> list[dict[str, Any]]:
        return [{"claim": f.id, **row} for f in self.found for row in f.precision]

    @property
    def certified(self) -> bool:
        """Whether all solutions hold their certificates."""
        return all(f.certified for f in self.found)

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        from detente.render.plain import plain

        found: dict[str, Any] = plain({
            "model": self.model, "certified": self.certified,
            "claims": [{**asdict(f), "certified": f.certified} for f in self.found],
            "contradictions": [asdict(p) for p in self.pairs],
        })
        return found
