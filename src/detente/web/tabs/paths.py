"""The tab with the likely course and its reasons."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("paths", "Paths", 30, ("paths", "decisions", "reasons", "tree"))
