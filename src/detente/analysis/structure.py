"""Structural neighbours and alternatives: other turns, first mover, offers or types.

Structure has no range, but it is as uncertain as the numbers. Each neighbour changes one part of
the structure and keeps every number, so its difference from the crisis is the effect of that part.
An alternative is a structure that the file lists with a weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from detente.defaults import EPSILON
from detente.errors import DetenteError, InputError
from detente.scenario.alternatives import Alternative, alternatives, single
from detente.scenario.structural import restructured, turned

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["Neighbour", "Structure", "examine", "neighbours"]

MOVED = 0.10
"""A neighbour that moves a probability by more than this shows that structure decides."""
MODELS = ("deliberate", "fallible")
"""The models, in the order in which the report names them."""
BUDGET = 60_000
"""Largest tree of a neighbour that is solved."""


@dataclass(frozen=True)
class Neighbour:
    """A structural neighbour or an alternative of the file, solved in both models.

    Attributes
    ----------
    label : str
        What is different, such as "one turn more for each side".
    fallible, deliberate : dict of str to float
        Probabilities of its outcomes in each model; empty if it was not solved.
    terms : dict of str to float
        Probabilities of its terms, mean of both models.
    certified : bool
        Whether both solutions passed their check.
    note : str
        The reason if it was not solved.
    weight : float or None
        The weight of an alternative of the file, relative to the file as written, which has
        weight 1; None for a neighbour.
    why : str
        The file's reason for an alternative.
    """

    label: str
    fallible: dict[str, float] = field(default_factory=dict)
    deliberate: dict[str, float] = field(default_factory=dict)
    terms: dict[str, float] = field(default_factory=dict)
    certified: bool = False
    note: str = ""
    residual: float | None = None
    nash_conv: float | None = None
    weight: float | None = None
    why: str = ""
    solution: tuple[Compiled, Equilibrium, Equilibrium] | None = field(
        default=None, repr=False, compare=False)
    """The game and both solutions, for the claims; None for the crisis itself."""

    @property
    def solved(self) -> bool:
        """Whether there are results."""
        return bool(self.fallible)

    def odds(self, model: str) -> dict[str, float]:
        """Return the probabilities of the outcomes in "fallible" or "deliberate"."""
        return self.deliberate if model == "deliberate" else self.fallible

    def most_probable(self, model: str | None = None) -> str:
        """Return the most probable outcome in "fallible" or "deliberate", or by their mean."""
        asked = [self.fallible, self.deliberate] if model is None else [self.odds(model)]
        return max(self.fallible, key=lambda k: sum(p.get(k, 0.0) for p in asked))


@dataclass(frozen=True)
class Structure:
    """A crisis, the structural alternatives of its file, and its structural neighbours.

    Attributes
    ----------
    base : Neighbour
        The crisis itself.
    others : tuple of Neighbour
        The alternatives first. A neighbour that is also an alternative is listed once.
    """

    base: Neighbour
    others: tuple[Neighbour, ...]

    @property
    def solved(self) -> list[Neighbour]:
        """The neighbours with checked results."""
        return [n for n in self.others if n.solved and n.certified]

    def moves(self, other: Neighbour) -> dict[str, float]:
        """Return how far each of the most probable outcomes moves in a neighbour, by outcome.

        The outcomes are the most probable one by the mean of both models, in either model, and that
        of each model in this model.
        """
        both = self.base.most_probable()
        out: dict[str, float] = {}
        for model in MODELS:
            here, there = self.base.odds(model), other.odds(model)
            for top in (both, self.base.most_probable(model)):
                far = abs(there.get(top, 0.0) - here.get(top, 0.0))
                out[top] = max(far, out.get(top, 0.0))
        return out

    def moved(self, other: Neighbour) -> float:
        """Return the largest of these changes."""
        return max(self.moves(other).values())

    def turned(self, other: Neighbour) -> list[str]:
        """Return the models in which another outcome is the most probable one in a neighbour."""
        return [m for m in MODELS if other.most_probable(m) != self.base.most_probable(m)]

    @property
    def alternatives(self) -> list[Neighbour]:
        """The structures that the file lists with weights."""
        return [n for n in self.others if n.weight is not None]

    @property
    def deciding(self) -> list[Neighbour]:
        """The neighbours that change the most probable outcome of a model, or move it by 0.10.

        Empty if the solution of the crisis itself failed its check: nothing can be compared.
        """
        if not self.base.certified:
            return []
        return [n for n in self.solved if self.turned(n) or self.moved(n) > MOVED]


def neighbours(scenario: Any) -> Iterator[tuple[str, Any]]:
    """Yield each structural neighbour with its label.

    Turns one more and one less for each side, the other side first, offers with the midpoints
    between neighbours added, and twice the types of every private quantity that has a number of
    types.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> [label for label, _ in neighbours(load(find("cuba-1962")))][:2]
    ['one turn fewer for each side', 'one turn more for each side']
    """
    turns = scenario.turns
    if turns is not None:
        for step, label in ((-1, "one turn fewer for each side"),
                            (1, "one turn more for each side")):
            each = turns.each + step
            if 1 <= each <= 6:
                yield label, turned(scenario, each)
        other = next(p for p in scenario.principals if p != turns.first)
        yield "the other side moves first", scenario.model_copy(
            update={"turns": turns.model_copy(update={"first": other})})
    finer = _finer_offers(scenario)
    if finer is not None:
        yield "offers halfway between the present ones added", finer
    more = _more_types(scenario)
    if more is not None:
        yield "twice as many types", more


def _finer_offers(scenario: Any) -> Any | None:
    from detente.mechanisms.stake import shares_of

    if scenario.offers is None or scenario.stake is None or scenario.stake.issues:
        return None

    def finer(principal: str | None) -> list[float]:
        own = shares_of(scenario_rules(scenario), principal)
        listed = sorted({*own, *(float(p.share) for p in scenario.offers.packages or []
                                 if principal is None or p.by in (None, principal))})
        return sorted({*own, *(round((a + b) / 2, 6) for a, b in pairwise(listed))})

    if scenario.offers.shares_by:
        each = {p: finer(p) for p in scenario.offers.shares_by}
        changed = each != {p: sorted(set(s)) for p, s in scenario.offers.shares_by.items()}
        update: dict[str, Any] = {"shares_by": each}
    else:
        shares = finer(None)
        changed = len(shares) > len(shares_of(scenario_rules(scenario)))
        update = {"shares": shares}
    if not changed:
        return None
    return scenario.model_copy(update={"offers": scenario.offers.model_copy(update=update)})


def scenario_rules(scenario: Any) -> Any:
    """Return the rules of a crisis, made once and kept with it."""
    from detente.game.explore import graph_of

    return graph_of(scenario).rules


def _more_types(scenario: Any) -> Any | None:
    changed = False
    actors = {}
    for name, actor in scenario.actors.items():
        private = {}
        for key, spec in actor.private.items():
            if hasattr(spec, "types") and 2 * spec.types <= 64:
                spec, changed = spec.model_copy(update={"types": 2 * spec.types}), True
            private[key] = spec
        actors[name] = actor.model_copy(update={"private": private})
    return scenario.model_copy(update={"actors": actors}) if changed else None


def examine(
    scenario: Any, fallible: Equilibrium, deliberate: Equilibrium, *, epsilon: float = EPSILON,
    workers: int = 1, tell: Any = None, nearby: bool = True,
) -> Structure:
    """Solve every alternative and neighbour at the centre of the ranges, in both models.

    Parameters
    ----------
    scenario : Scenario
    fallible, deliberate : Equilibrium
        The crisis itself, solved at the centre.
    epsilon : float
        Largest tremble probability. Each structure lowers its own until its outcomes settle, as
        the crisis itself does.
    workers : int
        Threads.
    tell : callable, optional
        Called with (done, total, description).
    nearby : bool
        Whether the neighbours are solved; the file's alternatives are in any case.

    Raises
    ------
    InputError
        An alternative of the file cannot be solved, such as one whose game is too large.
    """
    from concurrent.futures import ThreadPoolExecutor

    own = single(scenario)
    stated = [(a, restructured(own, a.changes)) for a in alternatives(scenario)]
    listed = [(label, one) for label, one in neighbours(own)
              if all(one != other for _, other in stated)] if nearby else []
    many = len(stated) + len(listed)
    say = tell or (lambda done, total, what: None)
    base = _entered("as it is", fallible, deliberate)
    if stated:
        base = replace(base, weight=1.0)
    say(0, many, "structural neighbours")
    done: list[Neighbour] = []
    with ThreadPoolExecutor(max(1, workers)) as pool:
        jobs = [pool.submit(_stated, a, one, epsilon) for a, one in stated]
        jobs += [pool.submit(_solved, label, one, epsilon) for label, one in listed]
        for k, job in enumerate(jobs):
            done.append(job.result())
            say(k + 1, many, "structural neighbours")
    return Structure(base, tuple(done))


def _stated(one: Alternative, scenario: Any, epsilon: float) -> Neighbour:
    """Return an alternative of the file, solved.

    Raises
    ------
    InputError
        It cannot be solved.
    """
    from detente.game.compile import BUDGET as LARGEST

    found = _solved(one.label, scenario, epsilon, LARGEST)
    if not found.solved:
        raise InputError(
            f"the structure {one.label!r} is {found.note}", field=".".join(map(str, one.place)),
            expected="a structure that can be solved; change it or remove it")
    return replace(found, weight=one.weight, why=one.why)


def _solved(label: str, scenario: Any, epsilon: float, budget: int = BUDGET) -> Neighbour:
    from detente.cases.library import problems
    from detente.equilibrium import solve, solve_deliberate
    from detente.game.compile import compile_scenario

    try:
        bare = scenario.model_copy(update={
            "levers": {}, "claims": [], "variants": {}, "structures": {}})
        wrong = next(iter(problems(bare)), None)
        if wrong is not None:
            return Neighbour(label, note=f"not solved: {wrong.message}")
        compiled = compile_scenario(bare, budget)
        fallible = solve(compiled.tree, compiled.lam)
        deliberate = solve_deliberate(compiled.tree, fallible, epsilon=epsilon)
    except InputError as error:
        return Neighbour(label, note=f"not solved: {error.message}")
    except DetenteError as error:
        return Neighbour(label, note=f"not solved: {error}")
    return replace(_entered(label, fallible, deliberate),
                   solution=(compiled, fallible, deliberate))


def _entered(label: str, fallible: Equilibrium, deliberate: Equilibrium) -> Neighbour:
    from detente.analysis.terms import probabilities

    terms = {}
    if fallible.game.terms is not None:
        p = probabilities(fallible.game, fallible.leaf_reach)
        q = probabilities(deliberate.game, deliberate.leaf_reach)
        terms = {str(t): float((a + b) / 2)
                 for t, a, b in zip(fallible.game.term_kinds, p, q, strict=True)}
    return Neighbour(
        label, fallible.outcomes(), deliberate.outcomes(), terms,
        fallible.certificate.certified and deliberate.certificate.certified,
        residual=fallible.certificate.residual, nash_conv=deliberate.certificate.nash_conv,
    )
