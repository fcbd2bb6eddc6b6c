"""The interface of a published model: parameters, closed form, game, chart, convergence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, SizeError, SolveError, nearest, one_of

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = [
    "EXACT",
    "Convergence",
    "Model",
    "ModelSolution",
    "Parameter",
    "margin",
    "need",
    "power",
    "strict",
]


LEAST, MOST = 1e-6, 1e6
"""A parameter and a precision are 0 or of a size between these two."""
MOST_POINTS = 500
"""Largest grid."""
RUNGS = 4
"""Pairs of grid and precision that are tried if the caller sets neither; see `Model.rungs`."""
LEVELS = 3
"""Precisions at which convergence is measured; each is twice the one before."""


def need(holds: bool, domain: str, **given: float) -> None:
    """Refuse numbers outside a model's domain.

    Parameters
    ----------
    holds
        Whether the numbers are inside.
    domain
        The domain in words or as an inequality. The error message states it.
    given
        The numbers concerned, by name. A number that is not finite is always refused.

    Raises
    ------
    InputError
        The numbers are outside the domain.

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
    """A parameter of a model: name, default value, meaning and domain."""

    name: str
    default: float
    meaning: str
    domain: str


@dataclass(frozen=True)
class ModelSolution:
    """The solver's answer: quantities by name, and the fields of the certificate.

    ``certificate`` holds at least ``certified``. For a game it also holds the fields of
    :class:`~detente.equilibrium.Certificate`. ``equilibrium`` is the solved public tree, which can
    be drawn. It is None if the model is not one public tree. The game was solved at ``grid`` and
    ``lam``.
    """

    values: dict[str, float]
    certificate: dict[str, Any]
    equilibrium: Equilibrium | None = field(default=None, repr=False)
    grid: int = 0
    lam: float = 0.0

    @property
    def certified(self) -> bool:
        return bool(self.certificate["certified"])


