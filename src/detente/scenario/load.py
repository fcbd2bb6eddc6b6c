"""Load a crisis file with a given library, and report every error in it."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from detente.errors import few_searches
from detente.scenario.library import LIBRARY, Library
from detente.scenario.problems import Problem
from detente.scenario.rules import problems, remarks
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import Document, validate

__all__ = ["Check", "InputWarning", "file_sha256", "from_document"]

Check = Callable[[Scenario], Iterable[Problem]]


class InputWarning(UserWarning):
    """A part of a file that is allowed but is probably a mistake."""


def from_document(
    document: Document, library: Library, *, checks: Iterable[Check] = (), stacklevel: int = 3
) -> Scenario:
    """Return the crisis that a YAML document describes.

    `detente.cases.load` calls this function with the library of detente. Use that function unless
    you have a library of your own.

    Parameters
    ----------
    document
        The file, read by `detente.scenario.yamlfile.read_yaml`.
    library
        The names that the file may use and does not define.
    checks
        Further checks. They run if the checks of this room find no error.
    stacklevel
        Passed to `warnings.warn`.

    Raises
    ------
    InputError
        If the file has an error; `detente.errors.InputErrors` if it has several.

    Warns
    -----
    InputWarning
        For each part that is allowed but is probably a mistake, such as an offer listed twice.
    """
    scenario = validate(document, Scenario, context={LIBRARY: library})
    with few_searches():
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
    if len(once) == len(scenario.offers.shares):
        return scenario  # a copy would lose the numbers that are listed already
    offers = scenario.offers.model_copy(update={"shares": once})
    return scenario.model_copy(update={"offers": offers})


def file_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
