"""Load the packages of the ``data`` extra only when something needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from detente.errors import InputError

__all__ = ["HOW", "need"]

HOW = (
    "In the folder of the clone run: .venv/bin/python -m pip install -e '.[data]' (detente itself "
    "is not on a package index)"
)
"""The command that installs the extra."""


def need(module: str) -> Any:
    """Import ``module``, or raise an error that names the extra to install.

    Parameters
    ----------
    module
        A package of the ``data`` extra: pooch, rdata, duckdb, formulaic, statsmodels.

    Raises
    ------
    InputError
        The package is not installed.

    Examples
    --------
    >>> need("no_such_package")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: historical data needs the package 'no_such_package'...
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".")[0]:
            raise
        raise InputError(
            f"historical data needs the package {error.name!r}, which is not installed",
            expected=f"the packages of the extra `data`. {HOW}",
        ) from error
