"""Claims evaluated: at the centre of the inputs in each model, and over the ranges."""

from detente.analysis.claims.evaluate import evaluate
from detente.analysis.claims.result import ClaimResult, Claims

__all__ = ["ClaimResult", "Claims", "evaluate"]
