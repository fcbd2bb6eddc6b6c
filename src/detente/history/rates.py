"""Base rates: how often an event followed a condition, with an interval and a warning."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest
from detente.history.conditions import evaluate, truth
from detente.history.joined import Joined, joined, record
from detente.history.question import Question
from detente.history.read import load
from detente.history.store import held
from detente.intervals import wilson

__all__ = ["Question", "Rate", "answer", "ask", "wilson"]


@dataclass(frozen=True)
class Rate:
    """The answer to a question.

    Attributes
    ----------
    hits, n
        Number of rows with the event, and number of rows that meet the condition.
    low, high
        95 % Wilson interval if rows are independent.
    clustered
        Wilson interval with the effective number of observations under clustering; None if no
        clusters are known.
    clusters
        Number of clusters.
    missing
        Number of rows left out because a value is missing: the sum of ``left_out``.
    left_out
        Number of rows left out, by reason. A condition on a missing value is unknown, as in SQL.
        If the question has clusters, a row without a cluster is left out.
    joined
        Joins that the question needed.
    """

    question: Question
    hits: int
    n: int
    low: float
    high: float
    clustered: tuple[float, float] | None
    clusters: int | None
    missing: int
    citation: tuple[str, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    joined: tuple[Joined, ...] = ()

    @property
    def share(self) -> float:
        """The base rate; nan if no row meets the condition."""
        return self.hits / self.n if self.n else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Return the rate, its definition, warning and citation, ready for JSON."""
        q = self.question
        return {
            "name": q.name, "question": q.title, "data": q.data, "hits": self.hits, "n": self.n,
            "share": self.share if self.n else None, "low": self.low, "high": self.high,
            "clustered_low": self.clustered[0] if self.clustered else None,
            "clustered_high": self.clustered[1] if self.clustered else None,
            "clusters": self.clusters, "missing": self.missing, "left_out": dict(self.left_out),
            "joined": [j.as_dict() for j in self.joined], "definition": q.definition,
            "warning": q.warning, "citation": list(self.citation),
        }

    def __str__(self) -> str:
        if not self.n:
            return f"{self.question.title} nothing to count"
        text = (f"{self.question.title} {self.hits} of {self.n}, {100 * self.share:.1f} % "
                f"[{100 * self.low:.1f}, {100 * self.high:.1f}]")
        if self.clustered:
            low, high = self.clustered
            text += f"; clustered [{100 * low:.1f}, {100 * high:.1f}]"
        elif self.clusters == 1:
            text += "; all rows are in one cluster, so there is no clustered interval"
        return text

    @property
    def omissions(self) -> str:
        """Rows left out and joins, in one sentence each; empty if there are none."""
        parts = [f"{n:,} rows left out: {why}" for why, n in self.left_out.items()]
        return ". ".join([*parts, *map(str, self.joined)])


def _effective(hits: np.ndarray, n: np.ndarray, labels: np.ndarray) -> tuple[float, int]:
    """Return the effective number of observations under clustering, and the clusters.

    The variance is the linearised variance of a ratio over g clusters, times g/(g-1). The result
    is at most the number of observations. No label is missing.
    """
    codes = pd.factorize(labels)[0]
    g = int(codes.max()) + 1
    total, p = float(n.sum()), float(hits.sum() / n.sum())
    residual = np.zeros(g)
    np.add.at(residual, codes, hits - p * n)
    variance = float((residual**2).sum()) * g / max(g - 1, 1) / total**2
    simple = p * (1 - p)
    return (min(total, simple / variance) if variance > 0 and simple > 0 else total), g


