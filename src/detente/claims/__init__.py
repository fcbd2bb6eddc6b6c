"""The claims language: syntax, parsing, and checking against a crisis; nothing is solved here."""

from detente.claims.document import check_claims

__all__ = ["check_claims"]
