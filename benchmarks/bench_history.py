"""Time the estimators on the published data, and report the fit of a strategic model.

Run ``python -m benchmarks history``, with the data fetched (``detente data fetch war1800
sanctions``); where it is not, the rows say so. ``python -m benchmarks.bench_history --worth``
cross-validates, ``--lambda`` prints the precision that fitted games imply. Timings are medians of
warm runs, formulas and standard errors included.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from detente.game import decide, end, tree
from detente.history import SIGNORINO, fit_game, fit_signalling, fit_tree, load, worth
from detente.history.store import held

Row = dict[str, Any]

WAR = "esc+war ~ s_wt_re1+revis1 | 0 | regime1 | balanc+regime2"
SANCTIONS = (
    "sq+cd+sf+bd ~ 0+sqrt(senderecondep)+senderdemocracy+contig+ally | anticipatedsendercosts"
    " | sqrt(targetecondep)+anticipatedtargetcosts+contig+ally"
    " | sqrt(senderecondep)+senderdemocracy+lncaprat | targetdemocracy+lncaprat"
    " | senderdemocracy | 0"
)
STAGE = ("PRhat", "PFhat")
GAME = tree(
    {"one": 1, "two": 1},
    decide("one", {
        "stop": end("sq", one=0, two=0),
        "go": decide("two", {
            "yield": end("capit", one=0, two=0), "fight": end("war", one=0, two=0),
        }),
    }),
)
PARTS = {("one", "sq"): "s_wt_re1+revis1", ("one", "war"): "regime1",
         ("two", "war"): "balanc+regime2"}
R = """
if (!requireNamespace("games", quietly = TRUE)) quit(status = 3)
suppressMessages(library(games)); data(war1800)
f <- esc + war ~ s_wt_re1 + revis1 | 0 | regime1 | balanc + regime2
fit <- egame12(f, data = war1800)
times <- sapply(1:7, function(i) system.time(egame12(f, data = war1800))["elapsed"])
cat(median(times), sum(fit$log.likelihood))
"""


def timed(what: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the median seconds of warm runs, by the clock and of the processor."""
    what()
    clock, processor = [], []
    for _ in range(runs):
        start, own = time.perf_counter(), time.process_time()
        what()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - own)
    return median(clock), median(processor)


def row(work: str, spent: tuple[float, float], target: float, note: str = "") -> Row:
    """Return one row of seconds."""
    seconds, own = spent
    words = "; ".join(filter(None, [f"{own:.3f} s of processor", note]))
    return {"work": work, "figure": seconds, "unit": "s", "target": f"< {target:g} s",
            "ratio": target / seconds, "note": words}