def ask(question: Question, table: pd.DataFrame) -> Rate:
    """Answer a question over a table.

    Raises
    ------
    InputError
        A condition cannot be read, is not true or false in each row, or names a column that the
        table does not have.

    Examples
    --------
    >>> table = pd.DataFrame({"threat": [1, 1, 1, 0], "war": [1, 0, 0, 1]})
    >>> rate = ask(Question("", "War after a threat:", "own", "threat = 1", "war = 1", "", ""),
    ...            table)
    >>> rate.hits, rate.n
    (1, 3)
    """
    texts = {"given": question.weight or question.given or "true", "event": question.event}
    if question.cluster:
        texts["cluster"] = question.cluster
    found, kinds = evaluate(table, texts, question.data)
    if question.weight:
        given, event = (_counts(found[c], c, texts[c], question.data) for c in ("given", "event"))
        if bool((event > given).any()):
            raise InputError(f"event {question.event!r} over {question.data} is more than "
                             f"{question.weight!r}", expected="a part of that number")
    else:
        given, event = (
            truth(found[c], kinds[c], c, texts[c], question.data) for c in ("given", "event"))
    unclear = np.isnan(given)
    open_ = (given > 0) & np.isnan(event)
    keep = (given > 0) & ~open_
    reasons = {"the condition is unknown": unclear, "the event is unknown": open_}
    if question.cluster:
        nowhere = keep & found.cluster.isna().to_numpy()
        keep &= ~nowhere
        reasons["the cluster is missing"] = nowhere
    left_out = {why: int(rows.sum()) for why, rows in reasons.items() if rows.any()}
    hits = event[keep]
    n = given[keep] if question.weight else np.ones(len(hits))
    low, high = wilson(hits.sum(), n.sum())
    clustered, clusters = None, None
    if question.cluster and n.sum():
        size, clusters = _effective(hits, n, found.cluster.to_numpy()[keep])
        if clusters > 1:
            clustered = wilson(hits.sum() / n.sum() * size, size)
    return Rate(
        question, int(hits.sum()), int(n.sum()), low, high, clustered, clusters,
        sum(left_out.values()), tuple(table.attrs.get("citation", ())), left_out,
        tuple(joined(table)),
    )


def _counts(values: pd.Series[Any], name: str, text: str, data: str) -> np.ndarray:
    """Return numbers of observations as floats, nan if missing."""
    try:
        numbers: np.ndarray = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        numbers = np.array([-1.0])
    if bool((numbers < 0).any()):
        raise InputError(f"{name} {text!r} over {data} is not a number of observations",
                         expected="numbers that are 0 or more")
    return numbers


def answer(name: str, folder: Path | None = None) -> Rate:
    """Answer one of the registered questions over the downloaded data.

    Raises
    ------
    InputError
        No question has this name, or its data set has not been downloaded.
    """
    from detente.history.questions import QUESTIONS

    if name not in QUESTIONS:
        raise InputError(f"no base rate is called {name!r}", nearest=nearest(name, QUESTIONS),
                         expected="a name that `detente data rates --list` prints")
    question = QUESTIONS[name]
    table = load(question.data, folder)
    if not question.parties:
        return ask(question, table)
    if held(question.parties, folder):
        return ask(question, _with_pairs(table, load(question.parties, folder)))
    narrow = (f"The interval is too narrow because disputes of the same two states depend on one "
              f"another. Clusters need more data: detente data fetch {question.parties}.")
    return ask(replace(question, cluster="", warning=f"{question.warning} {narrow}"), table)


def _with_pairs(disputes: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """Return disputes with a column ``pair``: the two states that opposed each other first.

    If a side has several first-day states, the state with the lowest number represents it.

    Examples
    --------
    >>> states = pd.DataFrame({"dispnum": [7, 7, 7], "ccode": [200, 2, 3], "sidea": [1, 0, 0],
    ...                        "orig": [1, 1, 0]})
    >>> _with_pairs(pd.DataFrame({"dispnum": [7]}), states).pair.tolist()
    ['2-200']
    """
    first = states[states.orig == 1]
    sides = first.groupby(["dispnum", "sidea"]).ccode.min().unstack().dropna().astype(int)
    pair = sides.apply(lambda s: f"{s.min()}-{s.max()}", axis=1)
    paired = disputes.assign(pair=disputes.dispnum.map(pair))
    alone = paired.pair.isna()
    # a dispute without known states is its own cluster
    paired["pair"] = paired.pair.fillna("dispute " + paired.dispnum.astype("string"))
    paired.attrs = {**disputes.attrs, "citation": list(dict.fromkeys(
        [*disputes.attrs.get("citation", ()), *states.attrs.get("citation", ())]))}
    lost = {"a side without a first-day state: the dispute is its own cluster": int(alone.sum())}
    record(paired, [Joined("opponents of disputes", int((~alone).sum()),
                           {why: n for why, n in lost.items() if n})])
    return paired
