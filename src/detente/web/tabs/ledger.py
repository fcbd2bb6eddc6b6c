"""The tab with the ledger of a reading session that lies beside the crisis."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("ledger", "Ledger", 94, ("ledger",), (
    "No ledger of a reading session lies beside this crisis. `detente read ledger NAME --session "
    "FOLDER --out NAME.ledger.json` writes one."))
