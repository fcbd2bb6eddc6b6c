"""Time the estimators on the published data, and report what a strategic model is worth.

Run: ``python benchmarks/bench_history.py [--worth]`` with the data fetched (``detente data fetch
war1800 sanctions``). Timings are medians of warm runs, formulas and standard errors included.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from detente.game import decide, end, tree
from detente.history import SIGNORINO, fit_game, fit_signalling, fit_tree, load, worth

WAR = "esc+war ~ s_wt_re1+revis1 | 0 | regime1 | balanc+regime2"
SANCTIONS = (
    "sq+cd+sf+bd ~ 0+sqrt(senderecondep)+senderdemocracy+contig+ally | anticipatedsendercosts"
    " | sqrt(targetecondep)+anticipatedtargetcosts+contig+ally"
    " | sqrt(senderecondep)+senderdemocracy+lncaprat | targetdemocracy+lncaprat"
    " | senderdemocracy | 0"
)
R = """
suppressMessages(library(games)); data(war1800)
f <- esc + war ~ s_wt_re1 + revis1 | 0 | regime1 | balanc + regime2
times <- sapply(1:5, function(i) system.time(egame12(f, data = war1800))["elapsed"])
cat(median(times))
"""


def timed(what: Callable[[], object], runs: int) -> str:
    """Return the median seconds of warm runs, by the clock and of the processor."""
    what()
    clock, processor = [], []
    for _ in range(runs):
        start, own = time.perf_counter(), time.process_time()
        what()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - own)
    return f"{median(clock):8.3f} s ({median(processor):.3f} s of processor)"


def main() -> None:
    """Print the figures."""
    war, sanctions = load("war1800"), load("sanctions")
    print(f"egame12 on war1800           {timed(lambda: fit_tree('egame12', WAR, war), 7)}")
    if shutil.which("Rscript"):
        done = subprocess.run(["Rscript", "-e", R], capture_output=True, text=True, check=False)
        print(f"  R games, same machine      {done.stdout.strip() or 'not installed':>8} s")
    else:
        print("  R is not on this machine")
    stage = ("PRhat", "PFhat")
    spent = timed(lambda: fit_signalling(SANCTIONS, sanctions, first_stage=stage), 1)
    print(f"signalling, nested PL        {spent}")
    ending = np.where(war.esc == 0, "sq", np.where(war.war == 1, "war", "capit"))
    named = war.assign(ending=np.where(war.esc.isna() | war.war.isna(), None, ending))
    game = tree(
        {"one": 1, "two": 1},
        decide("one", {
            "stop": end("sq", one=0, two=0),
            "go": decide("two", {
                "yield": end("capit", one=0, two=0), "fight": end("war", one=0, two=0),
            }),
        }),
    )
    parts = {("one", "sq"): "s_wt_re1+revis1", ("one", "war"): "regime1",
             ("two", "war"): "balanc+regime2"}
    general = fit_game(game, parts, named, "ending", lam=SIGNORINO)
    spent = timed(lambda: fit_game(game, parts, named, "ending", lam=SIGNORINO), 1)
    special = fit_tree("egame12", WAR, war, link="logit")
    gap = np.abs(general.params - special.params).max()
    print(f"general estimator, war1800   {spent}, from the special one by {gap:.1e}")
    if "--worth" in sys.argv:
        columns = "s_wt_re1 + revis1 + regime1 + balanc + regime2"
        print(worth(lambda t: fit_tree("egame12", WAR, t), war, columns).to_string(index=False))
        columns = (
            "sqrt(senderecondep) + senderdemocracy + contig + ally + anticipatedsendercosts"
            " + sqrt(targetecondep) + anticipatedtargetcosts + lncaprat + targetdemocracy"
        )
        print(worth(
            lambda t: fit_signalling(SANCTIONS, t, first_stage=stage), sanctions, columns,
            folds=10, repeats=1, groups="dyadID",
        ).to_string(index=False))


if __name__ == "__main__":
    main()
