"""The tab with the effect of structure and other equilibria."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("structure", "Structure", 55, ("structure", "equilibria"))
