"""The registry of findings: one list for the report, the terminal, JSON and notebooks.

Every module of this package with a ``FINDING`` is included automatically; `ABOVE` are the modules
that put findings together. Another package offers
its findings with `register` or in the entry-point group ``detente.findings``.
"""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, TypeVar

from detente.errors import misspelt
from detente.findings.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Chart

__all__ = [
    "ABOVE", "GROUP", "Charts", "FindingTables", "builtin", "findings", "register", "unregister",
]

GROUP = "detente.findings"
"""Entry points of this group name findings of other packages."""
ABOVE = frozenset({"document", "found", "registry", "report"})
"""Modules of this package that use the registry. They hold no finding and are not searched."""
_added: dict[str, Finding] = {}
V = TypeVar("V")


@cache
def builtin() -> tuple[Finding, ...]:
    """Return the findings of this package, in the report's order.

    Examples
    --------
    >>> builtin()[0].key
    'outcomes'
    """
    import detente.findings as room

    found = [
        made for module in pkgutil.iter_modules(room.__path__) if module.name not in ABOVE
        and isinstance(made := getattr(import_module(f"{room.__name__}.{module.name}"), "FINDING",
                                      None), Finding)
    ]
    return tuple(sorted(found, key=lambda f: f.order))


@cache
def _installed() -> tuple[Finding, ...]:
    return tuple(point.load() for point in entry_points(group=GROUP))


def findings() -> tuple[Finding, ...]:
    """Return every finding, in the report's order.

    Raises
    ------
    ValueError
        Two findings have the same key.
    """
    every = [*builtin(), *_installed(), *_added.values()]
    keys = [f.key for f in every]
    if twice := sorted({k for k in keys if keys.count(k) > 1}):
        raise ValueError(f"two findings have the key {twice[0]!r}; give one of them another key")
    return tuple(sorted(every, key=lambda f: f.order))


def register(finding: Finding) -> Finding:
    """Add a finding for the rest of the program.

    Raises
    ------
    ValueError
        The key is in use.
    """
    if any(f.key == finding.key for f in findings()):
        raise ValueError(f"a finding has the key {finding.key!r} already; choose another key")
    _added[finding.key] = finding
    return finding


def unregister(key: str) -> None:
    """Remove a finding that was added with `register`; an unknown key is ignored."""
    _added.pop(key, None)


class _Shown(Mapping[str, V], ABC):
    """Findings of an analysis in one form, made when they are asked for."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    @abstractmethod
    def _of(self, finding: Finding) -> V:
        """Return the finding in this form."""

    @abstractmethod
    def _has(self, finding: Finding) -> bool:
        """Whether the finding has this form."""

    def __getitem__(self, key: str) -> V:
        one = next((f for f in findings() if f.key == key and self._has(f)), None)
        if one is None:
            raise KeyError(misspelt(key, self))
        return self._of(one)

    def __iter__(self) -> Iterator[str]:
        return iter([f.key for f in findings() if self._has(f)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"{type(self).__name__.lower()}: {', '.join(self)}"


class FindingTables(_Shown["pd.DataFrame"]):
    """Data frames of an analysis by the key of the finding; numbers are numbers.

    Each access gives a copy, so that a change of it changes nothing in the analysis.
    """

    def _of(self, finding: Finding) -> pd.DataFrame:
        key = ("table", finding.key)
        return self._analysis.once(finding.frame, key=key).copy()

    def _has(self, finding: Finding) -> bool:
        return finding.rows is not None or finding.table is not None


class Charts(_Shown["Chart"]):
    """First charts of an analysis by the key of the finding; a notebook shows them."""

    def _charts(self, finding: Finding) -> Sequence[Chart]:
        return self._analysis.once(finding.charts, key=("charts", finding.key))

    def _of(self, finding: Finding) -> Chart:
        return self._charts(finding)[0]

    def _has(self, finding: Finding) -> bool:
        return bool(self._charts(finding))
