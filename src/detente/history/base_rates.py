"""The registry of base rates: questions about one table, and the rates of the record.

A file of the folder ``record/`` that holds a `detente.history.recorded.RecordRate` adds a rate. No
data package is imported, because a crisis file is checked against the names alone.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType

from detente.history.question import Question
from detente.history.questions import QUESTIONS
from detente.history.recorded import RecordRate

__all__ = ["BaseRate", "base_rates", "record_rates"]

BaseRate = Question | RecordRate
"""An entry of the registry."""


@cache
def record_rates() -> MappingProxyType[str, RecordRate]:
    """Return the rates of the record by name.

    Examples
    --------
    >>> record_rates()["pact-renewed"].unit
    'share'
    """
    from detente.history import record

    found: dict[str, RecordRate] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(record.__path__)):
        for item in vars(import_module(f"{record.__name__}.{module}")).values():
            if isinstance(item, RecordRate):
                found[item.name] = item
    return MappingProxyType(found)


@cache
def base_rates() -> MappingProxyType[str, BaseRate]:
    """Return every base rate by name.

    Examples
    --------
    >>> {"icb-war", "pact-renewed"} <= set(base_rates())
    True
    """
    return MappingProxyType({**QUESTIONS, **record_rates()})
