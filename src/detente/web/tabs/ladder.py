"""The tab with the ladder."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("ladder", "Ladder", 45, ("ladder",))
