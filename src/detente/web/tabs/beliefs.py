"""The tab with the beliefs."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("beliefs", "Beliefs", 50, ("beliefs",))
