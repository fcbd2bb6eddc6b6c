"""The JSON document of a backtest and its schema: ``python -m detente.backtest.document``."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from detente.backtest.run import Backtest
from detente.publish import rewrite, schema_of
from detente.render.plain import plain

__all__ = ["Document", "document", "schema"]


class BoardRow(TypedDict):
    """One forecaster's scores; gains are in nats per crisis, None if they are not defined."""

    model: str
    n: int
    log_score: float
    brier: float
    rps: float
    ece: float
    auc_war: float | None
    reduction: float
    gain_time: float | None
    gain_time_low: float | None
    gain_time_high: float | None
    gain_logit: float | None
    gain_logit_low: float | None
    gain_logit_high: float | None
    gain_theory: float | None
    gain_theory_low: float | None
    gain_theory_high: float | None
    fits_failed: int


class CalibrationRow(TypedDict):
    """One bin of one forecaster's forecasts of one ending."""

    model: str
    ending: str
    forecast: float
    observed: float
    n: int


class SplitRow(TypedDict):
    """One origin or fold, with its numbers of rows."""

    name: str
    train: int
    test: int


Run = TypedDict("Run", {
    "table": str, "models": list[str], "scheme": str, "features": str, "from": int | None,
    "step": int | None, "folds": int | None, "seed": int, "cluster": str, "version": str,
    "code_sha256": str, "table_sha256": str, "rows": int, "model_sha256": dict[str, str],
    "about": dict[str, str], "scored": int, "splits": list[SplitRow],
})
"""The settings and hashes of a run, as in ``run.json``."""


class Document(TypedDict):
    """The document of ``detente backtest --json``."""

    verdict: str
    endings: list[str]
    leaderboard: list[BoardRow]
    calibration: list[CalibrationRow]
    notes: list[str]
    run: Run


def document(found: Backtest) -> dict[str, Any]:
    """Return the result as valid JSON."""
    made: dict[str, Any] = plain({
        "verdict": found.verdict, "endings": list(found.table.endings),
        "leaderboard": found.leaderboard.to_dict("records"),
        "calibration": found.calibration.to_dict("records"),
        "notes": list(found.notes), "run": found.run,
    })
    return made


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `document`."""
    return schema_of(
        Document, "detente backtest --json",
        "Scores of forecasters on crises with known endings. Probabilities are shares of 1; log "
        "scores and gains are in nats per crisis.")


def main() -> None:
    """Rewrite the shipped schema."""
    rewrite(__file__, {"backtest.schema.json": schema()})


if __name__ == "__main__":
    main()
