"""Output of findings: sections of tables and charts as HTML, text, JSON and in notebooks.

This package imports no other part of detente. The other parts pass :class:`Section` objects to it;
chart functions are in :mod:`detente.render.charts`.
"""

from detente.render.section import Chart, Column, Report, Section, Table

__all__ = ["Chart", "Column", "Report", "Section", "Table"]
