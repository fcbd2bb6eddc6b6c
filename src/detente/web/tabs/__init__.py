"""The tabs of the case page, one file each; every module with a ``TAB`` is included."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from detente.web.tabs.base import Tab

__all__ = ["Tab", "tabs"]


@cache
def tabs() -> tuple[Tab, ...]:
    """Return every tab, in the order of the page."""
    found = [import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]
    made = [m.TAB for m in found if isinstance(getattr(m, "TAB", None), Tab)]
    return tuple(sorted(made, key=lambda tab: tab.order))
