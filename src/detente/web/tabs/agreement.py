"""The tab with the zone of agreement."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("agreement", "Zone of agreement", 15, ("agreement",))
