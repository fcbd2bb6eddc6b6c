"""Frustration of a signed network: one network beside its null models, and a series of years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, fixed, records, wrap
from detente.render.palette import BLUE, GREEN, GREY, INK, ORANGE
from detente.render.section import Chart

__all__ = ["frustration_series", "null_models"]

NULLS = {"shuffled": "signs shuffled", "rewired": "enmities rewired"}
ACTUAL = "the states"
COLOURS = {ACTUAL: BLUE, NULLS["shuffled"]: ORANGE, NULLS["rewired"]: GREEN}


def null_models(
    index: int, values: Mapping[str, Sequence[float]], *, bound: int | None = None,
    title: str = "Ties that two blocs must break",
) -> Chart:
    """Draw the index of a network as a line, and those of random networks as dots.

    Parameters
    ----------
    index
        The network's own index.
    values
        The indices of the random networks, by the name of the null model in words.
    bound
        Lower bound of the network's own index, if it is not proved.

    Examples
    --------
    >>> null_models(3, {"signs shuffled": [12, 13], "enmities rewired": [3, 2]}).alt
    'The network: 3. signs shuffled: 12 to 13. enmities rewired: 2 to 3.'
    """
    rows = [{"model": wrap(name, 24), "index": v, "draws": n}
            for name, found in values.items() for v, n in sorted(Counter(found).items())]
    own = f"{index}" if bound is None or bound >= index else f"{bound} to {index}, not proved"
    text = f"The network: {own}. " + " ".join(
        f"{name}: {min(v):g} to {max(v):g}." for name, v in values.items())
    return both(title, text, lambda width: _nulls(rows, index, own, width))


def _nulls(rows: list[dict[str, Any]], index: int, said: str, width: int) -> Any:
    import altair as alt

    from detente.render.charts._base import label_axis

    top = max([1, index, *(int(r["index"]) for r in rows)])
    most = max((int(r["draws"]) for r in rows), default=1)
    x = alt.X("index:Q", title="ties broken in two blocs", scale=alt.Scale(domain=[0, top]),
              axis=alt.Axis(values=_whole(top, 10 if width > NARROW else 5), format="d"))
    dots = alt.Chart(data(rows)).mark_circle(color=GREY, opacity=0.9).encode(
        x=x, y=alt.Y("model:N", title=None, sort=None, axis=label_axis()),
        size=alt.Size("draws:Q", title="random networks", scale=alt.Scale(range=[10, 300]),
                      legend=alt.Legend(values=sorted({1, (most + 1) // 2, most}))))
    own = alt.Chart(data([{"index": index, "words": f"the network: {said}"}]))
    rule = own.mark_rule(color=BLUE, strokeWidth=3).encode(x=x)
    label = own.mark_text(align="left", dx=5, dy=-4, baseline="bottom").encode(
        x=x, text=alt.Text("words:N"), y=fixed("Y", 0))
    return alt.layer(rule, dots, label).properties(width=width, height=110)


def _whole(top: int, count: int) -> list[int]:
    """Return at most so many steps from 0: ties are counted, so that no label has a fraction.

    Examples
    --------
    >>> _whole(2, 10), _whole(47, 5)
    ([0, 1, 2], [0, 10, 20, 30, 40])
    """
    step = next(m * 10**k for k in range(9) for m in (1, 2, 5) if top <= count * m * 10**k)
    return list(range(0, top + 1, step))


def frustration_series(
    rows: Records, wars: Sequence[tuple[int, int]], *, highlight: int | None = None,
    title: str = "Frustration by year, with two null models; shaded: wars between major powers",
) -> Chart:
    """Draw the index of every year, the means of both null models, and wars of major powers.

    Parameters
    ----------
    rows
        ``year``, ``two``, and ``shuffled_mean``, ``shuffled_sd``, ``rewired_mean``, ``rewired_sd``.
    wars
        First and last year of each spell of war between major powers.
    highlight
        A year that is marked.

    Examples
    --------
    >>> row = {"year": 1938, "two": 3, "shuffled_mean": 12.7, "shuffled_sd": 1.5,
    ...        "rewired_mean": 2.9, "rewired_sd": 0.9}
    >>> frustration_series([row], [(1939, 1945)]).alt.split(". ")[0]
    'Ties that two blocs must break, 1938 to 1938: greatest 3 in 1938'
    """
    years = records(rows)
    lines = []
    for r in years:
        lines.append({"year": r["year"], "series": ACTUAL, "value": r["two"], "low": None,
                      "high": None})
        for key, name in NULLS.items():
            mean, sd = r[f"{key}_mean"], r[f"{key}_sd"]
            lines.append({"year": r["year"], "series": name, "value": mean,
                          "low": max(0.0, mean - sd), "high": mean + sd})
    top = max(years, key=lambda r: r["two"])
    text = (f"Ties that two blocs must break, {years[0]['year']} to {years[-1]['year']}: greatest "
            f"{top['two']} in {top['year']}. Means of random networks beside it; bands of one "
            "standard deviation. Shaded: wars between major powers, "
            + ", ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in wars) + ".")
    if open_ := sum(not r.get("exact", True) for r in years):
        text += f" The values of {open_} years are not proved and may be too high."
    return both(title, text, lambda width: _series(lines, list(wars), highlight, width))


def _series(
    lines: list[dict[str, Any]], wars: list[tuple[int, int]], highlight: int | None, width: int
) -> Any:
    import altair as alt

    names = list(COLOURS)
    x = alt.X("year:Q", title="year", scale=alt.Scale(zero=False, nice=False),
              axis=alt.Axis(format="d", tickCount=10 if width > NARROW else 4))
    y = alt.Y("value:Q", title="ties broken in two blocs")
    legend = alt.Legend(symbolType="stroke", symbolStrokeWidth=3, symbolSize=400, symbolOpacity=1)
    colour = alt.Color("series:N", title=None, legend=legend, scale=alt.Scale(
        domain=names, range=list(COLOURS.values())))
    dash = alt.StrokeDash("series:N", title=None, legend=legend, scale=alt.Scale(
        domain=names, range=[[1, 0], [6, 3], [2, 2]]))
    layers = [alt.Chart(data([{"year": a - 0.5, "to": b + 0.5} for a, b in wars])).mark_rect(
        color=GREY, opacity=0.25).encode(x=x, x2=alt.X2("to:Q"))] if wars else []
    layers.append(alt.Chart(data([r for r in lines if r["low"] is not None])).mark_area(
        opacity=0.3).encode(x=x, y=alt.Y("low:Q", title="ties broken in two blocs"),
                            y2=alt.Y2("high:Q"), color=colour))
    layers.append(alt.Chart(data(lines)).mark_line(strokeWidth=2).encode(
        x=x, y=y, color=colour, strokeDash=dash))
    if highlight is not None:
        marked = alt.Chart(data([{"year": highlight}]))
        layers.append(marked.mark_rule(color=INK, strokeDash=[3, 3]).encode(x=x))
        text = alt.Text("year:Q", format="d")
        layers.append(marked.mark_text(align="right", baseline="top", dx=-4, dy=4).encode(
            x=x, y=fixed("Y", 0), text=text))
    return alt.layer(*layers).properties(width=width, height=300)
