"""Drivers: exact derivatives of outcomes by every number of the crisis file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.correlation import correlation_ratio
from detente.analysis.slopes import points_of, slopes
from detente.render.plain import cell
from detente.scenario.labels import labels

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Chart, Section

__all__ = ["rows", "scatters", "section"]

DRAWN = 2
"""Open numbers against which the samples are drawn."""
TELLS = 0.05
"""Of the samples' variance, what a number must explain by itself to be drawn."""
LEAST = 0.01
"""Points by which a tenth of its range must move the answer for a number to be named."""
SHOWN = 5
"""Open numbers, the strongest first, of which it is said whether anybody can know them."""





def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one row a number and outcome: parameter, outcome, derivative, points, range.

    ``points`` are percentage points of the outcome for a tenth of the number's range (of its size
    where it has none). The outcomes are each ending and, first, what the answer is about.
    """
    rules = analysis.compiled.graph.rules
    asked: list[tuple[str, NDArray[np.bool_]]] = [(analysis.question, analysis.mask)]
    for k, name in enumerate(analysis.names):
        if name != analysis.question or analysis.mask.sum() > 1:
            one = np.zeros(len(analysis.names), dtype=bool)
            one[k] = True
            label = f"{name} (alone)" if name == analysis.question else name
            asked.append((label, one))
    found = slopes(analysis.compiled, analysis.fallible, [mask for _, mask in asked])
    if found is None:
        return []
    out = []
    for (name, _), slope in zip(asked, found, strict=True):
        for path, d in zip(analysis.compiled.paths, slope, strict=True):
            q = rules.numbers[path]
            out.append({
                "parameter": path, "outcome": name, "derivative": float(d),
                "points": points_of(d, q), "range": q.is_range,
            })
    return out


def scatters(analysis: Analysis, named: dict[str, str]) -> list[Chart]:
    """Return the samples drawn against the open numbers that explain most of their spread."""
    from detente.render import charts

    band, numbers = analysis.band, analysis.compiled.graph.rules.numbers
    p = band.outcomes[:, analysis.mask].sum(axis=1)
    ok = band.certified
    if ok.sum() < 2:
        return []
    told = [
        (correlation_ratio(band.theta[ok, k], p[ok], band.weight), path, k)
        for k, path in enumerate(analysis.compiled.paths) if numbers[path].is_range
    ]
    told = sorted((x for x in told if x[0] >= TELLS), key=lambda x: -x[0])
    return [
        charts.scatter(
            [{"x": float(x), "p": float(y) if good else None, "certified": bool(good)}
             for x, y, good in zip(band.theta[:, k], p, ok, strict=True)],
            parameter=named[path], outcome=analysis.question,
        )
        for _, path, k in told[:DRAWN]
    ]


def unknowable(paths: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """Return what to say of drivers that no study can settle: secrets, and wars not yet fought.

    Examples
    --------
    >>> unknowable(["war.win_chance", "delay_cost"], {})[0][:50]
    'Nobody can know before it happens: war: win chance'
    """
    named = labels(paths, titles)
    secret = [p for p in paths if p.startswith("actors.") and ".private." in p]
    events = [p for p in paths if p.startswith("war.") or p.endswith(".risk")]
    out = []
    if secret:
        out.append(
            "Nobody outside can know what an actor keeps to itself: "
            + "; ".join(named[p] for p in secret) + ". More study narrows it little, and the actor "
            "has reason to misstate it; look at the whole range.")
    if events:
        out.append(
            "Nobody can know before it happens: " + "; ".join(named[p] for p in events)
            + ". Only events would show it; look at the whole range.")
    return out


def section(analysis: Analysis) -> Section:
    """Return the tornado of the numbers that move the answer most."""
    from detente.render import Column, Section, Table, charts

    found = [r for r in analysis.once(rows) if r["outcome"] == analysis.question]
    if not found:
        return Section(
            "drivers", "What drives it",
            "No derivative is shown: the equilibrium is not certified.",
            certified=False,
        )
    found.sort(key=lambda r: -abs(r["points"]))
    matter = [r for r in found if r["range"] and abs(r["points"]) >= LEAST]
    hidden = unknowable([r["parameter"] for r in matter[:SHOWN]], analysis.titles)
    named = labels(analysis.compiled.paths, analysis.titles)
    top = matter[:3]
    words = "; ".join(f"{named[r['parameter']]} ({cell(r['points'], '+.2g')} points)" for r in top)
    drawn = [{**r, "parameter": named[r["parameter"]]} for r in found]
    asked = [] if analysis.indices is not None or not any(r["range"] for r in found) else [
        "How much of the uncertainty over the whole ranges each number accounts for is worked out "
        "on request: detente drivers, or detente run with --indices 256."
    ]
    return Section(
        "drivers", "What drives it",
        f"Per tenth of its stated range, P({analysis.question}) moves most with: {words}."
        if top else "No range of the file moves it by a hundredth of a point.",
        charts=[charts.tornado(drawn, outcome=analysis.question), *scatters(analysis, named)],
        tables=[Table("", [
            "number", Column("points per tenth of its range", format="+.2g"),
            Column("derivative", format="+.2g"), "open in the file", "its path",
        ], [(named[r["parameter"]], r["points"], r["derivative"],
             "range" if r["range"] else "fixed", r["parameter"]) for r in found[:20]])],
        notes=["Exact derivatives at the centre of the ranges, fallible reading. A number the file "
               "fixes is moved by a tenth of its size. Far from the centre they need not hold: the "
               "histogram above shows what the whole ranges do; a slope of more points than there "
               "are says that the centre lies near a turning point.", *hidden, *asked],
        certificate="one adjoint solve at the certified equilibrium", certified=True,
    )
