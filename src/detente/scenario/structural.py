"""Structure that variants and alternatives may set: turns, first mover, offers and types.

Structure decides which moves exist, so a crisis with another structure has another game tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, one_of
from detente.scenario.model import segment

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["OneOf", "Setting", "fault", "held", "restructured", "settings", "turned"]

MOST_TURNS, MOST_OFFERS, MOST_TYPES = 6, 4, 64


@dataclass(frozen=True)
class Setting:
    """A part of the structure that a variant may set.

    Attributes
    ----------
    path : str
    least, most : int or None
        Bounds of a whole number.
    names : tuple of str
        The allowed names, if it holds a name.
    shares : bool
        Whether it holds a list of shares.
    """

    path: str
    least: int | None = None
    most: int | None = None
    names: tuple[str, ...] = ()
    shares: bool = False


class OneOf(int):
    """The middle of several whole numbers that a file lists as structural alternatives.

    Of an even number of values it is the larger of the two in the middle. It is a plain number
    everywhere; only `detente.scenario.alternatives` reads the list.

    Examples
    --------
    >>> OneOf([3, 1, 2]), OneOf([3, 1, 2]).listed, OneOf([1, 2]) == 2
    (2, (1, 2, 3), True)
    """

    listed: tuple[int, ...]

    def __new__(cls, values: Sequence[int]) -> OneOf:
        ordered = tuple(sorted(values))
        made = super().__new__(cls, ordered[len(ordered) // 2])
        made.listed = ordered
        return made

    def __getnewargs__(self) -> tuple[tuple[int, ...]]:  # type: ignore[override]
        return (self.listed,)


def settings(scenario: Scenario) -> dict[str, Setting]:
    """Return the structure that a variant of a crisis may set, by path.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> list(settings(load(find("cuba-1962"))))[:4]
    ['turns.each', 'turns.first', 'offers.each', 'offers.shares']
    """
    out = []
    if scenario.turns is not None:
        out += [Setting("turns.each", 1, MOST_TURNS),
                Setting("turns.first", names=scenario.principals)]
    if scenario.offers is not None:
        out += [Setting("offers.each", 1, MOST_OFFERS), Setting("offers.shares", shares=True)]
    for name, actor in scenario.actors.items():
        for quantity, spec in actor.private.items():
            if hasattr(spec, "types") and isinstance(spec.types, int):
                path = f"actors.{segment(name)}.private.{segment(quantity)}.types"
                out.append(Setting(path, 2, MOST_TYPES))
    return {x.path: x for x in out}


def fault(setting: Setting, value: object) -> str | None:
    """Return the values that are allowed if ``value`` is not one of them, else None.

    Examples
    --------
    >>> fault(Setting("turns.each", 1, 6), 7), fault(Setting("turns.each", 1, 6), 3)
    ('a whole number from 1 to 6', None)
    """
    if setting.shares:
        good = isinstance(value, list | tuple) and bool(value) and all(
            isinstance(x, int | float) and not isinstance(x, bool) and 0 <= x <= 1 for x in value)
        return None if good else "a list of shares from 0 to 1, such as [0.4, 0.6]"
    if setting.names:
        good = isinstance(value, str) and value in setting.names
        return None if good else one_of(str(value), setting.names)
    whole = (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and value == int(value))
    assert setting.least is not None and setting.most is not None
    if whole and setting.least <= int(value) <= setting.most:  # type: ignore[call-overload]
        return None
    return f"a whole number from {setting.least} to {setting.most}"


def held(scenario: Scenario, path: str) -> Any:
    """Return the structure that a crisis has at a path of `settings`; None if it is derived.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> held(load(find("cuba-1962")), "turns.first")
    'united_states'
    """
    head, *rest = path.split(".")
    if head != "actors":
        value = getattr(getattr(scenario, head), rest[0])
        if isinstance(value, list):
            return sorted({float(x) for x in value})
        return int(value) if isinstance(value, int) else value
    for name, actor in scenario.actors.items():
        for key, spec in actor.private.items():
            if path == f"actors.{segment(name)}.private.{segment(key)}.types":
                return getattr(spec, "types", None)
    return None


def restructured(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return the crisis with another structure; its numbers stay as they are.

    Raises
    ------
    InputError
        The path is not structure that can be set, or the value is not allowed.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> restructured(load(find("cuba-1962")), {"turns.each": 1}).turns.each
    1
    """
    known = settings(scenario)
    for path, value in values.items():
        if path not in known:
            raise InputError(f"there is no structure {path} to set", field=path,
                             expected=one_of(path, known))
        wrong = fault(known[path], value)
        if wrong is not None:
            raise InputError(f"{path} cannot be {value!r}", field=path, expected=wrong)
        scenario = _set(scenario, path, value)
    return scenario


def _set(scenario: Scenario, path: str, value: Any) -> Scenario:
    head, *_, last = path.split(".")
    if path == "turns.each":
        return turned(scenario, int(value))
    if head == "turns":
        assert scenario.turns is not None
        first = next(p for p in scenario.principals if p == value)
        return scenario.model_copy(
            update={"turns": scenario.turns.model_copy(update={"first": first})})
    if head == "offers":
        assert scenario.offers is not None
        held = [float(x) for x in value] if last == "shares" else int(value)
        return scenario.model_copy(
            update={"offers": scenario.offers.model_copy(update={last: held})})
    actors = {}
    for name, actor in scenario.actors.items():
        private = {
            key: spec.model_copy(update={"types": int(value)})
            if path == f"actors.{segment(name)}.private.{segment(key)}.types" else spec
            for key, spec in actor.private.items()
        }
        actors[name] = actor.model_copy(update={"private": private})
    return scenario.model_copy(update={"actors": actors})


def turned(scenario: Scenario, each: int) -> Scenario:
    """Return the crisis with another number of turns, without moves listed for later rounds."""
    assert scenario.turns is not None
    entries = []
    for entry in scenario.mechanisms:
        rounds = getattr(entry.spec, "at_turns", None)
        if isinstance(rounds, list) and any(t > each for t in rounds):
            kept = [t for t in rounds if t <= each] or [each]
            entry = entry.model_copy(update={
                "spec": entry.spec.model_copy(update={"at_turns": kept})})
        entries.append(entry)
    return scenario.model_copy(update={
        "turns": scenario.turns.model_copy(update={"each": each}), "mechanisms": entries})
