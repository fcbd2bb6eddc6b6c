"""The gain of sentence embeddings in the reading order, on the labelled sentences of messages.

    python -m estimates.embeddings FOLDER

FOLDER holds a static model, as for ``detente read candidates --embeddings FOLDER``. The sentences
and labels are those of `estimates.reading`; a claim is a sentence that both readers call one.

An analyst is imitated who has decided a random part of the sentences. The rest is ordered in three
ways: by the number of cues, by the logistic regression on the decided ones, and by the same with
the column of embeddings. Each way is measured by its average precision and by the claims among the
first 50 of the rest. The 95 % intervals of a difference hold the parts fixed and draw sentences, or
whole messages, with replacement.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import numpy as np

from detente.arrays import Floats, Ints
from detente.errors import InputError
from detente.reading.actors import gazetteer
from detente.reading.embeddings import Array, Embeddings, read_embeddings
from detente.reading.order import ENOUGH, Candidate, cues_of, learned
from estimates.reading import DATA

DECIDED = (10, 20, 40, 80)
"""Sentences that were decided."""
PARTS = 50
"""Random parts of each size."""
FIRST = 50
REPLICATIONS = 2000


class Known(Embeddings):
    """A model whose vectors are computed once for all sentences."""

    def __init__(self, model: Embeddings, texts: Sequence[str]) -> None:
        super().__init__(None)
        self._known = dict(zip(texts, model.vectors(texts), strict=True))

    def vectors(self, texts: Sequence[str]) -> Array:
        """Return the vectors of known sentences."""
        return np.array([self._known[text] for text in texts])


class Sentences:
    """The labelled sentences with their cues, in the order of the texts."""

    def __init__(self) -> None:
        rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
        self.texts = [r["sentence"] for r in rows]
        self.claim = np.array([r["first"] & r["second"] for r in rows])
        self.message = np.unique([r["document"] for r in rows], return_inverse=True)[1]
        self.known = gazetteer()
        self.candidates = []
        for k, text in enumerate(self.texts):
            actors = self.known.actors(text)
            self.candidates.append(
                Candidate(0, k, None, 0, len(text), cues_of(text, actors), actors, ()))

    def orders(self, decided: Ints, model: Embeddings) -> list[Ints]:
        """Return the rest of the sentences in the three orders."""
        rest = np.setdiff1d(np.arange(len(self.texts)), decided)
        labelled = [(self.texts[k], int(self.claim[k])) for k in decided]
        cues = np.array([len(self.candidates[k].cues) for k in rest], dtype=float)
        out = [rest[np.argsort(-cues, kind="stable")]]
        for one in (None, model):
            found = learned([self.candidates[k] for k in rest], [self.texts[k] for k in rest],
                            labelled, self.known, one)
            chance = np.array([c.probability for c in found], dtype=float)
            out.append(rest[np.argsort(-chance, kind="stable")])
        return out


def average_precision(claim: Ints, weights: Floats) -> Floats:
    """Return the average precision of an order for each row of weights of its sentences.

    Examples
    --------
    >>> average_precision(np.array([1, 0, 1]), np.array([[1.0, 1, 1], [1, 0, 2]])).round(3)
    array([0.833, 1.   ])
    """
    hits = weights * claim
    precision: Floats = np.cumsum(hits, axis=1) / np.maximum(np.cumsum(weights, axis=1), 1e-9)
    found: Floats = np.sum(hits * precision, axis=1) / np.maximum(hits.sum(axis=1), 1e-9)
    return found


def main(folder: str) -> None:
    """Print the average precision of the three orders and the gain of embeddings."""
    held = Sentences()
    n = len(held.texts)
    model = Known(read_embeddings(folder), held.texts)
    rng = np.random.default_rng(0)
    every = np.ones((1, n))
    sentences = rng.multinomial(n, np.full(n, 1 / n), REPLICATIONS).astype(float)
    count = held.message.max() + 1
    messages = rng.multinomial(count, np.full(count, 1 / count), REPLICATIONS).astype(float)
    draws = np.vstack([every, sentences, messages[:, held.message]])
    print(f"{n} sentences, {held.claim.sum()} claims; {PARTS} random parts of each size\n")
    print(f"{'decided':>7}  {'cues':>5} {'learnt':>7} {'with embeddings':>16}  "
          f"{'gain':>6}  {'by sentences':>16} {'by messages':>16}  {'better in':>9}  "
          f"claims in the first {FIRST}")
    for size in DECIDED:
        gains: list[Floats] = []
        means: list[list[float]] = []
        found: list[list[int]] = []
        while len(gains) < PARTS:
            decided = rng.choice(n, size, replace=False)
            if min(held.claim[decided].sum(), size - held.claim[decided].sum()) < ENOUGH:
                continue
            orders = held.orders(decided, model)
            scores = [average_precision(held.claim[o], draws[:, o]) for o in orders]
            means.append([s[0] for s in scores])
            found.append([held.claim[o[:FIRST]].sum() for o in orders])
            gains.append(scores[2] - scores[1])
        _print(size, np.array(gains), np.mean(means, axis=0), np.mean(found, axis=0))
    _by_message(held, model)


def _print(size: int, gains: Floats, means: Floats, found: Floats) -> None:
    mean = gains.mean(axis=0)
    bounds = [np.percentile(mean[a:b], [2.5, 97.5]) for a, b in (
        (1, 1 + REPLICATIONS), (1 + REPLICATIONS, len(mean)))]
    said = [f"[{low:+.3f}, {high:+.3f}]" for low, high in bounds]
    print(f"{size:>7}  {means[0]:5.3f} {means[1]:7.3f} {means[2]:16.3f}  {mean[0]:+6.3f}  "
          f"{said[0]:>16} {said[1]:>16}  {(gains[:, 0] > 0).mean():9.0%}  "
          + " / ".join(f"{x:.1f}" for x in found))


def _by_message(held: Sentences, model: Embeddings) -> None:
    """Print the average precision in each message after all others were decided."""
    print("\naverage precision in one message after the five others were decided")
    gains = []
    for one in range(held.message.max() + 1):
        orders = held.orders(np.flatnonzero(held.message != one), model)
        cues, plain, near = (
            float(average_precision(held.claim[o], np.ones((1, len(o))))[0]) for o in orders)
        gains.append(near - plain)
        print(f"  message {one + 1}: cues {cues:.3f}, learnt {plain:.3f}, with embeddings "
              f"{near:.3f}")
    print(f"  mean gain {np.mean(gains):+.3f}, better in {sum(g > 0 for g in gains)} of "
          f"{len(gains)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m estimates.embeddings FOLDER")
    try:
        main(sys.argv[1])
    except InputError as wrong:
        raise SystemExit(str(wrong)) from None
