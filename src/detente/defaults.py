"""What every command and finding takes where nobody says otherwise; imports nothing."""

from __future__ import annotations

__all__ = ["EPSILON", "LAMBDA"]

LAMBDA = 40.0
"""Precision of choice of the fallible reading, per unit of the stake."""
EPSILON = 0.01
"""Floor of the deliberate reading, as a share of each menu."""
