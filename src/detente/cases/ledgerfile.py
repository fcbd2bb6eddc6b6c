"""The ledger of a reading session, as a file ``NAME.ledger.json`` beside a crisis file.

`detente read ledger` writes it. It holds the analyst's paraphrases, ids, offsets and hashes, and
its form has no place for the words of a passage. A file in any other form is refused, and the error
names the place in the file and repeats nothing of its content.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from detente.errors import InputError, together

__all__ = ["ENDING", "Exchange", "Game", "Ledger", "Part", "Place", "Question", "Record", "Row",
           "Standing", "beside", "read_ledger"]

ENDING = ".ledger.json"
MOST_BYTES = 20_000_000
"""Largest file, in bytes."""
REMEDY = ("write it with `detente read ledger CASE --session FOLDER --out NAME.ledger.json`, after "
          "this file was moved away")
FORM = "the document that `detente read ledger` writes"

Standing = Literal["stands", "stands in every reading", "stands in some readings", "does not stand"]
"""``stands``: in the grounded extension. The next two: in every, or in some but not all, of the
preferred extensions, which are the ways to take sides consistently. ``does not stand``: in none."""

PRINTABLE = (r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
             r"\ufffe\uffff]*$")
"""No control characters and no marks that turn the direction of writing."""
Said = Annotated[str, StringConstraints(pattern=PRINTABLE, max_length=4000)]
Name = Annotated[str, StringConstraints(pattern=PRINTABLE, max_length=255)]
Author = Annotated[str, StringConstraints(pattern=PRINTABLE, max_length=80)]
Word = Annotated[str, StringConstraints(pattern="^[a-z0-9_-]{0,60}$")]
Id = Annotated[str, StringConstraints(pattern="^c[0-9]{1,9}$")]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{0,64}$")]

closed = with_config(ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))


@closed
class Place(TypedDict):
    """The place of a passage; offsets count code points of the extracted text."""

    document: Name
    kind: Word
    start: int
    end: int
    sha256_text: Hash
    sha256_bytes: Hash
    extractor: Name


@closed
class Exchange(TypedDict):
    """A claim in the exchange: its standing, and the claims that attack and support it."""

    standing: Standing
    grounded: bool
    preferred: int
    of_preferred: int
    attacked_by: list[Id]
    supported_by: list[Id]
    strength: float | None


@closed
class Part(TypedDict):
    """A claim in one model: whether it holds at the centre, and its share of the samples."""

    holds: bool | None
    share: float | None
    low: float | None
    high: float | None
    samples: int
    certified: bool


@closed
class Game(TypedDict):
    """A claim in the game; its parts are null if it was not evaluated."""

    holds_if: Said | None
    cannot: Said | None
    note: Said
    fallible: Part | None
    deliberate: Part | None
    structures: int
    changed_by: list[Said]


@closed
class Record(TypedDict):
    """A base rate: counts of other crises, with a 95 % interval; null without the data."""

    name: Name
    question: Said
    hits: int | None
    n: int | None
    share: float | None
    low: float | None
    high: float | None
    fetch: Said | None


@closed
class Row(TypedDict):
    """One claim of the ledger; ``outside`` is its verdict if it is judged outside the game."""

    claim: Id
    author: Author
    says: Said
    template: Word
    place: Place
    exchange: Exchange
    game: Game
    record: Record | None
    outside: Said | None


@closed
class Question(TypedDict):
    """A question and the claims that answer it."""

    asks: Said
    rows: list[Row]


@closed
class Ledger(TypedDict):
    """The document of ``detente read ledger --json``.

    ``case_sha256`` is the hash of the crisis file that was solved, by which a report says whether
    the file has changed since.
    """

    version: Name
    case: Name | None
    case_sha256: Hash | None
    title: Said | None
    model: Said | None
    certified: bool | None
    warning: Literal["side by side, never one score"]
    relations: dict[Name, int]
    questions: list[Question]


def read_ledger(path: str | os.PathLike[str]) -> Ledger:
    """Read a ledger and check its form.

    Raises
    ------
    InputError
        The file cannot be read or is no ledger. The message has the place of each mistake and no
        word of the file. It is an `detente.errors.InputErrors` if there are several.
    """
    shown = os.fspath(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise InputError(f"cannot read: {(wrong.strerror or 'unknown error').lower()}", file=shown,
                         expected="a ledger that you may read") from None
    if len(data) > MOST_BYTES:
        raise InputError("the ledger is too large", file=shown,
                         expected=f"at most {MOST_BYTES / 1e6:.0f} MB")
    try:
        return _form().validate_json(data)
    except ValidationError as wrong:
        found = together([_problem(shown, e) for e in wrong.errors(
            include_url=False, include_context=False, include_input=False)])
    assert found is not None
    raise found


def beside(case: str | os.PathLike[str], crisis: str) -> tuple[str, Ledger] | None:
    """Return the name and the content of the ledger beside ``NAME.yaml``; None if there is none.

    Parameters
    ----------
    case
        The crisis file.
    crisis
        The name of the crisis in it. A ledger of another crisis is refused; one that was made
        without a case is not.

    Raises
    ------
    InputError
        As for `read_ledger`, or the ledger is of another crisis.
    """
    place = Path(case)
    place = place.with_name(place.name.removesuffix(".yaml") + ENDING)
    if not place.is_file():
        return None
    found = read_ledger(place)
    if found["case"] not in (None, crisis):
        raise InputError("the ledger is of another crisis", file=str(place), field="case",
                         expected=f"{crisis!r}, as in the crisis file beside it", remedy=REMEDY)
    return place.name, found


@cache
def _form() -> TypeAdapter[Ledger]:
    return TypeAdapter(Ledger)


def _problem(shown: str, error: Any) -> InputError:
    """Return the error for one mistake; a key that is not known may hold words of a text."""
    place, said = list(error["loc"]), str(error["msg"])
    if place[:1] == ["relations"]:
        place = place[:1]
    match error["type"]:
        case "extra_forbidden":
            place, said = place[:-1], "there is a key that a ledger does not have"
        case "missing":
            said = "the key is missing"
        case "json_invalid":
            said = "the file is not valid JSON"
        case "string_pattern_mismatch":
            said = "the text is not of the form that detente writes"
    return InputError(said[:1].lower() + said[1:], file=shown,
                      field=".".join(map(str, place)) or None, expected=FORM, remedy=REMEDY)
