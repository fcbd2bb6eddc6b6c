"""Width of the batch kernels, and their compiler options."""

from __future__ import annotations

from typing import Any

from detente.kernel_cache import njit

__all__ = ["LANES", "WIDE", "kernel"]

LANES = 16
"""Variants solved side by side; a compile-time constant of every batch kernel."""

WIDE = (0,) * LANES
"""Tells `detente.equilibrium.kernels.vectors` that a vector holds LANES numbers."""

kernel: Any = njit(nogil=True, fastmath={"contract"}, error_model="numpy")
"""Decorator of the batch kernels: compiled once and kept on disk, outside the interpreter's lock;
multiplications and additions may be fused, nothing else is reordered."""
