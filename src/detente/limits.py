"""Limits on what a user may ask for, stated once; a larger request gets a message.

This module imports nothing of detente except its errors.
"""

from __future__ import annotations

from detente.errors import InputError

__all__ = [
    "LEAST_ADDRESSES", "MOST_BYTES", "MOST_LAMBDA", "MOST_SAMPLES", "MOST_STARTS", "MOST_WORKERS",
    "WAIT", "check_count", "check_memory",
]

MOST_LAMBDA = 1e6
"""Largest precision of a crisis; choice is exact to all digits long before."""
MOST_SAMPLES = 1_000_000
"""Most samples of the ranges in one request, in each model."""
MOST_BYTES = 2 << 30
"""Most memory that the samples of one request may need, in bytes."""
LEAST_ADDRESSES = 4_000_000_000
"""Least limit of the address space (``ulimit -v``) with which an analysis begins, in bytes.

Trial (shipped cases, a page, two threads): with less, libraries crashed (1.5 and 2.5 GB), stopped
without an end (0.5 GB) or ended with a message (the others); with 4 GB the page was written.
"""
MOST_STARTS = 100_000
"""Most random starts of the search for other equilibria."""
MOST_WORKERS = 1024
"""Most threads."""
WAIT = 20.0
"""Seconds to wait for a Dask scheduler, and for a worker if there is none."""


def check_count(
    n: int, what: str = "samples", *, field: str | None = None, least: int = 1,
    most: int = MOST_SAMPLES, each: int = 0,
) -> None:
    """Refuse a number that is too small, or larger than the limit or the memory allows.

    Parameters
    ----------
    n
        The number.
    what
        The things that are counted, for the message.
    field
        The option, for the message.
    least, most
        The limits.
    each
        Bytes that one of them needs; all of them may need at most `MOST_BYTES`.

    Raises
    ------
    InputError
        The number is outside its limits.

    Examples
    --------
    >>> check_count(1024)
    >>> check_count(10**11, field="--samples")
    Traceback (most recent call last):
    detente.errors.InputError: --samples: 100,000,000,000 samples; expected 1 to 1,000,000
    >>> check_count(10**6, each=1 << 20)
    Traceback (most recent call last):
    detente.errors.InputError: 1,000,000 samples need about 1,048.6 GB; expected at most 2,048 ...
    """
    if n < least or n > most:
        raise InputError(f"{n:,} {what}", field=field, expected=f"{least:,} to {most:,}")
    if each and n * each > MOST_BYTES:
        fit = max(MOST_BYTES // each, least)
        raise InputError(
            f"{n:,} {what} need about {n * each / 1e9:,.1f} GB", field=field,
            expected=f"at most {fit:,} in this game, because {MOST_BYTES / 1e9:.1f} GB is the "
            f"limit; ask for fewer {what}")


def check_memory() -> None:
    """Refuse to begin an analysis whose libraries would crash for lack of addresses.

    Raises
    ------
    MemoryError
        The process may use fewer than `LEAST_ADDRESSES`.

    Examples
    --------
    >>> check_memory()
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < LEAST_ADDRESSES:
        raise MemoryError
