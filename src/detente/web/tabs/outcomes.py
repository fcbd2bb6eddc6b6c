"""The tab with outcomes and terms."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("outcomes", "Outcomes", 10, ("outcomes", "terms"))
