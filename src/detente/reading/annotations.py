"""Passages as annotations: W3C JSON-LD out, the JSON of Hypothes.is out and in.

The paraphrase is the body of an annotation. The words of a passage are written only on request, and
only for a passage that a claim may rest on. The words around it were not confirmed, so a written
quotation has no prefix and no suffix; the position tells equal quotations apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detente.reading.anchors import find
from detente.reading.gate import admit
from detente.reading.hypothesis import marked
from detente.reading.records import Claim, Document, Passage
from detente.reading.sources import normalised
from detente.reading.store import Session

__all__ = ["CONTEXT_IRI", "as_hypothesis", "as_web_annotation", "from_hypothesis", "selectors"]

CONTEXT_IRI = "http://www.w3.org/ns/anno.jsonld"


def selectors(passage: Passage, *, quote: bool = False) -> list[dict[str, Any]]:
    """Return the selectors of a passage; the quotation only if ``quote`` is set.

    Raises
    ------
    ValueError
        The quotation of a passage that is not confirmed was asked for.
    """
    out: list[dict[str, Any]] = [
        {"type": "TextPositionSelector", "start": passage.start, "end": passage.end}]
    if quote:
        if not passage.usable:
            raise ValueError(f"passage {passage.id} is not confirmed")
        out.append({"type": "TextQuoteSelector", "exact": passage.exact})
    return out


def as_web_annotation(
    document: Document, passage: Passage, claim: Claim | None = None, *, quote: bool = False
) -> dict[str, Any]:
    """Return a W3C Web Annotation [sanderson-et-al-2017], as JSON-LD.

    Parameters
    ----------
    document, passage
        The passage and its document. The source is a URN of the hash of the document's text.
    claim
        Its paraphrase is the body.
    quote
        Whether the words are written.
    """
    made: dict[str, Any] = {
        "@context": CONTEXT_IRI, "id": f"urn:detente:passage:{passage.id}", "type": "Annotation",
        "motivation": "describing",
        "target": {"source": f"urn:sha256:{document.sha_text}",
                   "selector": selectors(passage, quote=quote)},
    }
    if claim is not None:
        made["body"] = {"type": "TextualBody", "value": claim.paraphrase, "format": "text/plain"}
    return made


def as_hypothesis(
    document: Document, rows: Iterable[tuple[Passage, Claim | None]], *, quote: bool = False
) -> dict[str, Any]:
    """Return annotations in the form in which the interface of Hypothes.is returns them."""
    out = []
    for passage, claim in rows:
        source = f"urn:sha256:{document.sha_text}"
        out.append({
            "id": f"detente-{passage.id}", "uri": source,
            "text": claim.paraphrase if claim is not None else "",
            "tags": [claim.template] if claim is not None and claim.template else [],
            "target": [{"source": source, "selector": selectors(passage, quote=quote)}]})
    return {"total": len(out), "rows": out}


def from_hypothesis(
    session: Session, document: Document, data: Mapping[str, Any] | list[Any], *,
    file: str = "<text>",
) -> tuple[list[Passage], int]:
    """Admit the passages that annotations mark in a document, as proposals.

    Each quotation is normalised like a text, found by its words and context, and passes the gate.
    Offsets of a browser count other units, so they only decide between equal contexts.

    Returns
    -------
    tuple
        The passages, and the number of quotations that the document does not hold.

    Raises
    ------
    InputError
        The data is not an export of annotations.
    """
    out, absent = [], 0
    for one in marked(data, file):
        exact, prefix, suffix = (normalised(x) for x in (one.exact, one.prefix, one.suffix))
        at = find(document.text, exact, prefix, suffix, one.start)
        if at is None:
            absent += 1
        else:
            out.append(admit(session, document, at, at + len(exact), exact,
                             proposer="annotations"))
    return out, absent
