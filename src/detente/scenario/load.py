"""Load a crisis file with a given library, and report everything that is wrong with it."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from detente.scenario.library import LIBRARY, Library
from detente.scenario.problems import Problem
from detente.scenario.rules import problems, remarks
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import Document, validate

__all__ = ["Check", "InputWarning", "file_sha256", "from_document"]

Check = Callable[[Scenario], Iterable[Problem]]


class InputWarning(UserWarning):
    """Something in a file that is allowed, but probably not meant."""


def from_document(
    document: Document, library: Library, *, checks: Iterable[Check] = (), stacklevel: int = 3
) -> Scenario:
    """Return the crisis that a YAML document describes.

    `detente.cases.load` calls this with detente's own library; most callers want that function.

    Parameters
    ----------
    document
        The file, read by `detente.scenario.yamlfile.read_yaml`.
    library
        The names that the file may use and does not define.
    checks
        More checks of a crisis that has passed those of this room.
    stacklevel
        Passed to `warnings.warn`.

    Raises
    ------
    InputError
        If anything is wrong; `detente.errors.InputErrors` if several things are.

    Warns
    -----
    InputWarning
        For each thing that is allowed but probably not meant, such as an offer listed twice.
    """
    scenario = validate(document, Scenario, context={LIBRARY: library})
    found = list(problems(scenario, library))
    if not found:
        found = [problem for check in checks for problem in check(scenario)]
    wrong = document.gather(found)
    if wrong is not None:
        raise wrong
    for remark in remarks(scenario):
        warnings.warn(InputWarning(str(document.error(remark))), stacklevel=stacklevel)
    if scenario.offers is None or scenario.offers.shares is None:
        return scenario
    once = list(dict.fromkeys(scenario.offers.shares))
    offers = scenario.offers.model_copy(update={"shares": once})
    return scenario.model_copy(update={"offers": offers})


def file_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