@dataclass(frozen=True)
class Convergence:
    """The theoretical rate at which the solver's answer approaches the closed form.

    The rate holds at the parameters in ``given`` and, for the others, at their defaults. At other
    parameters :meth:`Model.convergence` measures the differences.

    Parameters
    ----------
    kind
        ``"power"``: the largest difference falls at least as ``1 / lambda**order``.
        ``"log"``: it falls as ``ln(lambda) / lambda``, because a proposer leaves the other side a
        margin above indifference.
        ``"exponential"``: it is at most ``size * exp(-gain * lambda)``, because every choice on the
        equilibrium path is strictly best.
        ``"exact"``: only rounding is left, at every grid and precision.
    order
        The power; or the gain of the best choice over the second best, in the payoffs' unit.
    points
        At least two points ``(grid, lambda)``, from coarse to fine, at which a test measures it.
    size
        The factor of an exponential bound.
    along
        The quantity that grows in proportion to lambda, in words; empty if the grid is fixed.
    given
        Parameters at which the rate is measured, if the defaults take too long.
    """

    kind: str
    order: float
    points: tuple[tuple[int, float], ...]
    size: float = 1.0
    along: str = ""
    given: Mapping[str, float] = field(default_factory=dict)

    def bound(self, lam: float) -> float:
        """Return the bound on the largest difference, up to a factor for powers and logs.

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


def power(order: float, *points: tuple[int, float], along: str = "", **given: float) -> Convergence:
    """Return the rate ``1 / lambda**order``, measured at points ``(grid, lambda)``."""
    return Convergence("power", order, points, along=along, given=given)


def margin(*points: tuple[int, float], along: str = "", **given: float) -> Convergence:
    """Return the rate ``ln(lambda)/lambda`` of a proposer that leaves a margin for error."""
    return Convergence("log", 1.0, points, along=along, given=given)


def strict(
    gain: float, *lams: float, size: float = 10.0, grid: int = 2, **given: float
) -> Convergence:
    """Return the rate ``size exp(-gain lambda)`` of an equilibrium in strict best replies."""
    return Convergence("exponential", gain, tuple((grid, x) for x in lams), size=size, given=given)


EXACT = Convergence("exact", 0.0, ((2, 0.5), (2, 1.0), (2, 2.0)))


@dataclass(frozen=True)
class Model:
    """A published model beside its closed form.

    Parameters
    ----------
    name
        Its name on the command line.
    number
        Its number and letter among the library's models.
    title, citation, claim
        The title, the source, and the main result in one line.
    parameters
        In the order in which the closed form lists them.
    form
        The closed form: a function from parameters to quantities, both by name.
    game
        The solver's answer: ``game(parameters, grid, lam)`` returns a `ModelSolution`. Its values
        carry some or all of the names of the closed form's quantities.
    picture
        The chart of the paper's main comparative static around the given parameters.
    grid, lam
        Default number of points per continuous type or offer, and default precision.
    accuracy
        Bound on the differences between the solver's answer and the closed form at the default
        parameters, grid and precision. It covers the grid and the remaining trembles. The
        certificate states the solver's own error.
    rate
        The theoretical rate at which that difference falls, at the default parameters.
    note
        Further information on the difference, in one or two sentences.
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
    game: Callable[[Mapping[str, float], int, float], ModelSolution]
    picture: Callable[[Mapping[str, float]], Chart]
    grid: int
    lam: float
    accuracy: float
    rate: Convergence
    note: str = ""
    suited: Callable[[Mapping[str, float]], tuple[int, float]] | None = None

    def at(self, /, **given: float) -> tuple[int, float]:
        """Return the default grid and precision at these parameters.

        Examples
        --------
        >>> from detente.theory import load
        >>> load("fearon-1994").at(), load("fearon-1994").at(a1=1.0)
        ((24, 200.0), (16, 80.0))
        """
        return self.suited(self.values(**given)) if self.suited else (self.grid, self.lam)

    def rungs(self, /, **given: float) -> list[tuple[int, float]]:
        """Return the default grids and precisions at these parameters, the finest first.

        The game is solved at the first that can be certified. Each has two fifths of the precision
        of the one before, and two thirds of its points if the model refines its grid with lambda.

        Examples
        --------
        >>> from detente.theory import load
        >>> load("fearon-1994").rungs(a1=3.0)
        [(24, 200.0), (16, 80.0), (11, 32.0), (7, 12.8)]
        """
        grid, lam = self.at(**given)
        if self.fixes_lam:
            return [(grid, lam)]
        return [(grid, lam), *self.rungs_below((grid, lam))]

    @property
    def fixes_lam(self) -> bool:
        """Whether precision is a parameter of the model, or the model has none."""
        return self.rate.kind == "exact" or any(p.name == "lam" for p in self.parameters)

    def values(self, /, **given: float) -> dict[str, float]:
        """Return the value of every parameter: the given one, or its default.

        Raises
        ------
        InputError
            The model does not have a parameter of that name, or a value is not a number, not
            finite, above `MOST` in size, or below `LEAST` and not 0.
        """
        domains = {p.name: p.domain for p in self.parameters}
        known = [p.name for p in self.parameters]
        for name, value in given.items():
            if name not in known:
                raise InputError(
                    f"{self.name} has no parameter {name!r}",
                    expected=one_of(name, known), nearest=nearest(name, known),
                )
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise InputError(f"{name} is {value!r}", expected="a number")
            if not (value == 0 or LEAST <= abs(value) <= MOST):
                raise InputError(
                    f"{name} is {value:g}",
                    expected=f"0 or a number from {LEAST:g} to {MOST:g} in size ({name}: "
                             f"{domains[name]})")
        return {p.name: float(given.get(p.name, p.default)) for p in self.parameters}

    def closed_form(self, /, **given: float) -> dict[str, float]:
        """Return the paper's quantities.

        Raises
        ------
        InputError
            Parameters are outside the domain, or so near to its limits that the closed form cannot
            be computed. The message states the domain.
        """
        values = self.values(**given)
        try:
            return self.form(**values)
        except (ArithmeticError, ValueError) as error:
            near = ", ".join(f"{k} = {v:g}" for k, v in values.items() if k in given) or "defaults"
            raise InputError(
                f"the closed form cannot be computed at {near} ({error})",
                expected="parameters further from the limits of their domain: " + "; ".join(
                    dict.fromkeys(p.domain for p in self.parameters))) from None

    def solver(self, /, *, grid: int | None = None, lam: float | None = None, **given: float
               ) -> ModelSolution:
        """Solve the model's game.

        Parameters
        ----------
        grid
            Points per continuous type or offer.
        lam
            Precision of choice, in 1 over the payoffs' unit. If neither it nor the grid is given,
            the game is solved at the first of `rungs` that can be certified.
        given
            Parameters that differ from their defaults.

        Raises
        ------
        InputError
            Parameters are outside the domain, the grid does not have 2 to `MOST_POINTS` points, or
            the precision is neither 0 nor from `LEAST` to `MOST`.
        SolveError
            The solver's arithmetic breaks down.
        """
        if lam is not None and any(p.name == "lam" for p in self.parameters):
            given["lam"] = lam  # here precision is a parameter of the model
        values = self.values(**given)
        self.closed_form(**values)  # it checks the domain
        usual = self.at(**values)
        pairs = self.rungs(**values) if grid is None and lam is None else [
            (usual[0] if grid is None else grid, usual[1] if lam is None else lam)]
        for points, precision in pairs[:1]:
            if not 2 <= points <= MOST_POINTS:
                raise InputError(f"the grid is {points}",
                                 expected=f"from 2 to {MOST_POINTS} points")
            if not (precision == 0 or LEAST <= precision <= MOST):
                raise InputError(f"lambda is {precision:g}",
                                 expected=f"0 or a number from {LEAST:g} to {MOST:g}")
        finest: ModelSolution | None = None
        for points, precision in pairs:
            try:
                solved = replace(self.game(values, points, precision), grid=points, lam=precision)
            except ArithmeticError as error:
                raise SolveError(f"the solver's arithmetic broke down ({error})") from None
            except InputError:
                if finest is None:
                    raise
                break  # the grid is too coarse for these parameters
            if solved.certified:
                return solved
            finest = finest or solved
        assert finest is not None
        return finest

    def compare(self, /, *, grid: int | None = None, lam: float | None = None, **given: float
                ) -> dict[str, Any]:
        """Return the closed form beside the solver's answer, ready for JSON."""
        return self.beside(grid=grid, lam=lam, **given)[0]

    def beside(self, /, *, grid: int | None = None, lam: float | None = None, **given: float
               ) -> tuple[dict[str, Any], ModelSolution]:
        """Return the result of `compare`, and the solution behind it."""
        if lam is not None and any(p.name == "lam" for p in self.parameters):
            given["lam"] = lam
        form = self.closed_form(**given)
        usual = self.at(**given)
        try:
            solved = self.solver(**{"grid": grid, "lam": lam, **given})  # type: ignore[arg-type]
        except (SizeError, SolveError) as error:  # the closed form still holds
            note = f"the game was not solved: {error}"
            solved = ModelSolution({}, {"certified": False, "note": note},
                                   grid=usual[0] if grid is None else grid,
                                   lam=usual[1] if lam is None else lam)
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
            "grid": solved.grid, "lambda": given.get("lam", solved.lam),
            "rows": rows, "certificate": solved.certificate, "accuracy": self.accuracy,
            "within_accuracy": within(rows, self.accuracy),
            "about": " ".join(filter(None, (self.note, self.remark(usual, solved, rows)))),
        }, solved

    def remark(self, usual: tuple[int, float], solved: ModelSolution, rows: list[dict[str, Any]]
               ) -> str:
        """Return what a reader must know of the grid, the precision and the difference."""
        said = []
        if solved.certified and (solved.grid, solved.lam) in self.rungs_below(usual):
            said.append(f"Grid {usual[0]} and lambda {usual[1]:g} could not be certified at these "
                        f"parameters, so that grid {solved.grid} and lambda {solved.lam:g} are "
                        "used.")
        if within(rows, self.accuracy) is False:
            said.append(f"At these parameters the largest difference exceeds {self.accuracy:g}, "
                        "the accuracy stated for the default parameters.")
        return " ".join(said)

    def rungs_below(self, usual: tuple[int, float]) -> list[tuple[int, float]]:
        """Return the pairs of `rungs` that follow ``usual``."""
        grid, lam = usual
        return [(max(2, round(grid * (2 / 3) ** k)) if self.rate.along else grid,
                 round(lam * 0.4 ** k, 9)) for k in range(1, RUNGS)]

    def convergence(self, /, *, grid: int | None = None, lam: float | None = None, **given: float
                    ) -> list[dict[str, Any]]:
        """Measure the difference from the closed form at rising precision.

        The last level has the given grid and precision. Each earlier level has half the precision
        of the next. It also has half the grid if the model refines its grid with lambda. The list
        is empty if the model has no precision to vary. A level at which the game is too large is
        omitted.

        Parameters
        ----------
        grid, lam
            As in `solver`: those of the last level.
        given
            Parameters that differ from their defaults.

        Returns
        -------
        list of dict
            ``grid``, ``lambda``, ``largest_difference`` (None if no quantity can be compared) and
            ``certified``, from coarse to fine.

        Examples
        --------
        The difference halves when the precision doubles:

        >>> from detente.theory import load
        >>> found = load("schultz-2001-types").convergence(phi=0.3)
        >>> [level["lambda"] for level in found]
        [500.0, 1000.0, 2000.0]
        >>> errors = [level["largest_difference"] for level in found]
        >>> [round(coarse / fine, 1) for coarse, fine in zip(errors, errors[1:])]
        [2.0, 2.0]
        """
        if self.rate.kind == "exact":
            return []
        usual = self.at(**given)
        finest = usual[0] if grid is None else grid
        highest = usual[1] if lam is None else lam
        exact = self.closed_form(**given)
        found = []
        for k in range(LEVELS - 1, -1, -1):
            points = max(2, finest // 2 ** k) if self.rate.along else finest
            precision = highest / 2 ** k
            try:
                solved = self.solver(grid=points, lam=precision, **given)
            except (SizeError, SolveError):
                continue
            apart = [abs(solved.values[q] - x) for q, x in exact.items()
                     if q in solved.values and math.isfinite(x)]
            found.append({
                "grid": points, "lambda": precision,
                "largest_difference": finite(max(apart)) if apart else None,
                "certified": solved.certified})
        return found

    def tree(self, solved: ModelSolution) -> Chart:
        """Draw the game that was solved, with its equilibrium.

        Raises
        ------
        SizeError
            The tree is too large for a page.
        InputError
            The model is not one public tree.

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
                             expected="a model that is one public tree; this one is solved in "
                                      "parts, with correlated types, or as a process")
        try:
            return draw(eq.game, eq, title=f"{self.title} ({self.name})")
        except SizeError as error:
            raise SizeError(f"{self.name}: {error.message}",
                            expected="a smaller game: --grid 2, or fewer rounds or entrants",
                            ) from None

    def chart(self, /, **given: float) -> Chart:
        """Draw the paper's main comparative static."""
        values = self.values(**given)
        self.closed_form(**values)
        return self.picture(values)


def within(rows: list[dict[str, Any]], accuracy: float) -> bool | None:
    """Return whether all differences are at most ``accuracy``; None if there are none.

    Examples
    --------
    >>> within([{"difference": -0.2}, {"difference": None}], 0.1)
    False
    """
    apart = [abs(row["difference"]) for row in rows if row["difference"] is not None]
    return max(apart) <= accuracy if apart else None


def finite(x: float | None) -> float | None:
    """Return a plain number, or None if it is not finite."""
    return float(x) if x is not None and math.isfinite(x) else None
