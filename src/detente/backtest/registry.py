"""Forecasters by name: each file of ``models/`` is one.

A name is ``FILE`` or ``FILE:ARGUMENT``, such as ``logit`` or ``pool:logit+boosting``.
"""

from __future__ import annotations

import hashlib
import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from detente.backtest.forecaster import Forecaster
from detente.cases.modelfile import sources
from detente.errors import InputError, nearest, one_of

__all__ = ["about", "find", "known", "lineup", "stamp"]

ALWAYS = ("base", "recent", "time")
"""Forecasters that are on every board."""

NEEDS = {"game": "theory"}
"""A forecaster of the first kind brings one of the second kind with the same argument."""


@cache
def known() -> dict[str, ModuleType]:
    """Return the modules of ``models/`` by name.

    Examples
    --------
    >>> {"base", "logit", "pool", "recent", "time"} <= set(known())
    True
    """
    from detente.backtest import models

    return {m.name: import_module(f"{models.__name__}.{m.name}")
            for m in pkgutil.iter_modules(models.__path__) if m.name[0] != "_"}


def find(name: str) -> Forecaster:
    """Return a forecaster.

    Raises
    ------
    InputError
        No forecaster has this name, or its argument is wrong.

    Examples
    --------
    >>> find("pool:base+recent").name
    'pool:base+recent'
    >>> find("lojit")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: no forecaster is called 'lojit'; expected one of base, ...
    (did you mean 'logit'?)
    """
    kind, _, argument = name.partition(":")
    modules = known()
    if kind not in modules:
        raise InputError(f"no forecaster is called {kind!r}", expected=one_of(kind, modules),
                         nearest=nearest(kind, modules))
    if argument and kind in ("base", "recent", "time", "logit", "boosting"):
        raise InputError(f"{kind} takes no argument, and got {argument!r}", expected=kind)
    made: Forecaster = modules[kind].make(argument, find)
    return made


def about(name: str) -> str:
    """Return a line on a forecaster."""
    return str(known()[name.partition(":")[0]].ABOUT)


def lineup(names: list[str]) -> list[str]:
    """Return the forecasters of a board: those that always run, then those asked for.

    Beside a game its `theory` runs, which has the same covariates, exclusions and shrinkage, and
    no game.

    Examples
    --------
    >>> lineup(["logit", "base"])
    ['base', 'recent', 'time', 'logit']
    >>> lineup(["pool:game:tight+logit"])
    ['base', 'recent', 'time', 'theory:tight', 'pool:game:tight+logit']
    """
    made = list(ALWAYS)
    for name in names:
        kind, _, argument = name.partition(":")
        for part in argument.split("+") if kind == "pool" else [name]:
            first, _, rest = part.strip().partition(":")
            if first in NEEDS:
                made.append(f"{NEEDS[first]}:{rest}" if rest else NEEDS[first])
        made.append(name)
    return list(dict.fromkeys(made))


def stamp(name: str) -> str:
    """Return a hash of a forecaster's code and of the files that it is read from."""
    digest = hashlib.sha256(name.encode())
    kind, _, argument = name.partition(":")
    parts = argument.split("+") if kind == "pool" else [argument]
    digest.update(Path(str(known()[kind].__file__)).read_bytes())
    for part in parts:
        if kind == "pool":
            digest.update(stamp(part.strip()).encode())
        elif kind in ("game", "theory"):
            for file in sources(part):
                digest.update(file.read_bytes())
        elif part and Path(part).is_file():
            digest.update(Path(part).read_bytes())
    return digest.hexdigest()
