"""Make the casebook: draft its crises, solve them, and write the board.

    python -m estimates.casebook draft     # rewrites src/detente/casebook/crises
    python -m estimates.casebook board     # solves them and rewrites docs/explanation/casebook.md

Drafting needs the data (`detente data fetch`), and so do the forecasts without a game; those are
kept in references.json beside the crises, so that the board needs no data.
"""

from __future__ import annotations

import argparse
import json
from importlib.resources import files
from pathlib import Path

import pandas as pd

from detente.casebook import scoring
from detente.casebook.covariates import ENDINGS
from detente.casebook.drafting import draft
from detente.casebook.facts import facts, named
from detente.cases import load
from detente.files import write_whole

FOLDER = Path(str(files("detente.casebook"))) / "crises"
PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "casebook.md"
MARK = "<!-- board -->"


def drafted() -> None:
    """Draft every crisis of the casebook."""
    kept = {}
    for name in named():
        made = draft(name)
        write_whole(FOLDER / f"{name}.yaml", made.text)
        write_whole(FOLDER / f"{name}.draws.csv", made.draws)
        kept[name] = {who: {end: round(p, 6) for end, p in one.items()}
                      for who, one in made.reference.items()}
        print(name, *made.notes, flush=True)
    write_whole(FOLDER.parent / "references.json", json.dumps(kept, indent=1) + "\n")


def forecasts() -> tuple[dict[str, dict[str, dict[str, float]]], dict[str, scoring.Solved]]:
    """Return the forecasts of every forecaster by crisis, and the solved crises."""
    held = json.loads((FOLDER.parent / "references.json").read_text(encoding="utf-8"))
    out: dict[str, dict[str, dict[str, float]]] = {"fallible": {}, "deliberate": {}}
    solved = {}
    for name in named():
        draws = (FOLDER / f"{name}.draws.csv").read_text(encoding="utf-8")
        solved[name] = one = scoring.solved(load(name), facts(name), draws)
        out["fallible"][name], out["deliberate"][name] = one.fallible, one.deliberate
        for who, values in held[name].items():
            out.setdefault(who, {})[name] = values
        print(name, one.checked, flush=True)
    return out, solved


def board() -> str:
    """Return the board as Markdown."""
    found, solved = forecasts()
    ended, pairs = scoring.endings(), scoring.pairs()
    scores = {who: scoring.log_scores(one, ended) for who, one in found.items()}
    fine = sum(one.checked == (one.draws, one.draws) for one in solved.values())
    rows = ["| forecaster | mean log score | 90 % interval | gain of the fallible game over it | "
            "90 % interval |", "|---|---|---|---|---|"]
    for who, one in sorted(scores.items(), key=lambda item: -item[1].mean()):
        low, high = scoring.bootstrap(one, pairs)
        gain = scores["fallible"] - one
        least, most = scoring.bootstrap(gain, pairs)
        rows.append(f"| {who} | {one.mean():.3f} | {low:.3f} to {high:.3f} | " + (
            "| |" if who == "fallible" else
            f"{gain.mean():+.3f} | {least:+.3f} to {most:+.3f} |"))
    table = pd.DataFrame({
        "crisis": {n: facts(n).title for n in ended}, "ending": ended,
        **{who: {n: found[who][n][ended[n]] for n in ended}
           for who in ("fallible", "deliberate", "base rates", "time", "logit")}})
    each = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * len(table.columns)]
    for name in named():
        one = table.loc[name]
        each.append("| " + " | ".join(
            v if isinstance(v, str) else f"{100 * v:.0f} %" for v in one) + " |")
    means = ["| ending | occurred | " + " | ".join(found) + " |", "|" + "---|" * (len(found) + 2)]
    for end in ENDINGS:
        means.append(f"| {end} | {sum(e == end for e in ended.values())} | " + " | ".join(
            f"{sum(p[end] for p in one.values()):.1f}" for one in found.values()) + " |")
    return "\n".join([
        verdict(scores, pairs), "",
        f"Crises: {len(ended)}, from {len(set(pairs.values()))} pairs of states. In {fine} of them "
        "all draws were solved and checked in both models; the means are over the checked draws. "
        "Intervals are from 2,000 bootstrap samples of pairs.", "", *rows, "",
        "Expected and actual numbers of each ending:", "", *means, "",
        "The probability that each forecaster gave to the ending that occurred:", "", *each])


def verdict(scores: dict[str, pd.Series[float]], pairs: dict[str, str]) -> str:
    """Return one sentence for each reading: which forecasters it beats, and which beat it."""
    said = []
    for reading in ("fallible", "deliberate"):
        words = []
        for other in ("base rates", "time", "logit"):
            low, high = scoring.bootstrap(scores[reading] - scores[other], pairs)
            word = "better than" if low > 0 else "worse than" if high < 0 else "no different from"
            words.append(f"{word} {other}")
        said.append(f"The {reading} game is {', '.join(words[:-1])} and {words[-1]}.")
    return ("**" + " ".join(said) + "** No different means that the 90 % interval of the gain "
            "contains 0.")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("part", choices=["draft", "board"])
    if parser.parse_args().part == "draft":
        drafted()
        return
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    _, _, after = rest.partition(MARK)
    write_whole(PAGE, f"{before}{MARK}\n{board()}\n{MARK}{after}")


if __name__ == "__main__":
    main()
