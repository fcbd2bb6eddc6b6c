"""Strategies of machine players, one file each; adding one is adding its file.

The registry finds every class in the files of this folder that has a ``name``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import InputError, nearest, one_of

if TYPE_CHECKING:
    from detente.play.strategies.base import Strategy

__all__ = ["load", "register", "registry", "unregister"]

ORDER = ("equilibrium", "deliberate")
"""The strategies that lists name first; the others follow by the alphabet."""
OTHER_NAMES = {"fallible": "equilibrium"}
"""Other words for a strategy."""
_added: dict[str, type[Strategy]] = {}


@cache
def _built_in() -> dict[str, type[Strategy]]:
    found: dict[str, type[Strategy]] = {}
    for file in pkgutil.iter_modules(__path__):
        try:
            for one in _classes(f"{__name__}.{file.name}"):
                _check(one, found)
                found[one.name] = one
        except Exception as wrong:  # whatever the code of the file raises
            said = f"{type(wrong).__name__}: {wrong}" if type(wrong) is not ValueError else wrong
            raise InputError(
                f"the strategy of the file cannot be used: {said}",
                file=str(Path(getattr(file.module_finder, "path", "")) / f"{file.name}.py"),
                expected="a class with name, about and mix, as docs/how-to/add-a-strategy.md "
                "shows; mend the file or remove it") from wrong
    first = [name for name in ORDER if name in found]
    return {name: found[name] for name in (*first, *sorted(set(found) - set(first)))}


def _classes(module: str) -> Iterator[type[Strategy]]:
    """Yield the strategies that a module defines."""
    from detente.play.strategies.base import Strategy

    for one in vars(import_module(module)).values():
        if isinstance(one, type) and issubclass(one, Strategy) and one.__module__ == module and (
                "name" in vars(one)):
            yield one


def _check(cls: type[Strategy], known: Mapping[str, type[Strategy]]) -> None:
    """Raise a ValueError if a strategy cannot be used, or another one has its name."""
    name, about = getattr(cls, "name", None), getattr(cls, "about", None)
    if not isinstance(name, str) or name != _plain(name) or "," in name or not name:
        raise ValueError(f"its name is {name!r}; use small letters and single spaces, such as "
                         "'tit for tat'")
    if not isinstance(about, str) or not about.strip():
        raise ValueError(f"{name!r} has no text in about; write its rule in one sentence")
    if isabstract(cls):
        raise ValueError(f"{name!r} has no method mix; write one")
    if known.get(name, cls) is not cls or name in OTHER_NAMES:
        raise ValueError(f"a strategy is called {name!r} already; choose another name")


def _plain(name: str) -> str:
    return " ".join(name.replace("-", " ").replace("_", " ").lower().split())


def registry() -> dict[str, type[Strategy]]:
    """Return the strategies by name.

    Raises
    ------
    InputError
        A file of the folder cannot be used.

    Examples
    --------
    >>> {"equilibrium", "hawk", "tit for tat"} <= set(registry())
    True
    """
    return _built_in() | _added


def load(name: str) -> type[Strategy]:
    """Return a strategy by its name; ``-`` and ``_`` may stand for a space.

    Raises
    ------
    InputError
        No strategy has that name.

    Examples
    --------
    >>> load("tit-for-tat").name, load("fallible").name
    ('tit for tat', 'equilibrium')
    """
    known = registry()
    wanted = _plain(name)
    found = known.get(OTHER_NAMES.get(wanted, wanted))
    if found is None:
        names = [*known, *OTHER_NAMES]
        raise InputError(f"there is no strategy {name!r}", expected=one_of(wanted, names, 20),
                         nearest=nearest(wanted, names))
    return found


def register(cls: type[Strategy]) -> type[Strategy]:
    """Add a strategy from outside the package for the rest of the program.

    Raises
    ------
    ValueError
        Another strategy has its name, or it lacks its name, its rule or its mix.
    """
    _check(cls, registry())
    _added[cls.name] = cls
    return cls


def unregister(name: str) -> None:
    """Remove a strategy that was added with `register`; an unknown name is ignored."""
    _added.pop(name, None)
