"""Load a crisis file: read, check, and say at most one thing that is wrong."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

from detente.errors import InputError, nearest
from detente.scenario.rules import problems, remarks
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import Document, parse_yaml, read_yaml, validate

__all__ = [
    "InputWarning",
    "file_sha256",
    "find",
    "from_document",
    "load",
    "loads",
    "shipped",
]


class InputWarning(UserWarning):
    """Something in a file that is allowed, but probably not meant."""


def load(path: str | Path) -> Scenario:
    """Read a crisis file.

    Parameters
    ----------
    path
        A file, or the name of a shipped case.

    Raises
    ------
    InputError
        For the first thing that is wrong: unknown or duplicate keys, names that do not exist,
        numbers out of bounds, a range where structure is meant, and so on.

    Warns
    -----
    InputWarning
        For what is allowed but probably not meant, such as an offer listed twice.
    """
    return from_document(read_yaml(find(path)))


def loads(text: str, *, file: str = "<text>") -> Scenario:
    """Read a crisis from the text of a file; see `load`.

    Examples
    --------
    >>> crisis = loads('''
    ... crisis: a-quarrel
    ... title: A quarrel
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... stake: {name: the strait, first: aland, status_quo: 0.5}
    ... turns: {first: aland, each: 2}
    ... delay_cost: 0.01 to 0.03
    ... war: {win_chance: 0.6, cost: 0.2}
    ... ''')
    >>> crisis.principals, crisis.delay_cost.of("aland").centre
    (('aland', 'bland'), 0.02)
    """
    return from_document(parse_yaml(text, file=file))


def from_document(document: Document) -> Scenario:
    """Check a document that was read already; see `load`."""
    scenario = validate(document, Scenario)
    found = document.first(problems(scenario))
    if found is not None:
        raise found
    for remark in remarks(scenario):
        warnings.warn(InputWarning(str(document.error(remark))), stacklevel=3)
    if scenario.offers is None or scenario.offers.shares is None:
        return scenario
    once = list(dict.fromkeys(scenario.offers.shares))
    offers = scenario.offers.model_copy(update={"shares": once})
    return scenario.model_copy(update={"offers": offers})


def shipped() -> dict[str, Path]:
    """Return the shipped cases by name."""
    from importlib.resources import files

    found: dict[str, Path] = {}
    for folder in sorted(files("detente.cases").iterdir(), key=lambda f: f.name):
        file = Path(str(folder)) / f"{folder.name}.yaml"
        if file.is_file():
            found[folder.name] = file
    return found


def find(name: str | Path) -> Path:
    """Return the path of a crisis file, given as a path or as the name of a shipped case.

    Raises
    ------
    InputError
        If there is neither.
    """
    path = Path(name)
    text = str(name)
    if "\0" not in text and path.exists():
        return path
    cases = shipped()
    if text in cases:
        return cases[text]
    raise InputError(
        "there is no such file, nor a shipped case of that name",
        file=text,
        expected="a file, or one of " + ", ".join(cases) if cases else "a file",
        nearest=nearest(text, cases),
    )


def file_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