def peer(ours: float) -> Row:
    """Run R's games package on the same data if R is installed; otherwise return a note."""
    work = "egame12 on war1800, R games on this machine"
    if shutil.which("Rscript") is None:
        return {"work": work, "note": "not run: Rscript is not on this machine"}
    done = subprocess.run(["Rscript", "-e", R], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    if done.returncode == 3:
        return {"work": work, "note": "not run: R is here, its package games is not"}
    if done.returncode or len(words) != 2:
        first = (done.stderr.strip().splitlines() or ["nothing was printed"])[0]
        return {"work": work, "note": f"not run: {first}"}
    theirs = float(words[0])
    return {"work": work, "figure": theirs, "unit": "s", "target": "ours at least as fast",
            "ratio": theirs / ours, "note": f"its log-likelihood {float(words[1]):.5f}"}


def by_ending(war: pd.DataFrame) -> pd.DataFrame:
    """Return the data with the name of each observation's ending."""
    ending = np.where(war.esc == 0, "sq", np.where(war.war == 1, "war", "capit"))
    return war.assign(ending=np.where(war.esc.isna() | war.war.isna(), None, ending))


def rows(quick: bool = False) -> list[Row]:
    """Return the figures."""
    out: list[Row] = []
    runs = 3 if quick else 7
    if held("war1800"):
        war = load("war1800")
        fit = fit_tree("egame12", WAR, war)
        spent = timed(lambda: fit_tree("egame12", WAR, war), runs)
        out.append(row("egame12 on war1800, warm", spent, 0.2,
                       f"log-likelihood {fit.loglik:.5f}, published -286.12375"))
        out.append(peer(spent[0]))
        named = by_ending(war)

        def general() -> Any:
            return fit_game(GAME, PARTS, named, "ending", lam=SIGNORINO)

        special = fit_tree("egame12", WAR, war, link="logit")
        gap = float(np.abs(general().params - special.params).max())
        out.append(row("general estimator on war1800", timed(general, 1 if quick else 3), 10.0,
                       f"from the special one by {gap:.1e}"))
        out.append({"work": "general estimator, distance from the special one", "figure": gap,
                    "target": "< 1e-5", "ratio": 1e-5 / max(gap, 1e-300)})
    else:
        out.append({"work": "egame12 and the general estimator on war1800",
                    "note": "not run: detente data fetch war1800"})
    if held("sanctions"):
        table = load("sanctions")

        def nested() -> Any:
            return fit_signalling(SANCTIONS, table, first_stage=STAGE)

        found = nested()
        out.append(row("nested pseudo-likelihood on sanctions", timed(nested, 1), 10.0,
                       f"log-likelihood {found.loglik:.5f}, published -3932.44738"))
        if not quick:
            def full() -> Any:
                return fit_signalling(SANCTIONS, table, first_stage=STAGE, method="cmle")

            begin = time.perf_counter()
            loglik = full().loglik
            out.append({"work": "constrained maximum likelihood on sanctions",
                        "figure": time.perf_counter() - begin, "unit": "s",
                        "note": f"log-likelihood {loglik:.5f}, published -3927.91"})
    else:
        out.append({"work": "signalling on sanctions",
                    "note": "not run: detente data fetch sanctions"})
    return out


def value() -> None:
    """Print the fit of the strategic models out of sample."""
    war, sanctions = load("war1800"), load("sanctions")
    columns = "s_wt_re1 + revis1 + regime1 + balanc + regime2"
    print(worth(lambda t: fit_tree("egame12", WAR, t), war, columns).to_string(index=False))
    columns = (
        "sqrt(senderecondep) + senderdemocracy + contig + ally + anticipatedsendercosts"
        " + sqrt(targetecondep) + anticipatedtargetcosts + lncaprat + targetdemocracy"
    )
    print(worth(
        lambda t: fit_signalling(SANCTIONS, t, first_stage=STAGE), sanctions, columns,
        folds=10, repeats=1, groups="dyadID",
    ).to_string(index=False))


def precision() -> None:
    """Print the precision that fitted games imply, per unit of the stake."""
    war = load("war1800")
    fit = fit_tree("egame12", WAR, war, link="logit")
    index = {u: [k for k, n in enumerate(fit.names) if n.startswith(u)] for u in ("u11", "u14")}
    first = np.stack([
        np.column_stack([np.ones(len(fit.frame)), fit.frame.s_wt_re1, fit.frame.revis1])
        @ fit.params[index["u11"]],
        np.zeros(len(fit.frame)),
        np.column_stack([np.ones(len(fit.frame)), fit.frame.regime1 == "dem",
                         fit.frame.regime1 == "mixed"]) @ fit.params[index["u14"]],
    ])
    found = np.quantile(np.ptp(first, axis=0) * SIGNORINO, [0.1, 0.5, 0.9])
    print(f"first player's best less worst ending as the stake: lambda {found.round(2)}")
    for quo in (0.0, 0.25, 0.5):
        game = tree(
            {"one": 1, "two": 1},
            decide("one", {
                "stop": end("sq", one=quo, two=1 - quo),
                "go": decide("two", {
                    "yield": end("capit", one=1, two=0), "fight": end("war", one=0, two=0),
                }),
            }),
        )
        for parts in (PARTS | {("one", "sq"): "0+s_wt_re1+revis1"},
                      {("one", "war"): "s_wt_re1+revis1+regime1",
                       ("two", "war"): PARTS["two", "war"]}):
            own = fit_game(game, parts, by_ending(war), "ending", lam="estimate")
            low, high = np.exp(own.conf_int()[-1])
            print(f"the whole stake conceded, status quo {quo}: lambda {own.extra['lam']:.2f} "
                  f"({low:.2f} to {high:.1f}), log-likelihood {own.loglik:.2f}")


if __name__ == "__main__":
    if "--worth" in sys.argv:
        value()
    elif "--lambda" in sys.argv:
        precision()
    else:
        for one in rows():
            print(one)
