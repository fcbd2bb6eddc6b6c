"""Claims: what somebody says about a crisis, as a condition on the model, and where it holds.

A claim is text in a small language (``P(war) < 0.2``; `parse` reads it, `check` resolves its names
against the case). `evaluate` says what the model says of it: at the centre of the inputs in each
reading, over the plausible inputs, and what changes the answer. A verdict is never a bare true or
false: it names the model and the inputs.
"""

from __future__ import annotations

from detente.findings.claims.document import check_claims
from detente.findings.claims.evaluate import evaluate
from detente.findings.claims.result import Claims, Finding
from detente.findings.claims.section import section

__all__ = ["Claims", "Finding", "check_claims", "evaluate", "section"]
