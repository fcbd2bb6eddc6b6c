"""Names of the array types that the whole package uses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bools", "Floats", "Ints"]

Floats = NDArray[np.float64]
"""Real numbers in double precision."""
Ints = NDArray[np.int64]
"""Indices and counts."""
Bools = NDArray[np.bool_]
"""Masks."""
