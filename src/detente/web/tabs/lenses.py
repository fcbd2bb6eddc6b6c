"""The tab with the other lenses."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("lenses", "Lenses", 96, ("lenses",))
