"""Base rates: how often an event followed a condition, with an interval and a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest
from detente.history.base_rates import BaseRate, base_rates
from detente.history.clustered import effective
from detente.history.conditions import evaluate, truth
from detente.history.joined import Joined, joined, record
from detente.history.panel import Panel
from detente.history.question import Question
from detente.history.read import load
from detente.history.recorded import Part, RecordRate
from detente.history.store import held
from detente.intervals import wilson

__all__ = ["Question", "Rate", "answer", "answers", "ask", "three", "wilson"]


@dataclass(frozen=True)
class Rate:
    """The answer to a question.

    Attributes
    ----------
    hits, n
        Number of rows with the event, and number of rows that meet the condition. ``hits`` is None
        if the rate is not a share.
    low, high
        95 % Wilson interval if rows are independent; nan if the rate is not a share.
    clustered
        Interval that allows for dependence within clusters: Wilson's with the effective number of
        observations, or the jackknife's if the rate is not a share. None if no clusters are known.
    clusters
        Number of clusters.
    missing
        Number of rows left out because a value is missing: the sum of ``left_out``.
    left_out
        Number of rows left out, by reason. A condition on a missing value is unknown, as in SQL.
        If the question has clusters, a row without a cluster is left out.
    joined
        Joins that the question needed.
    measured
        The value, if the rate is not a share; its unit is the question's.
    rival
        The base rate beside a rate of the record: the event without the condition.
    by_year
        Observations by year, for a rate of the record.
    parts
        Further numbers of a rate of the record by name.
    """

    question: BaseRate
    hits: int | None
    n: int
    low: float
    high: float
    clustered: tuple[float, float] | None
    clusters: int | None
    missing: int
    citation: tuple[str, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    joined: tuple[Joined, ...] = ()
    measured: float | None = None
    rival: Part | None = None
    by_year: dict[int, int] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The base rate as a share; nan if no row meets the condition, or it is not a share."""
        return self.hits / self.n if self.n and self.hits is not None else float("nan")

    @property
    def value(self) -> float:
        """The share, or the number in another unit; nan if nothing was counted."""
        return self.share if self.measured is None else self.measured

    def as_dict(self) -> dict[str, Any]:
        """Return the rate, its definition, warning and citation, ready for JSON."""
        q = self.question
        return {
            "name": q.name, "question": q.title, "data": q.data, "hits": self.hits, "n": self.n,
            "unit": q.unit, "value": _plain(self.value), "share": _plain(self.share),
            "low": _plain(self.low), "high": _plain(self.high),
            "clustered_low": self.clustered[0] if self.clustered else None,
            "clustered_high": self.clustered[1] if self.clustered else None,
            "clusters": self.clusters, "missing": self.missing, "left_out": dict(self.left_out),
            "joined": [j.as_dict() for j in self.joined], "definition": q.definition,
            "warning": q.warning, "citation": list(self.citation),
            "sentence": q.sentence if isinstance(q, RecordRate) else None,
            "rival": self.rival.as_dict() if self.rival else None,
            "by_year": {str(year): n for year, n in sorted(self.by_year.items())},
            "parts": {name: _plain(x) for name, x in self.parts.items()},
        }

    def __str__(self) -> str:
        if not self.n:
            return f"{self.question.title} nothing to count"
        if self.measured is not None:
            text = f"{self.question.title} {self.question.unit} {three(self.measured)}"
            if self.clustered:
                text += f" [{three(self.clustered[0])}, {three(self.clustered[1])}], n = {self.n:,}"
        else:
            text = (f"{self.question.title} {self.hits} of {self.n}, {100 * self.share:.1f} % "
                    f"[{100 * self.low:.1f}, {100 * self.high:.1f}]")
            if self.clustered:
                low, high = self.clustered
                text += f"; clustered [{100 * low:.1f}, {100 * high:.1f}]"
        if not self.clustered and self.clusters == 1:
            text += "; all rows are in one cluster, so there is no clustered interval"
        return text

    @property
    def beside(self) -> str:
        """The base rate of a rate of the record in one line; empty if there is none."""
        r = self.rival
        if r is None or not r.n:
            return ""
        if r.hits is None:
            return f"beside it: {r.words}: {three(r.value)} [{three(r.low)}, {three(r.high)}]"
        return (f"beside it: {r.words}: {r.hits} of {r.n}, {100 * r.value:.1f} % clustered "
                f"[{100 * r.low:.1f}, {100 * r.high:.1f}]")

    @property
    def omissions(self) -> str:
        """Rows left out and joins, in one sentence each; empty if there are none."""
        parts = [f"{n:,} rows left out: {why}" for why, n in self.left_out.items()]
        return ". ".join([*parts, *map(str, self.joined)])


def _plain(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


def three(x: float) -> str:
    """Return a number that is not a share with three significant digits at least.

    Examples
    --------
    >>> three(0.56528), three(0.0303), three(-0.1)
    ('0.565', '0.0303', '-0.100')
    """
    return f"{x:.4f}" if abs(x) < 0.1 else f"{x:.3f}"


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
        size, clusters = effective(hits, n, pd.factorize(found.cluster.to_numpy()[keep])[0])
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
    """Answer one of the registered base rates over the downloaded data.

    Raises
    ------
    InputError
        No base rate has this name, or a data set has not been downloaded.
    """
    return answers([name], folder)[0]


def answers(names: Iterable[str], folder: Path | None = None) -> list[Rate]:
    """Answer several registered base rates. Rates of the record share the arrays of the data.

    Raises
    ------
    InputError
        No base rate has one of these names, or a data set has not been downloaded.
    """
    known, tables = base_rates(), _Tables(folder)
    panel, found = Panel(tables.__getitem__), []
    for name in names:
        if name not in known:
            raise InputError(f"no base rate is called {name!r}", nearest=nearest(name, known),
                             expected="a name that `detente data rates --list` prints")
        one = known[name]
        found.append(_recorded(one, panel, tables) if isinstance(one, RecordRate)
                     else _asked(one, folder))
    return found


class _Tables(dict[str, pd.DataFrame]):
    """The data sets by name, each read once."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self.folder = folder

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = load(name, self.folder)
        return self[name]


def _asked(question: Question, folder: Path | None) -> Rate:
    table = load(question.data, folder)
    if not question.parties:
        return ask(question, table)
    if held(question.parties, folder):
        return ask(question, _with_pairs(table, load(question.parties, folder)))
    narrow = (f"The interval is too narrow because disputes of the same two states depend on one "
              f"another. Clusters need more data: detente data fetch {question.parties}.")
    return ask(replace(question, cluster="", warning=f"{question.warning} {narrow}"), table)


def _recorded(rate: RecordRate, panel: Panel, tables: _Tables) -> Rate:
    needed = [tables[name] for name in rate.needs]
    found = rate.count(panel)
    citation = dict.fromkeys(c for t in needed for c in t.attrs.get("citation", ()))
    part, share = found.part, found.part.hits is not None
    low, high = wilson(part.hits, part.n) if part.hits is not None else (float("nan"),) * 2
    return Rate(
        rate, part.hits, part.n, low, high,
        (part.low, part.high) if part.clusters > 1 else None, part.clusters,
        sum(found.left_out.values()), tuple(citation), found.left_out,
        measured=None if share else part.value, rival=found.rival, by_year=found.by_year,
        parts=found.parts,
    )


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
