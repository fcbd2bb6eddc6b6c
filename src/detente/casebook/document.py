"""A draft as one JSON document; ``python -m detente.casebook.document`` rewrites its schema."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from detente.casebook.drafting import Draft
from detente.casebook.write import WARNING, renamed
from detente.publish import rewrite, schema_of

__all__ = ["DraftDocument", "document", "main", "schema"]

SCHEMA = "draft.schema.json"


class NumberRow(TypedDict):
    """An estimated number: 5 %, median and 95 % of its joint draws, its formula, the draws."""

    low: float
    median: float
    high: float
    formula: str
    draws: list[float]


class DraftDocument(TypedDict):
    """The document of ``detente draft --json``.

    ``numbers`` are by path of the crisis file; the draws of all numbers are joint, in one order.
    ``reference`` holds forecasts without a game, by forecaster and ending.
    """

    crisis: str
    icb: int | None
    says: Literal["a starting point, not a forecast"]
    features: Literal["before", "coded"]
    template: str
    challenger: str
    target: str
    estimated_on: int
    numbers: dict[str, NumberRow]
    reference: dict[str, dict[str, float]]
    notes: list[str]
    text: str


def document(made: Draft) -> DraftDocument:
    """Return a draft as JSON types."""
    rows: dict[str, NumberRow] = {}
    for path in made.numbers.draws.columns:
        low, median, high = made.numbers.range(path)
        rows[renamed(path, made.facts)] = {
            "low": low, "median": median, "high": high, "formula": made.numbers.formulas[path],
            "draws": [float(f"{value:.5g}") for value in made.numbers.draws[path]],
        }
    return {
        "crisis": made.facts.name, "icb": made.facts.icb, "says": WARNING,
        "features": made.features, "template": made.facts.template,
        "challenger": made.facts.challenger.id, "target": made.facts.target.id,
        "estimated_on": made.numbers.crises, "numbers": rows, "reference": made.reference,
        "notes": list(made.notes), "text": made.text,
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `document`.

    Examples
    --------
    >>> schema()["title"]
    'detente draft --json'
    """
    return schema_of(DraftDocument, "detente draft --json",
                     "Probabilities are shares of 1; costs are in stakes.")


def main() -> None:
    """Rewrite the shipped schema."""
    rewrite(__file__, {SCHEMA: schema()})


if __name__ == "__main__":
    main()
