"""Beliefs of each side about the other along a path."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import (
    NARROW,
    Records,
    both,
    data,
    label_axis,
    percent_axis,
    records,
    wrap,
)
from detente.render.section import Chart

__all__ = ["beliefs"]


def beliefs(
    rows: Records,
    *,
    types: list[str] | None = None,
    quantity: str = "type",
    title: str = "Beliefs along the path",
) -> Chart:
    """Draw the belief about each of an actor's types after every move.

    Parameters
    ----------
    rows
        One per move and type: ``step`` (0 before the first move), ``move`` (its label; for step 0
        such as "at the start"), ``about`` (whose type), ``type`` (its name), ``probability``.
    types
        The types from first to last, if their order in ``rows`` is not the order of the quantity.
        Shades follow this order.
    quantity
        The quantity in which the types differ, with its unit, such as ``"war cost (share of the
        stake)"``.

    Examples
    --------
    >>> rows = [{"step": k, "move": move, "about": "aland", "type": kind, "probability": p}
    ...         for k, move, high in [(0, "at the start", 0.5), (1, "aland: escalate", 0.8)]
    ...         for kind, p in [("resolute", high), ("irresolute", 1 - high)]]
    >>> beliefs(rows, quantity="resolve").alt
    'aland: resolute 50 % at the start, 80 % after 1 move; irresolute 50 % at the start, ...'
    """
    given = records(rows)
    order = types or list(dict.fromkeys(str(row["type"]) for row in given))
    return both(title, _words(given), lambda width: _draw(given, order, quantity, width))


def _draw(given: list[dict[str, Any]], order: list[str], quantity: str, width: int) -> Any:
    import altair as alt

    letters = 18 if width <= NARROW else 56
    place = {name: k for k, name in enumerate(order)}
    labels = {
        row["step"]: wrap(f"{row['step']}. {row['move']}" if row["step"] else row["move"], letters)
        for row in given
    }
    rows = [
        {
            "at": labels[row["step"]], "about": row["about"], "type": str(row["type"]),
            "p": row["probability"], "place": place[str(row["type"])],
        }
        for row in given
    ]
    steps = [labels[k] for k in sorted(labels)]
    deepest = max((label.count("\n") for label in steps), default=0)
    step = max(22, 14 * (deepest + 1) + 8)
    longest = max((len(line) for label in steps for line in label.split("\n")), default=0)
    whom = list(dict.fromkeys(row["about"] for row in rows))
    # The width of a chart alone contains its labels; that of one of several does not.
    room = 6.4 * longest + 26 if len(whom) > 1 else 0
    beside = int((width - room) / (6.4 * max(map(len, order), default=0) + 34))

    def panel(about: str) -> Any:
        mine = [row for row in rows if row["about"] == about]
        return (
            alt.Chart(data(mine), title=alt.TitleParams(
                f"belief about {about}", anchor="start", fontSize=12,
                fontWeight="normal", color="currentColor",
            ))
            .mark_bar(stroke="white", strokeWidth=0.5)
            .encode(
                y=alt.Y("at:N", title=None, sort=steps, axis=label_axis()),
                x=alt.X("p:Q", title="probability", scale=alt.Scale(domain=[0, 1]),
                        axis=percent_axis(width), stack="zero"),
                color=alt.Color(
                    "type:N", sort=order, title=quantity,
                    scale=alt.Scale(domain=order, scheme="viridis"),
                    legend=alt.Legend(columns=min(max(beside, 1), 5), symbolType="square"),
                ),
                order=alt.Order("place:Q"),
            )
            .properties(width=width - room, height=step * len(steps))
        )

    panels = [panel(about) for about in whom]
    return alt.vconcat(*panels, spacing=18) if len(panels) > 1 else panels[0]


def _words(given: list[dict[str, Any]]) -> str:
    said: dict[str, list[str]] = {}
    for about, kind in dict.fromkeys((row["about"], row["type"]) for row in given):
        mine = sorted(
            (row for row in given if (row["about"], row["type"]) == (about, kind)),
            key=lambda row: row["step"],
        )
        first, last = mine[0], mine[-1]
        moves = f"{last['step']} move" + ("s" if last["step"] != 1 else "")
        said.setdefault(str(about), []).append(
            f"{kind} {_per_cent(first)} at the start, {_per_cent(last)} after {moves}"
        )
    return " ".join(f"{about}: {'; '.join(parts)}." for about, parts in said.items())


def _per_cent(row: dict[str, Any]) -> str:
    from detente.render.plain import cell

    return cell(row["probability"], "percent")
