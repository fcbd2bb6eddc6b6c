"""The registry of the data sets in ``datasets/``.

It imports the files of the data sets by their names. They import `detente.history.dataset`, which
therefore does not hold the registry.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from detente.errors import InputError, nearest
from detente.history.dataset import DataSet

__all__ = ["get", "registry"]


@cache
def registry() -> dict[str, DataSet]:
    """Return every registered data set by name.

    Examples
    --------
    >>> registry()["war1800"].rows
    313
    """
    from detente.history import datasets

    found: dict[str, DataSet] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(datasets.__path__)):
        for item in vars(import_module(f"{datasets.__name__}.{module}")).values():
            if isinstance(item, DataSet):
                found[item.name] = item
    return dict(sorted(found.items()))


def get(name: str) -> DataSet:
    """Return one data set.

    Raises
    ------
    InputError
        No data set has this name.

    Examples
    --------
    >>> get("war1801")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: no data set is called 'war1801'; expected a name that
    `detente data list` prints (did you mean 'war1800'?)
    """
    known = registry()
    if name not in known:
        raise InputError(f"no data set is called {name!r}",
                         expected="a name that `detente data list` prints",
                         nearest=nearest(name, known))
    return known[name]
