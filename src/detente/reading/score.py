"""Precision and recall of a proposer of passages against the passages that were confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.errors import InputError, together
from detente.reading.jsonlines import read_lines
from detente.reading.order import reading_order
from detente.reading.store import Session

__all__ = ["LEVELS", "Score", "Scored", "cues_as_proposals", "proposals", "score"]

Span = tuple[int, int, int]
"""A document's id, the start and the end."""
LEVELS = (10, 20, 50, 100, 150, 200, 500)
"""Numbers of proposals at which a proposer is scored, besides all of them."""
HALF = 0.5
"""A proposal finds a passage if they share at least half of the shorter of the two."""


@dataclass(frozen=True)
class Scored:
    """Precision and recall of the first ``n`` proposals.

    Attributes
    ----------
    n : int
        The number of proposals.
    right : int
        Proposals that find a confirmed passage.
    found : int
        Confirmed passages that are found.
    precision, recall : float
        ``right / n``, and ``found`` as a share of all confirmed passages.
    """

    n: int
    right: int
    found: int
    precision: float
    recall: float


@dataclass(frozen=True)
class Score:
    """A proposer's scores; ``confirmed`` is the number of confirmed passages."""

    confirmed: int
    proposals: int
    at: tuple[Scored, ...]


def score(
    session: Session, spans: Sequence[Span], levels: Sequence[int] = LEVELS
) -> Score:
    """Score proposals, in their order, against the confirmed passages of their documents.

    Each passage that was not confirmed counts as wrong. So the figures mean something only for
    documents that were read to the end.

    Parameters
    ----------
    session
        The session.
    spans
        The proposals, the best first.
    levels
        The numbers of proposals; all of them are added.

    Raises
    ------
    InputError
        There is no confirmed passage, or no proposal.
    """
    confirmed = [(p.document, p.start, p.end) for p in session.passages("confirmed")]
    if not confirmed:
        raise InputError("the session has no confirmed passage to score against",
                         expected="confirmed passages; see `detente read confirm`")
    if not spans:
        raise InputError("there are no proposals", expected="at least one")
    by: dict[int, list[int]] = {}
    for k, (document, _, _) in enumerate(confirmed):
        by.setdefault(document, []).append(k)
    right, found, marks = 0, set[int](), []
    wanted = {n for n in levels if n < len(spans)} | {len(spans)}
    for n, one in enumerate(spans, start=1):
        hit = [k for k in by.get(one[0], ()) if _meets(one, confirmed[k])]
        right += bool(hit)
        found.update(hit)
        if n in wanted:
            marks.append(Scored(n, right, len(found), right / n, len(found) / len(confirmed)))
    return Score(len(confirmed), len(spans), tuple(marks))


def _meets(one: Span, other: Span) -> bool:
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return shared >= HALF * min(one[2] - one[1], other[2] - other[1]) and shared > 0


def cues_as_proposals(session: Session) -> list[Span]:
    """Return the sentences with a cue in the order of the cues alone, decided ones included."""
    found = [c for c in reading_order(session, decided=True) if c.cues]
    return [(c.document, c.start, c.end) for c in found]


def proposals(session: Session, text: str, *, file: str = "<text>") -> list[Span]:
    """Read the proposals of any program: JSON lines with document, start and end, the best first.

    Raises
    ------
    InputError
        With the line and the field: a line names no span of a document of the session.
    """
    lengths = {d.id: len(d.text) for d in session.documents()}
    out: list[Span] = []
    wrong: list[InputError] = []
    for line, row in read_lines(text, file):
        values = [row.get(k) for k in ("document", "start", "end")]
        if any(type(v) is not int for v in values):
            wrong.append(InputError("a span needs three whole numbers", file=file, line=line,
                                    expected="document, start and end"))
            continue
        document, start, end = map(int, values)  # type: ignore[arg-type]
        if document not in lengths:
            wrong.append(InputError(f"the session has no document {document}", file=file, line=line,
                                    field="document", expected="the id of a document"))
        elif not 0 <= start < end <= lengths[document]:
            wrong.append(InputError("the span is empty or leaves the text", file=file, line=line,
                                    field="start",
                                    expected=f"0 <= start < end <= {lengths[document]}"))
        else:
            out.append((document, start, end))
    if found := together(wrong):
        raise found
    return out
