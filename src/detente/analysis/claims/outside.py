"""Numbers from outside the game in claims: their values, and verdicts on claims of these alone.

A share of draws and a base rate have a 95 % interval. A claim is judged at their central values,
under each definition of a tie. It is too close to call if its truth changes within the intervals:
it is evaluated at all combinations of their ends. Base rates are drawn as well, so that a claim on
rates has a share of draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from detente.analysis.claims.asked import by_definition, values_of, world_of
from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.verdicts import Share, Term
from detente.claims import syntax as s
from detente.defaults import SEED

__all__ = ["AskedNumber", "Outside", "OutsideVerdict", "in_game", "judged", "missing"]

DRAWS = 1024
"""Draws of the base rates of a claim."""


@dataclass(frozen=True)
class AskedNumber:
    """A number from outside the game in a claim.

    Attributes
    ----------
    text : str
        As the claim writes it.
    function : str
        ``aligned``, ``between``, ``returns`` or ``rate``.
    definition : str
        The definition of a tie; empty if none is involved.
    value, low, high : float or None
        With its 95 % interval; None without an answer.
    counted : str
        The count, such as ``174 of 512 draws``.
    why : str
        The reason if there is no answer.
    unit : str
        ``share``, or the unit of a rate that is not one.
    """

    text: str
    function: str
    definition: str
    value: float | None
    low: float | None
    high: float | None
    counted: str
    why: str = ""
    unit: str = "share"


@dataclass(frozen=True)
class OutsideVerdict:
    """A claim under one definition of a tie.

    Attributes
    ----------
    definition, says : str
        Its name and sentence; empty if the claim does not ask about ties.
    null : str
        The network beside its null models; empty if the claim does not ask about ties.
    holds : bool or None
        At the central values; None without an answer.
    margin : float or None
    close : bool
        The intervals contain values with another verdict, so ``holds`` is not reliable.
    sides : list of Term
        The numbers compared.
    share : Share or None
        Over draws of the base rates within it.
    """

    definition: str
    says: str
    null: str
    holds: bool | None
    margin: float | None
    close: bool
    sides: list[Term]
    share: Share | None = None

    @property
    def decided(self) -> bool | None:
        """``holds``, but None if it is too close to call."""
        return None if self.close else self.holds


@dataclass(frozen=True)
class Outside:
    """A claim's part outside the game.

    Attributes
    ----------
    alone : bool
        Whether nothing in the claim belongs to the game.
    missing : str
        The command that downloads the missing data; the claim is then not judged.
    verdicts : list of OutsideVerdict
        One per definition of a tie. Empty if the claim is not ``alone``.
    numbers : list of AskedNumber
    record : str
        The record of alignments in past wars; empty if the claim does not ask for one.
    """

    alone: bool
    missing: str = ""
    verdicts: list[OutsideVerdict] = field(default_factory=list)
    numbers: list[AskedNumber] = field(default_factory=list)
    record: str = ""

    @property
    def agreed(self) -> bool:
        """Whether all definitions give one verdict."""
        return len({(v.holds, v.close) for v in self.verdicts}) <= 1

    def as_dict(self) -> dict[str, Any]:
        """Return it as a dictionary for JSON."""
        return asdict(self)


def in_game(outside: Outside | None) -> bool:
    """Whether the game has to be solved for a claim, and the claim can be judged."""
    return outside is None or not (outside.alone or outside.missing)


def missing(claim: s.Expr, scenario: Any) -> str:
    """Return the command that downloads the data a claim lacks; empty if it lacks none."""
    asked = s.asked_in(claim)
    if not asked:
        return ""
    world = world_of(scenario)
    names = dict.fromkeys(name for x in asked for name in world.lacking(x.key))
    return f"detente data fetch {' '.join(names)}" if names else ""


def judged(claim: s.Expr, text: str, scenario: Any) -> Outside | None:
    """Return a claim's part outside the game; None if it has none."""
    asked = s.asked_in(claim)
    if not asked:
        return None
    alone = s.alone(claim)
    lacks = missing(claim, scenario)
    if lacks:
        return Outside(alone, lacks)
    world = world_of(scenario)
    every = by_definition(claim, scenario)
    rows = []
    for x in asked:
        for name, found in world.numbers(x.key).items():
            none = np.isnan(found.value)
            rows.append(AskedNumber(
                _written(x, text), x.function, name, None if none else found.value,
                None if none else found.low, None if none else found.high, found.counted,
                found.why, found.unit))
    verdicts = [_verdict(claim, text, scenario, name) for name in every] if alone else []
    record = world.record() if any(x.function == "aligned" for x in asked) else ""
    return Outside(alone, "", verdicts, rows, record)


def _written(node: s.Part, text: str) -> str:
    return " ".join(text[node.at[2] : node.at[3]].split())


def _verdict(claim: s.Expr, text: str, scenario: Any, definition: str) -> OutsideVerdict:
    """Return the verdict on a claim of the world alone under one definition."""
    meaning = Meaning(claim, _no_game, values_of(claim, scenario, definition))
    truth = meaning.truth()
    sides = [
        Term(_written(x, text), _number(float(meaning.number(x).ravel()[0])),
             isinstance(x, s.Number))
        for node in s.walk(claim) if isinstance(node, s.Compare) for x in node.terms]
    held = truth.holds[0]
    world = world_of(scenario)
    says, null = (world.definitions[definition], world.null(definition)) if definition else ("", "")
    return OutsideVerdict(
        definition, says, null, None if np.isnan(held) else bool(held),
        _number(float(truth.margin[0])), bool(truth.close[0]), sides,
        _drawn(claim, scenario, definition))


def _drawn(claim: s.Expr, scenario: Any, definition: str) -> Share | None:
    """Return the share of draws of the base rates in which a claim holds; None without a rate."""
    from detente.intervals import wilson
    from detente.scenario.sobol import points
    from detente.world.number import rate_draws

    numbers = by_definition(claim, scenario)[definition]
    rates = [key for key, x in numbers.items() if key[0] == "rate" and not np.isnan(x.value)]
    if not rates:
        return None
    u = points(len(rates), DRAWS, SEED)
    values = {key: x.value for key, x in numbers.items()} | {
        key: rate_draws(numbers[key], u[:, c]) for c, key in enumerate(rates)}
    holds = np.broadcast_to(Meaning(claim, _no_game, [values]).truth().holds, (DRAWS,))
    held, failed = int((holds == 1).sum()), int((holds == 0).sum())
    n = held + failed
    low, high = wilson(held, n) if n else (None, None)
    return Share(DRAWS, DRAWS, held, failed, DRAWS - n, held / n if n else None, low, high)


def _no_game(variants: Sequence[s.Variant]) -> Any:
    raise AssertionError("a claim of the world alone asks for no game")


def _number(x: float) -> float | None:
    return x if np.isfinite(x) else None
