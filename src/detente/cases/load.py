"""Load a crisis: a file, a text or a shipped case, checked as a whole, its claims included."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detente.cases.ledgerfile import beside
from detente.cases.library import library, published, structured
from detente.cases.names import casebook, named, shipped
from detente.claims.document import check_claims
from detente.mechanisms.checks import habitless, unread
from detente.scenario import load as scenario_load
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import Document, parse_yaml, read_yaml
from detente.world.asked import World

__all__ = ["CaseFile", "find", "from_document", "load", "loads", "read", "shipped"]


@dataclass(frozen=True)
class CaseFile:
    """A crisis with the file that it was read from.

    Attributes
    ----------
    path : Path
    sha256 : str
        The hash of the bytes that were read.
    scenario : Scenario
    """

    path: Path
    sha256: str
    scenario: Scenario


def read(path: str | Path) -> CaseFile:
    """Read a crisis file once, check it, and keep the hash of what was read; see `load`.

    Examples
    --------
    >>> case = read("cuba-1962")
    >>> case.scenario.crisis, len(case.sha256)
    ('cuba-1962', 64)
    """
    place = find(path)
    document = read_yaml(place)
    return CaseFile(place, document.sha256, from_document(document, case=place, stacklevel=4))


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
    place = find(path)
    return from_document(read_yaml(place), case=place, stacklevel=4)


def loads(text: str, *, file: str = "<text>", case: Path | None = None) -> Scenario:
    """Read a crisis from the text of a file; see `load`.

    Parameters
    ----------
    text
        The text, in YAML.
    file
        The name that errors print.
    case
        The file of the text, beside which a ties file and a ledger may lie.

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
    return from_document(parse_yaml(text, file=file), case=case, stacklevel=4)


def from_document(
    document: Document, *, case: Path | None = None, stacklevel: int = 3
) -> Scenario:
    """Return the crisis of a YAML document that was read already; see `load`.

    Parameters
    ----------
    document
        The document.
    case
        Its file, beside which a ties file and a ledger may lie; None if it is a text.
    stacklevel
        Passed to `warnings.warn`.
    """
    scenario = scenario_load.from_document(
        document, library(), checks=(unread, habitless, published, structured),
        stacklevel=stacklevel,
    )
    world = World(case)
    scenario.enter_outside(world)
    _ = world.ties  # an error in the ties file is an error of the case
    if world.case is not None:
        beside(world.case, scenario.crisis)  # and one in the ledger
    check_claims(scenario, document)
    return scenario


def find(name: str | Path) -> Path:
    """Return the path of a crisis file: a shipped case's name, a path, or ``-`` (standard input).

    A name of the casebook begins with ``book-``.

    A word without a folder and without an ending is a shipped case if one has that name. A warning
    says so if a file or a folder of that name is here too; ``./NAME`` means that one.

    Raises
    ------
    InputError
        If no file and no shipped case has that name.
    """
    known = shipped()
    if str(name).startswith("book-"):
        known = {**known, **casebook()}
    return named(name, known)
