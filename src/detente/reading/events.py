"""Events of a session: confirmed passages with a date, entered as moves or with a reason why not.

An event rests on a usable passage, as a claim does, and has the analyst's neutral words. It is
entered in one of four ways: it happened before the game begins, it is a move, it is a result of
chance, or the game has no place for it (``cannot``, with the reason). The file beside the case is
checked by `detente follow`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.errors import InputError, nearest, one_of
from detente.reading.casefile import cited, rows, text_of
from detente.reading.map import name_of
from detente.reading.names import shown_names
from detente.reading.records import Passage
from detente.reading.words import check_paraphrase

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["WAYS", "ReadEvent", "add_event", "events", "events_text", "misfit_words"]

KEY = "events"
WAYS = ("before", "move", "chance", "cannot")
SPAN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: to [0-9]{4}-[0-9]{2}-[0-9]{2})?")


class ReadEvent(TypedDict):
    """An event as the session keeps it; the values of unused ways are empty."""

    passage: int
    date: str
    says: str
    way: str
    actor: str
    label: str
    reason: str


def add_event(
    session: Session, passage: int, *, date: str, says: str, way: str, actor: str = "",
    label: str = "", reason: str = "",
) -> ReadEvent:
    """Enter the event that a passage reports, or replace the one entered before.

    Parameters
    ----------
    session
        The session.
    passage
        The id of a usable passage.
    date
        A day, or a first and a last day: ``2031-05-02 to 2031-05-04``.
    says
        The event in the analyst's neutral words.
    way
        ``before``, ``move``, ``chance`` or ``cannot``.
    actor, label
        With ``move``: who moved, and the move as `detente check` prints it. With ``chance``: the
        result.
    reason
        With ``cannot``: why the game has no place for it.

    Raises
    ------
    InputError
        The passage is not usable, the words copy it, or a part is missing or not asked for.
    """
    found = session.passage(passage)
    if not found.usable:
        raise InputError(f"passage {passage} is not confirmed, or is flagged and confirmed once",
                         field="passage", expected="a confirmed passage")
    check_paraphrase(says, found)
    for name, words in (("says", says), ("actor", actor), ("label", label), ("reason", reason)):
        session.check_own(words, name, found)
    if way not in WAYS:
        raise InputError(f"{way!r} is not a way to enter an event", field="way",
                         expected=one_of(way, WAYS), nearest=nearest(way, WAYS))
    if not SPAN.fullmatch(date):
        raise InputError(f"{date!r} is not a date", field="date",
                         expected="a day such as 2031-05-02, or 2031-05-02 to 2031-05-04")
    days = [_day(x) for x in date.split(" to ")]
    if days != sorted(days):
        raise InputError(f"{date!r} ends before it begins", field="date",
                         expected="the first day first")
    needed = {"before": (), "move": ("actor", "label"), "chance": ("label",),
              "cannot": ("reason",)}[way]
    given = {"actor": actor.strip(), "label": label.strip(), "reason": reason.strip()}
    for name, value in given.items():
        if (name in needed) != bool(value):
            raise InputError(f"an event entered as {way!r} " + (
                f"needs {name!r}" if name in needed else f"has no {name!r}"), field=name,
                expected=" and ".join(needed) or "no further part")
    made: ReadEvent = {"passage": passage, "date": date, "says": " ".join(says.split()),
                       "way": way, **given}  # type: ignore[typeddict-item]
    held = [e for e in session.kept(KEY) or [] if e["passage"] != passage]
    session.keep(KEY, [*held, made])
    return made


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"there is no day {text}", field="date",
                         expected="a day of the calendar") from None


def events(session: Session) -> list[ReadEvent]:
    """Return the events on usable passages, in the order in which they ended."""
    usable = {p.id for p in session.passages() if p.usable}
    listed: list[ReadEvent] = [e for e in session.kept(KEY) or [] if e["passage"] in usable]
    return sorted(listed, key=lambda e: (e["date"].rpartition(" to ")[2], e["date"], e["passage"]))


def events_text(session: Session, crisis: str) -> str:
    """Return the events file of a crisis.

    Parameters
    ----------
    session
        The session.
    crisis
        The name of the crisis that the events follow.

    Raises
    ------
    InputError
        The session has no event.
    """
    listed = events(session)
    if not listed:
        raise InputError("the session has no event", field="session",
                         expected="a confirmed passage with a date",
                         remedy="enter it with `detente read event`")
    passages = {p.id: p for p in session.passages()}
    documents, shown = {d.id: d for d in session.documents()}, shown_names(session)
    used = list(dict.fromkeys(passages[e["passage"]].document for e in listed))
    sources = [{"id": f"document-{number}", "cite": cited(documents[number], shown[number])}
               for number in used]
    entered = [_entry(e, passages[e["passage"]], f"document-{passages[e['passage']].document}")
               for e in listed]
    return f"""\
# Written by `detente read draft` from confirmed passages.
follows: {text_of(crisis)}
sources:
{rows(sources)}
events:
{rows(entered)}
"""


def misfit_words(session: Session, found: tuple[str, str]) -> str:
    """Return the sentences for an event that does not fit a crisis; they name its claim.

    Parameters
    ----------
    session
        The session.
    found
        The id of the event in the text of `events_text`, and why it does not fit.
    """
    name, why = found
    claims = [name_of(c.id) for c in session.claims() if f"p{c.passage}" == name]
    which = f"The event of {claims[0]}" if claims else "An event"
    return (f"{which} does not fit this game: {why}. Enter it again with `detente read event"
            f"{' ' + claims[0] if claims else ''}`, or change the files.")


def _entry(event: ReadEvent, passage: Passage, source: str) -> Mapping[str, Any]:
    made: dict[str, Any] = {"id": f"p{passage.id}", "date": event["date"], "says": event["says"],
                            "source": source}
    if event["way"] == "before":
        return made | {"before": True}
    if event["way"] == "move":
        return made | {"actor": event["actor"], "move": event["label"]}
    if event["way"] == "chance":
        return made | {"chance": event["label"]}
    return made | {"cannot": event["reason"]}
