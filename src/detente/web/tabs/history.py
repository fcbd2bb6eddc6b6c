"""The tab with base rates from history."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings(
    "history", "History", 95, ("history",),
    "The file names no base rates. Add some under `rates:` in the text.")
