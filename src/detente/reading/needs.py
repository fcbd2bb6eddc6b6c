"""Load the packages of the extras of reading only when something needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from detente.errors import InputError

__all__ = ["lacking", "need"]

HOW = (
    "In the folder of the clone run: .venv/bin/python -m pip install -e '.[{}]' (detente "
    "itself is not on a package index)"
)
"""The command that installs an extra."""


def lacking(package: str, extra: str = "reading") -> InputError:
    """Return the error for a package that is not installed."""
    return InputError(f"{extra} needs the package {package!r}, which is not installed",
                      expected=f"the packages of the extra `{extra}`. {HOW.format(extra)}")


def need(module: str, extra: str = "reading") -> Any:
    """Import ``module``, or raise an error that names the extra to install.

    Raises
    ------
    InputError
        The package is not installed.

    Examples
    --------
    >>> need("no_such_package")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: reading needs the package 'no_such_package'...
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".")[0]:
            raise
        raise lacking(str(error.name), extra) from None
