"""Documents of the words of ``detente read`` that write or take a file; they hold no passage."""

from __future__ import annotations

from typing_extensions import TypedDict

from detente.reading.exports import Form

__all__ = ["AnnotationsDocument", "CandidatesDocument", "ExamplesDocument", "ExportDocument",
           "ProposedDocument", "TurnsDocument"]


class CandidatesDocument(TypedDict):
    """The document of ``detente read candidates --json``."""

    wrote: str
    candidates: int
    folded: int


class TurnsDocument(TypedDict):
    """The document of ``detente read turns --json``; ``wrote`` is null if a file was read back."""

    wrote: str | None
    document: int
    turns: int
    sentences: int


class AnnotationsDocument(TypedDict):
    """The document of ``detente read annotations --json``; ``wrote`` is null if a file was read.

    ``annotations`` counts those that were written, or the marks that became passages. ``absent``
    counts marks whose words are not in the document. ``quotes`` says whether words were written.
    """

    wrote: str | None
    document: int
    annotations: int
    absent: int
    quotes: bool


class ProposedDocument(TypedDict):
    """The document of ``detente read propose --json``; ``wrote`` is the file of spans, or null."""

    wrote: str | None
    document: int
    proposals: int
    requests: int
    dropped: int


class ExportDocument(TypedDict):
    """The document of ``detente read export --json``; ``text`` is null if a file was written."""

    form: Form
    wrote: str | None
    text: str | None


class ExamplesDocument(TypedDict):
    """The document of ``detente read examples --json``: the files that were written."""

    wrote: list[str]
