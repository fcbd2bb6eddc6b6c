"""The claims of a case as a section of the report."""

from detente.findings.claims.section import section

__all__ = ["section"]
