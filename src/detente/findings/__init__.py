"""Findings: what a certified equilibrium says about a crisis, as tables and charts.

Each finding is one module with ``section(analysis)``, which returns a `detente.render.Section`;
`detente.findings.report` gathers them.
"""
