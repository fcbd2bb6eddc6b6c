"""Strategies of machine players, one file each; adding one is adding its file.

The registry finds every class in the files of this folder that has a ``name``.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
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
    from detente.play.strategies.base import Strategy

    found: dict[str, type[Strategy]] = {}
    for file in pkgutil.iter_modules(__path__):
        for one in vars(import_module(f"{__name__}.{file.name}")).values():
            if isinstance(one, type) and issubclass(one, Strategy) and "name" in vars(one):
                found[one.name] = one
    first = [name for name in ORDER if name in found]
    return {name: found[name] for name in (*first, *sorted(set(found) - set(first)))}


def registry() -> dict[str, type[Strategy]]:
    """Return the strategies by name.

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
    wanted = " ".join(name.replace("-", " ").replace("_", " ").lower().split())
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
        Another strategy has its name.
    """
    if registry().get(cls.name, cls) is not cls:
        raise ValueError(f"a strategy is called {cls.name!r} already; choose another name")
    _added[cls.name] = cls
    return cls


def unregister(name: str) -> None:
    """Remove a strategy that was added with `register`; an unknown name is ignored."""
    _added.pop(name, None)
