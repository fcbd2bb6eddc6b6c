"""The page of a backtest: verdict, board, reliability, drift of parameters, and the crises."""

from __future__ import annotations

from typing import Any

import pandas as pd

from detente.backtest.board import AGAINST
from detente.backtest.document import document
from detente.backtest.run import Backtest
from detente.render import Column, Report, Section, Table
from detente.render.charts.drift import drift
from detente.render.charts.reliability import reliability

__all__ = ["MEANING", "board_table", "brief_table", "gains_table", "report"]

SHOWN = 6
"""Parameters of one forecaster in its chart of drift: those that move most."""

MEANING = (
    "Log scores are in nats per crisis; higher is better. Brier, RPS (in the order of the endings) "
    "and ECE: lower is better. Intervals hold 95 % of a bootstrap over pairs of states. A gain "
    "whose interval includes 0 is no gain.",
    "A game is compared with its theory: the same covariates and the same shrinkage without a "
    "game. Only this comparison tests the structure of the game.",
    "These crises were coded by people who knew how they ended, and two codings of the same "
    "crises agree on the ending in a third of them. A score here is no promise for a new crisis.",
)


def report(found: Backtest) -> Report:
    """Return the report of a backtest.

    Its document has no forecasts by crisis; those are in ``forecasts.parquet``.
    """
    table, run = found.table, found.run
    scheme = ("10 folds of whole pairs of states" if run["scheme"] == "kfold" else
              f"trained on all earlier years, tested {run['step']} years at a time from "
              f"{run['from']}")
    return Report(
        f"Forecasts of table {table.name}", "scored on crises whose ending is known",
        found.verdict,
        [_board(found, scheme), _reliability(found), *_drift(found), _table(found)],
        meta={"table": table.name, "scheme": run["scheme"], "features": run["features"],
              "scored": run["scored"], "seed": run["seed"], "version": run["version"],
              "table hash": run["table_sha256"][:12], "code hash": run["code_sha256"][:12]},
        data=document(found),
    )


def board_table(board: pd.DataFrame, title: str = "") -> Table:
    """Return the scores of the leaderboard."""
    heads: list[Column | str] = [
        "model", Column("log score", "nats", ".4f"), Column("Brier", format=".3f"),
        Column("RPS", format=".3f"), Column("ECE", format=".3f"),
        Column("AUC of war", format=".2f"), Column("reduction", format=".3f"), "fits failed",
    ]
    rows = [
        (r["model"], r["log_score"], r["brier"], r["rps"], r["ece"], r["auc_war"], r["reduction"],
         r["fits_failed"])
        for r in board.to_dict("records")
    ]
    return Table(title, heads, rows)


def gains_table(board: pd.DataFrame) -> Table:
    """Return the gains of the leaderboard with their intervals."""
    others = [o for o in AGAINST if board[f"gain_{o}"].notna().any()]
    return Table("Gains in log score", ["model", *(f"over {o}" for o in others)],
                 [(r["model"], *(_gain(r, o) for o in others)) for r in board.to_dict("records")])


def brief_table(board: pd.DataFrame) -> Table:
    """Return the columns of the leaderboard that fit a terminal of 80 letters."""
    gains = [o for o in ("time", "theory") if board[f"gain_{o}"].notna().any()]
    heads: list[Column | str] = ["model", Column("log score", format=".4f"),
                                 *(f"over {o}" for o in gains)]
    rows = [(r["model"], r["log_score"], *(_gain(r, o) for o in gains))
            for r in board.to_dict("records")]
    return Table("", heads, rows)


def _gain(row: dict[Any, Any], other: str) -> str:
    mean, low, high = (row[f"gain_{other}{end}"] for end in ("", "_low", "_high"))
    return "" if mean is None or mean != mean else f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def _board(found: Backtest, scheme: str) -> Section:
    about = found.run["about"]
    return Section(
        "board", "Board", f"{found.run['scored']:,} crises, {scheme}.",
        tables=[board_table(found.leaderboard, "Scores"), gains_table(found.leaderboard),
                Table("Forecasters", ["model", "rule"],
                      [(name, about[name]) for name in found.leaderboard["model"]])],
        notes=MEANING,
    )


def _reliability(found: Backtest) -> Section:
    charts = [
        reliability(found.calibration[found.calibration["model"] == name], title=name)
        for name in found.leaderboard["model"]
    ]
    return Section("reliability", "Reliability",
                   "Each point is a bin of forecasts; the larger the point, the more crises are in "
                   "it. A perfect forecast lies on the diagonal.", charts=charts)


def _drift(found: Backtest) -> list[Section]:
    if found.run["scheme"] == "kfold" or len(found.run["splits"]) < 2:
        return []
    charts = []
    for name in found.leaderboard["model"]:
        mine = found.params[found.params["model"] == name]
        if mine.empty:
            continue
        spans = mine.groupby("parameter")["value"].agg(lambda v: v.max() - v.min())
        moving = spans.sort_values(ascending=False, kind="stable").index[:SHOWN]
        rows = mine[mine["parameter"].isin(moving)].assign(
            origin=lambda t: t["origin"].astype(int))
        charts.append(drift(rows[["origin", "parameter", "value"]], title=name))
    return [Section("drift", "Drift of parameters",
                    f"The {SHOWN} parameters of each forecaster that move most as years are added; "
                    "all are in params.csv.", charts=charts)]


def _table(found: Backtest) -> Section:
    table = found.table
    total = len(table)
    return Section(
        "table", "Crises", f"{total:,} crises, {table.rows['pair'].nunique()} pairs of states, "
        f"{table.rows['year'].min()} to {table.rows['year'].max()}.",
        tables=[
            Table("Endings", ["ending", "crises", Column("share", format="percent", bar=True)],
                  [(e, n, n / total) for e, n in table.counts().items()]),
            Table("Features", ["feature", "meaning", "known", "source"],
                  [(f.name, f.meaning, f.known, f.source) for f in table.features.values()]),
        ],
        notes=found.notes,
    )
