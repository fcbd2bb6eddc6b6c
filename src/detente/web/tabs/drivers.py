"""The tab with the numbers that matter."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("drivers", "Drivers", 20, ("drivers", "global_drivers", "precision"))
