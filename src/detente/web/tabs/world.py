"""The tab with the world around the crisis: blocs, alignments and shocks."""

from __future__ import annotations

from detente.findings.world import MISSING
from detente.web.tabs.findings import of_findings

TAB = of_findings("world", "World", 93, ("world",), MISSING)
