"""Claims evaluated: at the centre of the inputs in each reading, and over the plausible inputs."""

from detente.analysis.claims.evaluate import evaluate
from detente.analysis.claims.result import Claims, Finding

__all__ = ["Claims", "Finding", "evaluate"]
