"""Findings: the results of an analysis as sections with tables and charts.

Each finding is one module with ``section(analysis)``, which returns a `detente.render.Section`;
`detente.findings.report` gathers them.
"""
