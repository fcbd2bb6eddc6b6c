"""The groups of the tabs: a tab belongs to the group in whose range its order lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.web.tabs import tabs
from detente.web.tabs.base import Tab

__all__ = ["GROUPS", "Group", "grouped"]

GROUPS = (
    (20, "answer", "Answer"), (60, "reasons", "Reasons"), (85, "questions", "Questions"),
    (92, "events", "Follow and play"), (math.inf, "evidence", "Evidence"),
)
"""For each group: the order below which its tabs lie, its key and its title."""


@dataclass(frozen=True)
class Group:
    """Tabs that answer questions of one kind."""

    key: str
    title: str
    tabs: tuple[Tab, ...]


def grouped() -> tuple[Group, ...]:
    """Return the groups that have tabs, in the order of the page.

    Examples
    --------
    >>> [group.title for group in grouped()]
    ['Answer', 'Reasons', 'Questions', 'Follow and play', 'Evidence']
    """
    left = list(tabs())  # in the order of the page
    made = []
    for end, key, title in GROUPS:
        made.append(Group(key, title, tuple(tab for tab in left if tab.order < end)))
        left = [tab for tab in left if tab.order >= end]
    return tuple(group for group in made if group.tabs)
