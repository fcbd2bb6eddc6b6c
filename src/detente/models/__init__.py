"""Published models of crises, each beside its closed form and the solver's answer.

One file a numbered model. To add one, write its file and enter it in `TABLE`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from detente.errors import InputError, nearest

if TYPE_CHECKING:
    from detente.models.base import Model

__all__ = ["TABLE", "load", "registry"]

TABLE: dict[str, str] = {
    "fearon-1995": "ultimatum:MODEL",
    "fearon-1995-binary": "ultimatum:BINARY",
    "fearon-1995-two-sided": "ultimatum:TWO_SIDED",
    "fearon-1995-odds": "ultimatum:ODDS",
}
"""Name on the command line to ``module:object``, in the order of the models' numbers."""


@cache
def load(name: str) -> Model:
    """Return a model by name.

    Raises
    ------
    InputError
        No model has that name.

    Examples
    --------
    >>> load("fearon-1995").closed_form(h=0.4)["war"]
    0.37500000000000006
    """
    if name not in TABLE:
        raise InputError(
            f"no model is called {name!r}", expected="a name that `detente models` lists",
            nearest=nearest(name, TABLE),
        )
    module, attribute = TABLE[name].split(":")
    found: Model = getattr(import_module(f"detente.models.{module}"), attribute)
    return found


def registry() -> dict[str, Model]:
    """Return every model by name."""
    return {name: load(name) for name in TABLE}
