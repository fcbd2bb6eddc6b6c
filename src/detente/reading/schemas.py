"""Write the shipped JSON Schemas of reading: ``python -m detente.reading.schemas``."""

from __future__ import annotations

from typing import Any

from detente.cases.ledgerfile import Ledger
from detente.publish import rewrite, schema_of
from detente.reading import document, exchanged, results
from detente.reading.aif import Aif

__all__ = ["main", "schemas"]

EARLY = "Offsets count code points of the extracted text; it holds no words."
LATER = ("Claims are in the analyst's words. Offsets count code points of the extracted text; no "
         "words of a text are in it.")
FORMS: tuple[tuple[str, Any, str], ...] = (
    ("", document.ReadDocument, EARLY),
    ("candidates", exchanged.CandidatesDocument, EARLY),
    ("confirm", document.ConfirmedDocument, EARLY),
    ("turns", exchanged.TurnsDocument, EARLY),
    ("annotations", exchanged.AnnotationsDocument, EARLY),
    ("propose", exchanged.ProposedDocument, EARLY),
    ("score", document.ScoreDocument, EARLY),
    ("templates", results.TemplatesDocument, LATER),
    ("formalise", results.FormalDocument, LATER),
    ("question", results.QuestionsDocument, LATER),
    ("event", results.EventsDocument, LATER),
    ("map", results.MapDocument, LATER),
    ("ledger", Ledger, LATER),
    ("draft", results.DraftDocument, LATER),
    ("export", exchanged.ExportDocument, LATER),
    ("examples", exchanged.ExamplesDocument, EARLY),
)
"""The word of ``detente read``, the type of its document, and the schema's description."""


def schemas() -> dict[str, Any]:
    """Return the schemas by the name of their file.

    Examples
    --------
    >>> schemas()["read-map.schema.json"]["title"]
    'detente read map --json'
    """
    made = {f"read{word and '-' + word}.schema.json": schema_of(
        form, f"detente read{word and ' ' + word} --json", says) for word, form, says in FORMS}
    return made | {"aif.schema.json": schema_of(Aif, "detente read export --as aif", LATER)}


def main() -> None:
    """Rewrite the shipped schemas."""
    rewrite(__file__, schemas())


if __name__ == "__main__":
    main()
