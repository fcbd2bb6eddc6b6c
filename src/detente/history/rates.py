"""Base rates: how often an event followed a condition, with an interval and a warning."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest
from detente.history.needs import need
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
        Number of rows omitted because a value is missing.
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
            "clusters": self.clusters, "missing": self.missing, "definition": q.definition,
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
        return text


def _effective(hits: np.ndarray, n: np.ndarray, labels: np.ndarray) -> tuple[float, int]:
    """Return the effective number of observations under clustering, and the clusters.

    The variance is the linearised variance of a ratio over g clusters, times g/(g-1). The result
    is at most the number of observations.
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
        A condition cannot be read, or names a column that the table does not have.

    Examples
    --------
    >>> table = pd.DataFrame({"threat": [1, 1, 1, 0], "war": [1, 0, 0, 1]})
    >>> rate = ask(Question("", "War after a threat:", "own", "threat = 1", "war = 1", "", ""),
    ...            table)
    >>> rate.hits, rate.n
    (1, 3)
    """
    duckdb = need("duckdb")
    given = question.weight or f"CAST(({question.given or 'true'}) AS INTEGER)"
    event = question.event if question.weight else f"CAST(({question.event}) AS INTEGER)"
    cluster = question.cluster or "NULL"
    connection = duckdb.connect()
    plain = table.copy(deep=False)
    for c in plain.columns:
        if isinstance(plain[c].dtype, pd.CategoricalDtype):
            plain[c] = plain[c].astype("string")
    try:
        connection.execute("SET enable_external_access = false")
        connection.register("data", plain)
        found = connection.execute(
            f"SELECT {given} AS given, {event} AS event, ({cluster}) AS grp FROM data"
        ).df()
    except duckdb.Error as error:
        words = str(error).splitlines()[0]
        unknown = re.search(r'column "([^"]+)" not found', words)
        raise InputError(
            f"cannot read the question over {question.data}: {words}",
            expected="conditions on its columns, such as: viol = 4 AND yrtrig >= 1946",
            nearest=nearest(unknown[1], list(plain.columns)) if unknown else None,
        ) from error
    finally:
        connection.close()
    counted = found[(found.given.isna()) | (found.given > 0)]
    complete = counted.dropna(subset=["given", "event"])
    hits = complete.event.to_numpy(dtype=float)
    n = complete.given.to_numpy(dtype=float) if question.weight else np.ones(len(complete))
    low, high = wilson(hits.sum(), n.sum())
    clustered, clusters = None, None
    if question.cluster and n.sum():
        size, clusters = _effective(hits, n, complete.grp.to_numpy())
        clustered = wilson(hits.sum() / n.sum() * size, size)
    return Rate(
        question, int(hits.sum()), int(n.sum()), low, high, clustered, clusters,
        len(counted) - len(complete), tuple(table.attrs.get("citation", ())),
    )


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
    # a dispute without known states is its own cluster
    paired["pair"] = paired.pair.fillna("dispute " + paired.dispnum.astype("string"))
    paired.attrs = {"citation": list(dict.fromkeys(
        [*disputes.attrs.get("citation", ()), *states.attrs.get("citation", ())]))}
    return paired
