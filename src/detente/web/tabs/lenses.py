"""The tab with the other lenses."""

from __future__ import annotations

from detente.web.tabs.findings import of_findings

TAB = of_findings("lenses", "Lenses", 96, ("lenses",), (
    "No file of another model lies beside this crisis. A graph model stands in NAME.graph.yaml, "
    "positions stand in NAME.positions.yaml or NAME.positions.csv."))
