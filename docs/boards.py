"""Write the public boards into ``explanation/history-as-judge.md``.

    python docs/boards.py [FOLDER]    finished fits are kept in FOLDER, default build/boards

It needs the data of the tables (`detente data fetch all`) and the extra `backtest`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from detente.backtest.run import Backtest, backtest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "history-as-judge.md"
PLACE = re.compile(r"(<!-- boards -->\n).*?(<!-- end of boards -->)", re.S)

GAMES = {"mid": ["tight-mid", "linear-mid"], "icb": ["tight-icb", "linear-icb"],
         "rungs": ["tight-rungs", "linear-rungs"]}
"""The shipped model files of each table; the last is pooled with its rivals."""


def models(table: str) -> list[str]:
    """Return the forecasters on the board of a table."""
    last = GAMES[table][-1]
    return ["logit", "boosting", "pool:logit+boosting", *(f"game:{g}" for g in GAMES[table]),
            f"pool:game:{last}+logit", f"pool:game:{last}+boosting"]


def gain(row: dict[str, float], other: str) -> str:
    """Return a gain with its interval."""
    mean, low, high = (row[f"gain_{other}{end}"] for end in ("", "_low", "_high"))
    return "" if mean is None or mean != mean else f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def text(found: Backtest) -> str:
    """Return one board in Markdown."""
    run = found.run
    scheme = ("ten folds of whole pairs" if run["scheme"] == "kfold" else
              f"forward from {run['from']}, ten years at a time")
    out = [f"### `{run['table']}`, {scheme}", "",
           f"{run['scored']:,} crises. {found.verdict}", "",
           "| forecaster | log score | Brier | RPS | ECE | AUC of war | over time | over logit | "
           "over theory | failed |", "|---|---|---|---|---|---|---|---|---|---|"]
    for r in found.leaderboard.to_dict("records"):
        auc = "" if r["auc_war"] is None else f"{r['auc_war']:.2f}"
        out.append(
            f"| `{r['model']}` | {r['log_score']:.4f} | {r['brier']:.3f} | {r['rps']:.3f} | "
            f"{r['ece']:.3f} | {auc} | {gain(r, 'time')} | {gain(r, 'logit')} | "
            f"{gain(r, 'theory')} | {r['fits_failed']} |")
    return "\n".join(out) + "\n"


def main(folder: Path) -> None:
    """Score the shipped models on every table by both schemes, and rewrite the page."""
    parts = []
    for table in GAMES:
        for scheme in ("kfold", "forward"):
            print(f"{table}, {scheme}", file=sys.stderr, flush=True)
            parts.append(text(backtest(table, models(table), scheme=scheme,
                                       out=folder / f"{table}-{scheme}")))
    page = PAGE.read_text(encoding="utf-8")
    made = PLACE.sub(lambda m: m[1] + "\n" + "\n".join(parts) + "\n" + m[2], page)
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "boards")
