"""The tab with the assumptions and their sources."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("assumptions", "Assumptions", 97, ("assumptions",))
