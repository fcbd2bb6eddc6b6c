"""Findings: what a certified equilibrium says about a crisis, as tables and charts.

Each finding is one module with ``section(analysis)``, which returns a `detente.report.Section`;
`detente.findings.report` gathers them.
"""

from detente.findings.analysis import Analysis, analyse

__all__ = ["Analysis", "analyse"]
