"""Findings shown: sections of tables and charts, as HTML, in the terminal, as JSON, in a notebook.

This room imports no other. Every room hands it :class:`Section` objects; chart functions are in
:mod:`detente.render.charts`.
"""

from detente.render.section import Chart, Column, Report, Section, Table

__all__ = ["Chart", "Column", "Report", "Section", "Table"]
