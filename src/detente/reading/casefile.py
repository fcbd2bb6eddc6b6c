"""Sources and claims of a session as the text of a crisis file.

The file holds the analyst's paraphrase of each claim, with the document's name, the offsets and the
hash of its text. The passage stays in the session.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.errors import InputError
from detente.reading.archetypes import identifier
from detente.reading.judge import entry
from detente.reading.map import name_of
from detente.reading.names import shown_names
from detente.reading.records import Claim, Document, Passage
from detente.reading.templates import checked

if TYPE_CHECKING:
    from detente.reading.store import Session
    from detente.scenario.schema import Scenario

__all__ = ["cited", "claim_rows", "rows", "source_rows", "sources_of", "text_of"]

UNCONFIRMED = "unconfirmed"
"""The id of the source of every number of a draft."""
ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7f, 0xa0), 0xfeff, 0xfffe, 0xffff)}
"""Characters that YAML reads only as escapes."""


def sources_of(session: Session) -> dict[tuple[int, str], str]:
    """Return the id of the source for each document and author that a claim rests on."""
    passages = {p.id: p for p in session.passages()}
    shown = shown_names(session)
    out: dict[tuple[int, str], str] = {}
    for claim in session.claims():
        key = (passages[claim.passage].document, claim.author)
        if key not in out:
            name = shown[key[0]]
            stem = name.rpartition(".")[0] or name
            words = identifier(f"{stem} {claim.author}".strip()).replace("_", "-")[:50].strip("-")
            taken = {UNCONFIRMED, *out.values()}
            out[key] = next(one for one in (words, *(f"{words}-{k}" for k in range(2, 10_000)))
                            if one not in taken)
    return out


def cited(document: Document, name: str, author: str = "") -> str:
    """Return the citation of a document: an author, its name to be shown, and its text's hash."""
    return (f"{f'{author}, in ' if author else ''}{name}, read with detente; "
            f"SHA-256 of the text {document.sha_text}")


def source_rows(session: Session) -> list[dict[str, str]]:
    """Return the sources of a session's claims: the author, the document and its hash."""
    documents, shown = {d.id: d for d in session.documents()}, shown_names(session)
    return [{"id": name, "cite": cited(documents[number], shown[number], author)}
            for (number, author), name in sources_of(session).items()]


def claim_rows(
    session: Session, scenario: Scenario | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the claims of a session as entries of a crisis file, and those that do not fit it.

    Parameters
    ----------
    session
        The session.
    scenario
        The case. A claim whose formalisation does not fit it gets ``cannot`` with the reason.

    Returns
    -------
    rows, misfits
        The entries, and the reason by the name of the claim.
    """
    passages = {p.id: p for p in session.passages()}
    names = sources_of(session)
    out, misfits = [], {}
    for claim in session.claims():
        passage = passages[claim.passage]
        made = entry(claim, names[passage.document, claim.author])
        reason = "" if scenario is None else _misfit(claim, scenario)
        if reason:
            misfits[name_of(claim.id)] = reason
            for key in ("holds_if", "rate", "model", "proposition"):
                made.pop(key, None)
            made["cannot"] = f"The formalisation {claim.formal!r} does not fit this case: {reason}."
        made["note"] = " ".join(filter(None, [made.get("note", ""), _where(passage)]))
        out.append(made)
    return out, misfits


def _misfit(claim: Claim, scenario: Scenario) -> str:
    if not claim.formal:
        return ""
    try:
        checked(scenario, claim.formal, name_of(claim.id))
    except InputError as wrong:
        return wrong.message
    return ""


def _where(passage: Passage) -> str:
    return f"Passage {passage.id} of the session, code points {passage.start} to {passage.end}."


def rows(listed: list[Mapping[str, Any]] | list[dict[str, Any]], indent: str = "  ") -> str:
    """Return entries of a YAML list, one key per line.

    Examples
    --------
    >>> print(rows([{"id": "a", "says": "Peace: now."}]))
      - id: a
        says: "Peace: now."
    """
    out = []
    for one in listed:
        lines = [f"{key}: {text_of(value)}" for key, value in one.items()]
        out.append(f"{indent}- " + f"\n{indent}  ".join(lines))
    return "\n".join(out)


def text_of(value: Any) -> str:
    """Return a value as YAML writes it in one line."""
    if isinstance(value, str):
        if re.fullmatch(r"[a-z][a-z0-9-]*", value) and value not in ("yes", "no", "true", "false",
                                                                     "on", "off", "null", "y", "n"):
            return value
        return json.dumps(" ".join(value.split()), ensure_ascii=False).translate(ESCAPED)
    return json.dumps(value, ensure_ascii=False)
