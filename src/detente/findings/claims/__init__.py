"""The claims of a case as a section of the report."""

from detente.findings.claims.section import FINDING, section

__all__ = ["FINDING", "section"]
