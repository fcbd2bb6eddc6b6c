"""What every published model offers: its parameters, its closed form, its game, its chart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, SizeError, nearest

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["EXACT", "Model", "Parameter", "Rate", "Solution", "margin", "need", "power",
           "strict"]


def need(holds: bool, domain: str, **given: float) -> None:
    """Refuse numbers outside a model's domain.

    Parameters
    ----------
    holds
        Whether the numbers are inside.
    domain
        The domain in words or as an inequality; it is what the message states.
    given
        The numbers concerned, by name; those that are not finite are refused whatever ``holds`` is.

    Raises
    ------
    InputError
        The numbers are outside.

    Examples
    --------
    >>> need(0 < 0.5, "0 < a", a=0.5)
    >>> need(0 < -1, "0 < a", a=-1)
    Traceback (most recent call last):
    detente.errors.InputError: outside the model's domain: a = -1; expected 0 < a
    """
    if holds and all(math.isfinite(v) for v in given.values()):
        return
    said = ", ".join(f"{name} = {value:g}" for name, value in given.items())
    raise InputError(f"outside the model's domain: {said}", expected=domain)


@dataclass(frozen=True)
class Parameter:
    """A number of a model: its name, its value unless given, what it means and its domain."""

    name: str
    default: float
    meaning: str
    domain: str


@dataclass(frozen=True)
class Solution:
    """A solver's answer: quantities by name, and the certificate's fields.

    ``certificate`` holds at least ``certified`` and, for a game, the fields of
    :class:`~detente.equilibrium.Certificate`; ``equilibrium`` is what the values were read from,
    where one public tree was solved, so that it can be drawn.
    """

    values: dict[str, float]
    certificate: dict[str, Any]
    equilibrium: Equilibrium | None = field(default=None, repr=False)

    @property
    def certified(self) -> bool:
        return bool(self.certificate["certified"])


@dataclass(frozen=True)
class Rate:
    """How fast the solver's answer approaches the closed form, and the ladder that measures it.

    Parameters
    ----------
    kind
        ``"power"``: the largest difference falls at least as ``1 / lambda**order``; ``"log"``: as
        ``ln(lambda) / lambda``, as where a proposer leaves a margin over the other's indifference;
        ``"exponential"``: it is at most ``size * exp(-gain * lambda)``, as where every choice on
        the path of play is strictly best; ``"exact"``: nothing but rounding is left at any grid and
        precision.
    order
        The power, or the gain of the best choice over the next in the payoffs' unit.
    ladder
        ``(grid, lambda)`` from coarse to fine, at least two; the grid grows as the text says.
    size
        The factor of an exponential bound; unused otherwise.
    along
        What grows with lambda, in words.
    given
        Parameters at which it is measured, where the defaults would take too long.
    """

    kind: str
    order: float
    ladder: tuple[tuple[int, float], ...]
    size: float = 1.0
    along: str = ""
    given: Mapping[str, float] = field(default_factory=dict)

    def bound(self, lam: float) -> float:
        """Return what the largest difference is held against: its bound, or in proportion to it.

        Examples
        --------
        >>> power(2, (2, 10.0), (2, 20.0)).bound(10.0)
        0.01
        """
        if self.kind == "exact":
            return 1e-9
        if self.kind == "exponential":
            return self.size * math.exp(-self.order * lam)
        return float((math.log(lam) if self.kind == "log" else 1.0) / lam ** self.order)

    def says(self) -> str:
        """State the rate in words.

        Examples
        --------
        >>> power(1, (10, 50.0), (20, 100.0), along="the grid").says()
        'differences fall at least as 1/lambda, the grid growing with it'
        >>> strict(0.25).says()
        'differences fall at least as exp(-0.25 lambda): every choice is strictly best'
        """
        if self.kind == "exact":
            return "the two agree to rounding, at every precision"
        if self.kind == "exponential":
            return (f"differences fall at least as exp(-{self.order:g} lambda): every choice is "
                    "strictly best")
        more = f", {self.along} growing with it" if self.along else ""
        if self.kind == "log":
            return f"differences fall at least as ln(lambda)/lambda{more}"
        power = "" if self.order == 1 else f"^{self.order:g}"
        return f"differences fall at least as 1/lambda{power}{more}"


def power(order: float, *ladder: tuple[int, float], along: str = "", **given: float) -> Rate:
    """Return the rate ``1 / lambda**order`` along a ladder of (grid, lambda)."""
    return Rate("power", order, ladder, along=along, given=given)


def margin(*ladder: tuple[int, float], along: str = "", **given: float) -> Rate:
    """Return the rate ``ln(lambda)/lambda`` of a proposer that leaves a margin for error."""
    return Rate("log", 1.0, ladder, along=along, given=given)


def strict(gain: float, *lams: float, size: float = 10.0, grid: int = 2, **given: float) -> Rate:
    """Return the rate ``size exp(-gain lambda)`` of an equilibrium in strict best replies."""
    return Rate("exponential", gain, tuple((grid, x) for x in lams), size=size, given=given)


EXACT = Rate("exact", 0.0, ((2, 0.5), (2, 1.0), (2, 2.0)))


@dataclass(frozen=True)
class Model:
    """A published model beside its closed form.

    Parameters
    ----------
    name
        What it is called on the command line.
    number
        Its number and letter among the library's models.
    title, citation, claim
        What it is, where it is from, and in one line what it says.
    parameters
        In the order in which the closed form lists them.
    form
        The closed form: parameters by name to quantities by name.
    play
        The game at a grid and a precision: ``play(parameters, grid, lam)`` to a `Solution` whose
        values carry the names of the closed form's (some or all of them).
    picture
        The paper's main comparative static, drawn around the parameters given.
    grid, lam
        Points per continuous type or offer, and precision, unless given.
    accuracy
        What the differences between the solver's answer and the closed form stay within at the
        default parameters, grid and precision, and near enough at corners of the domain. It bounds
        the grid's part and the remaining trembles, not the solver's error: that is what the
        certificate is for. Where every choice is strictly best, the rate bounds them more closely.
    rate
        How fast that difference vanishes.
    note
        What else should be known of the difference, in a sentence or two.
    suited
        Grid and precision for parameters at which the defaults cannot be certified.
    """

    name: str
    number: str
    title: str
    citation: str
    claim: str
    parameters: tuple[Parameter, ...]
    form: Callable[..., dict[str, float]]
    play: Callable[[Mapping[str, float], int, float], Solution]
    picture: Callable[[Mapping[str, float]], Chart]
    grid: int
    lam: float
    accuracy: float
    rate: Rate
    note: str = ""
    suited: Callable[[Mapping[str, float]], tuple[int, float]] | None = None

    def at(self, **given: float) -> tuple[int, float]:
        """Return the grid and the precision used at these parameters unless others are asked for.

        Examples
        --------
        >>> from detente.theory import load
        >>> load("fearon-1994").at(), load("fearon-1994").at(a1=1.0)
        ((24, 200.0), (16, 80.0))
        """
        return self.suited(self.values(**given)) if self.suited else (self.grid, self.lam)

    def values(self, **given: float) -> dict[str, float]:
        """Return every parameter's value: those given, the others at their defaults.

        Raises
        ------
        InputError
            A name that the model does not have, or something that is not a number.
        """
        known = [p.name for p in self.parameters]
        for name, value in given.items():
            if name not in known:
                raise InputError(
                    f"{self.name} has no parameter {name!r}",
                    expected=f"one of {', '.join(known)}", nearest=nearest(name, known),
                )
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise InputError(f"{name} is {value!r}", expected="a number")
        return {p.name: float(given.get(p.name, p.default)) for p in self.parameters}

    def closed_form(self, **given: float) -> dict[str, float]:
        """Return the paper's quantities.

        Raises
        ------
        InputError
            Parameters outside the domain, with the domain.
        """
        return self.form(**self.values(**given))

    def solver(self, *, grid: int | None = None, lam: float | None = None, **given: float
               ) -> Solution:
        """Solve the model's game.

        Parameters
        ----------
        grid
            Points per continuous type or offer.
        lam
            Precision of choice, in one over the payoffs' unit.
        given
            Parameters.

        Raises
        ------
        InputError
            Parameters outside the domain, fewer than two points, or a negative precision.
        """
        if lam is not None and any(p.name == "lam" for p in self.parameters):
            given["lam"] = lam  # where precision is the model's own subject
        values = self.values(**given)
        self.form(**values)  # one place checks the domain
        usual = self.at(**values)
        grid = usual[0] if grid is None else grid
        lam = usual[1] if lam is None else lam
        if not 2 <= grid <= 500:
            raise InputError(f"grid is {grid}", expected="from 2 to 500 points")
        if not (math.isfinite(lam) and lam >= 0):
            raise InputError(f"lambda is {lam}", expected="a number of at least 0")
        return self.play(values, grid, lam)

    def compare(self, *, grid: int | None = None, lam: float | None = None, **given: float
                ) -> dict[str, Any]:
        """Return closed form and solver's answer side by side, ready for JSON."""
        return self.beside(grid=grid, lam=lam, **given)[0]

    def beside(self, *, grid: int | None = None, lam: float | None = None, **given: float
               ) -> tuple[dict[str, Any], Solution]:
        """Return what `compare` does, and the solution it was read from."""
        if lam is not None and any(p.name == "lam" for p in self.parameters):
            given["lam"] = lam
        form = self.closed_form(**given)
        usual = self.at(**given)
        try:
            solved = self.solver(**{"grid": grid, "lam": lam, **given})  # type: ignore[arg-type]
        except SizeError as error:  # the closed form holds all the same
            solved = Solution({}, {"certified": False, "note": f"the game was not solved: {error}"})
        rows = []
        for name, exact in form.items():
            found = solved.values.get(name)
            rows.append({
                "quantity": name, "closed_form": finite(exact), "solver": finite(found),
                "difference": finite(None if found is None else found - exact),
            })
        rows += [
            {"quantity": name, "closed_form": None, "solver": finite(found), "difference": None}
            for name, found in solved.values.items() if name not in form
        ]
        return {
            "model": self.name, "number": self.number, "title": self.title,
            "citation": self.citation, "claim": self.claim, "parameters": self.values(**given),
            "grid": usual[0] if grid is None else grid,
            "lambda": given.get("lam", usual[1] if lam is None else lam),
            "rows": rows, "certificate": solved.certificate, "rate": self.rate.says(),
            "about": self.note,
        }, solved

    def tree(self, solved: Solution) -> Chart:
        """Draw the game that was solved, with its equilibrium.

        Raises
        ------
        SizeError
            It is too large for a page.
        InputError
            It is not played as one tree.

        Examples
        --------
        >>> from detente.theory import load
        >>> model = load("zagare-kilgour-2000-rudimentary")
        >>> model.tree(model.solver()).svg[:4]
        '<svg'
        """
        from detente.game.drawing import draw

        eq = solved.equilibrium
        if eq is None:
            raise InputError(f"{self.name} has no tree to draw",
                             expected="a model played as one tree; this one is solved in parts, "
                                      "with correlated types, or as a process")
        try:
            return draw(eq.game, eq, title=f"{self.title} ({self.name})")
        except SizeError as error:
            raise SizeError(f"{self.name}: {error.message}",
                            expected="a smaller game: --grid 2, or fewer rounds or entrants",
                            ) from None

    def chart(self, **given: float) -> Chart:
        """Draw the paper's main comparative static."""
        values = self.values(**given)
        self.form(**values)
        return self.picture(values)


def finite(x: float | None) -> float | None:
    """Return a plain number, or None where it is not finite."""
    return float(x) if x is not None and math.isfinite(x) else None
