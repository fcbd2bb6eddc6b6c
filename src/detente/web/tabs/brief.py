"""The tab with what a careful reader must know first."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("brief", "In brief", 5, ("brief",))
