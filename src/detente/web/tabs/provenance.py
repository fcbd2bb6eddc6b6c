"""The tab with the checks and the provenance."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("provenance", "Checks", 98, ("trust", "provenance"))
