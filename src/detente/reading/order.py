"""The reading order: cues with their reasons, then what this analyst confirmed so far.

No method here finds claims. On the texts that the cues were written after, about half of the
sentences with a cue were claims, and about 30 % of the claims had no cue. So the order ends with
the sentences without a cue, and nothing is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from detente.reading.actors import Gazetteer, gazetteer
from detente.reading.marks import ACTOR, CUES, cues_of, marks
from detente.reading.patterns import table
from detente.reading.store import Session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detente.reading.embeddings import Embeddings

__all__ = ["ENOUGH", "ENOUGH_NEAR", "KINDS", "Candidate", "cues_of", "learned", "reading_order",
           "reason"]

KINDS = ("demand", "threat", "prediction", "comparison", "cause", "bargain", ACTOR)
ENOUGH = 5
"""Confirmed and refused passages from which the analyst's choices are used (each)."""
ENOUGH_NEAR = 15
"""The same for embeddings. With fewer the nearness says too little, and the order gets no better
(``python -m estimates.embeddings``)."""
PRIOR = 0.5
"""Mean of the prior of each cue's weight: one more cue multiplies the odds by about 1.6."""
MOST_WORDS = 300
"""Most words that are features, the most frequent among the labelled sentences."""
WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Candidate:
    """A sentence in the reading order; it carries offsets and no words.

    Attributes
    ----------
    document, sentence : int
        Ids.
    turn : int or None
        The id of its turn.
    start, end : int
        Its span.
    cues : tuple of str
        The names of its cues; see `KINDS`.
    actors : tuple of str
        The ids of the actors that it refers to.
    flags : tuple of str
        The names of the flags around it; if there is one, the sentence is folded away.
    probability : float or None
        The probability that this analyst confirms it; None before enough passages were decided.
    similarity : float or None
        The factor of the odds by similarity to the decided passages; None without embeddings.
    """

    document: int
    sentence: int
    turn: int | None
    start: int
    end: int
    cues: tuple[str, ...]
    actors: tuple[str, ...]
    flags: tuple[str, ...]
    probability: float | None = None
    similarity: float | None = None


def reason(cues: Sequence[str]) -> str:
    """Return the sentences that say why a sentence stands where it does.

    Examples
    --------
    >>> reason(["demand", "actor"])
    'States a demand, a condition or a limit. Refers to an actor.'
    """
    said = [table(CUES)[c].says if c != ACTOR else "Refers to an actor." for c in cues]
    return " ".join(said) or "No cue."


def reading_order(
    session: Session, known: Gazetteer | None = None, *, decided: bool = False,
    embeddings: Embeddings | None = None,
) -> list[Candidate]:
    """Return the sentences that are not decided yet, the most promising first.

    Sentences that raise a flag come after all others. Within these two parts, the order is the
    probability that the analyst confirms the sentence, or before enough passages were decided the
    number of cues. Equal ones keep the order of the text.

    Parameters
    ----------
    session
        The session.
    known
        The gazetteer; None takes the shipped one.
    decided
        Whether decided sentences are returned too, and all in the order of the cues alone.
    embeddings
        A model whose similarities join the analyst's choices, from `ENOUGH_NEAR` confirmed and
        as many refused passages on.

    Raises
    ------
    InputError
        The search of a long document needs more time or memory than the limits.
    """
    known = known or gazetteer()
    out: list[Candidate] = []
    texts: list[str] = []
    labelled: list[tuple[str, int]] = []
    for document in session.documents():
        spans = []
        for p in session.passages(document=document.id):
            if p.status != "lost":
                spans.append((p.start, p.end))
            if p.status in ("confirmed", "refused"):
                labelled.append((p.exact, int(p.status == "confirmed")))
        spans.sort()
        starts = [a for a, _ in spans]
        ends = list(accumulate((b for _, b in spans), max))
        left = []
        for s in session.sentences(document.id):
            before = bisect_left(starts, s.end)
            if decided or not before or ends[before - 1] <= s.start:  # no passage overlaps it
                left.append(s)
        found = marks(document, [(s.start, s.end) for s in left],
                      [(t.start, t.end) for t in session.turns(document.id)], known)
        for s, mark in zip(left, found, strict=True):
            out.append(Candidate(document.id, s.id, s.turn, s.start, s.end, mark.cues,
                                 mark.actors, mark.flags))
            texts.append(document.text[s.start:s.end])
    labels = Counter(label for _, label in labelled)
    fewest = min(labels[0], labels[1])
    if not decided and fewest >= ENOUGH:
        out = learned(out, texts, labelled, known, embeddings if fewest >= ENOUGH_NEAR else None)
    return sorted(out, key=lambda c: (bool(c.flags), -(
        c.probability if c.probability is not None else len(c.cues))))


def learned(
    out: list[Candidate], texts: list[str], labelled: list[tuple[str, int]], known: Gazetteer,
    embeddings: Embeddings | None,
) -> list[Candidate]:
    """Return the candidates with the probability by the analyst's choices."""
    import numpy as np

    from detente.reading.logistic import fit, probability

    count = Counter(w for text, _ in labelled for w in set(WORD.findall(text.lower())))
    words = [w for w, n in sorted(count.items(), key=lambda x: (-x[1], x[0])) if n > 1][:MOST_WORDS]
    seen = [t for t, _ in labelled]
    y = np.array([y for _, y in labelled], dtype=float)
    X = _features(seen, words, [cues_of(t, known.actors(t)) for t in seen])
    new = _features(texts, words, [c.cues for c in out])
    if embeddings:
        from detente.reading.embeddings import nearness

        old, near = nearness(embeddings.vectors(seen), y, embeddings.vectors(texts))
        X, new = np.column_stack([X, old]), np.column_stack([new, near])
    prior = np.zeros(X.shape[1])
    prior[:len(KINDS)] = PRIOR
    weights = fit(X, y, prior=prior)
    chance = probability(new, weights)
    out = [replace(c, probability=float(p)) for c, p in zip(out, chance, strict=True)]
    if embeddings:
        factors = np.exp(weights[-1] * near)
        out = [replace(c, similarity=float(f)) for c, f in zip(out, factors, strict=True)]
    return out


def _features(
    texts: Sequence[str], words: Sequence[str], cues: Sequence[Sequence[str]]
) -> NDArray[np.float64]:
    """Return the features: cues, length, question, number, and words that were seen twice."""
    import numpy as np

    place = {w: k for k, w in enumerate(words)}
    base = len(KINDS) + 3
    X = np.zeros((len(texts), base + len(words)))
    for row, text, held in zip(X, texts, cues, strict=True):
        row[:len(KINDS)] = [k in held for k in KINDS]
        row[len(KINDS):base] = (np.log1p(len(text)) - 4.5, "?" in text,
                                any(c.isdigit() for c in text))
        for w in set(WORD.findall(text.lower())):
            if w in place:
                row[base + place[w]] = 1.0
    return X
