"""Load a crisis: a file, a text or a shipped case, checked as a whole, its claims included."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from detente.cases.library import library, published
from detente.claims.document import check_claims
from detente.errors import InputError, nearest, one_of
from detente.mechanisms.checks import unread
from detente.scenario import load as scenario_load
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import Document, parse_yaml, read_yaml

__all__ = ["find", "from_document", "load", "loads", "shipped"]


def load(path: str | Path) -> Scenario:
    """Read a crisis file and check it, its claims included.

    Parameters
    ----------
    path
        A file, or the name of a shipped case.

    Raises
    ------
    InputError
        If the file has an error: an unknown or duplicate key, a name that does not exist, a number
        out of bounds, a range for structure, or a claim that does not parse or names a part that
        the crisis does not have. If the file has several errors, the exception is a
        `detente.errors.InputErrors`, which holds them all in the order of the file.

    Warns
    -----
    InputWarning
        For each part that is allowed but is probably a mistake, such as an offer listed twice.

    Examples
    --------
    >>> load("cuba-1962").principals
    ('united_states', 'soviet_union')
    """
    return from_document(read_yaml(find(path)), stacklevel=4)


def loads(text: str, *, file: str = "<text>") -> Scenario:
    """Read a crisis from the text of a file; see `load`.

    Parameters
    ----------
    text
        The text, in YAML.
    file
        The name that errors print.

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
    return from_document(parse_yaml(text, file=file), stacklevel=4)


def from_document(document: Document, *, stacklevel: int = 3) -> Scenario:
    """Return the crisis of a YAML document that was read already; see `load`."""
    scenario = scenario_load.from_document(
        document, library(), checks=(unread, published), stacklevel=stacklevel
    )
    check_claims(scenario, document)
    return scenario


def shipped() -> dict[str, Path]:
    """Return the files of the shipped cases by name.

    Examples
    --------
    >>> "cuba-1962" in shipped()
    True
    """
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
        If no file and no shipped case has that name.
    """
    path = Path(name)
    text = str(name)
    if "\0" not in text and path.exists():
        return path
    cases = shipped()
    if text in cases:
        return cases[text]
    raise InputError(
        "there is no such file, and no shipped case has that name",
        file=text,
        expected=f"a file, or {one_of(text, cases)}" if cases else "a file",
        nearest=nearest(text, cases),
    )
