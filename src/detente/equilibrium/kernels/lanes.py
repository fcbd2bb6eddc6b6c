"""Width of the batch kernels, and their compiler options."""

from __future__ import annotations

from typing import Any

from detente.kernel_cache import njit

__all__ = ["LANES", "WIDE", "kernel"]

LANES = 8
"""Variants solved side by side; a compile-time constant of every batch kernel. With sixteen the
sweeps take a third more time, because the steps that the accelerator keeps fill the cache."""

WIDE = (0,) * LANES
"""Tells `detente.equilibrium.kernels.vectors` that a vector holds LANES numbers."""

kernel: Any = njit(nogil=True, fastmath={"contract"}, error_model="numpy")
"""Decorator of the batch kernels: compiled once and kept on disk, outside the interpreter's lock;
multiplications and additions may be fused, nothing else is reordered."""
