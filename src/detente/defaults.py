"""Default settings shared by the commands and the interface; this module imports nothing."""

from __future__ import annotations

__all__ = ["DELIBERATE_SAMPLES", "EPSILON", "LAMBDA", "SAMPLES", "SEED", "STARTS", "WORKERS"]

LAMBDA = 40.0
"""Precision of choice in the fallible model, per unit of the stake."""
EPSILON = 0.01
"""Tremble probability in the deliberate model, as a share of each menu."""
SAMPLES = 1024
"""Samples of the ranges in the fallible model."""
DELIBERATE_SAMPLES = 128
"""Samples of the ranges in the deliberate model."""
STARTS = 32
"""Random starts of the search for other equilibria."""
SEED = 1962
"""Seed of the samples and of the search."""
WORKERS = 2
"""Threads."""
