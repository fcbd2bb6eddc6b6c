"""The interface of a published model: parameters, closed form, game, chart, difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, SizeError, SolveError, nearest, one_of
from detente.theory import difference
from detente.theory.parts import ModelSolution, Parameter, need
from detente.theory.rates import EXACT, Convergence, margin, power, strict

if TYPE_CHECKING:
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
        return difference.beside(self, grid=grid, lam=lam, given=given)

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
        return difference.convergence(self, grid=grid, lam=lam, given=given)

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
