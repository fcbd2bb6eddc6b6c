"""The ladder of escalation, with the probability of reaching each rung."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, WIDE, Records, records, wrap
from detente.render.charts._svg import LETTER, drawing, label, line, rect
from detente.render.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["ladder"]

ACTORS = (BLUE, ORANGE, GREEN, PURPLE, SKY)


def ladder(rows: Records, *, title: str = "Probability of reaching each rung") -> Chart:
    """Draw the rungs, the lowest at the bottom, each with the probability of reaching it.

    Parameters
    ----------
    rows
        One per rung from the lowest up: ``name``; ``reach`` (the probability that any actor reaches
        it); ``by`` (the probability that each actor does, by name; if it is missing, as for an
        outcome, ``reach`` is drawn); ``notes`` (the costs of the rung, text or a list of texts; may
        be missing); ``start`` (true for the rung on which the crisis begins).

    Examples
    --------
    >>> ladder([{"name": "talks", "reach": 1.0, "start": True},
    ...         {"name": "ultimatum", "reach": 0.4}]).alt
    'From the lowest rung: talks 100 % (the crisis begins here), ultimatum 40 %.'
    """
    given = records(rows)
    words = "From the lowest rung: " + ", ".join(
        f"{row['name']} {cell(row['reach'], 'percent')}"
        + (" (the crisis begins here)" if row.get("start") else "")
        for row in given
    ) + "."
    return Chart(
        title, None, words, svg=_draw(given, WIDE, words), narrow=_draw(given, NARROW, words)
    )


def _draw(given: list[dict[str, Any]], width: int, alt: str) -> str:
    actors = list(dict.fromkeys(name for row in given for name in row.get("by") or {}))
    hue = {name: ACTORS[k % len(ACTORS)] for k, name in enumerate(actors)}
    share = 0.56 if width > NARROW else 0.6
    left, number_room = width * share, 46
    bar_x = left + 12
    full = width - bar_x - number_room
    indent = min(22.0, (left - 24 * LETTER) / max(len(given) - 1, 1))
    indent = max(indent, 5.0)
    parts: list[str] = []
    y = 8.0
    heading = "reached with probability" if width > NARROW else "reached"
    parts.append(label(bar_x, y + 9, heading + (" by" if actors else ""), faint=True))
    y += 18
    for name in actors:
        parts += [rect(bar_x, y, 10, 10, hue[name]), label(bar_x + 15, y + 9, name)]
        y += 16
    if actors and any(not row.get("by") for row in given):
        parts += [rect(bar_x, y, 10, 10, GREY), label(bar_x + 15, y + 9, "anyone")]
        y += 16
    y += 6
    for k in range(len(given) - 1, -1, -1):
        row, x = given[k], k * indent
        letters = max(int((left - x - 8) / LETTER), 8)
        name = wrap(str(row["name"]) + (" (start)" if row.get("start") else ""), letters)
        notes = row.get("notes") or ""
        notes = notes if isinstance(notes, str) else "; ".join(notes)
        notes = wrap(notes, int(letters * 1.1)) if notes else ""
        by = row.get("by") or {}
        bars = [(by.get(actor), hue[actor]) for actor in actors if by]
        bars = bars or [(row["reach"], GREY if actors else BLUE)]
        lines = name.count("\n") + 1 + (notes.count("\n") + 1 if notes else 0)
        height = max(15.0 * lines + 9, 16.0 * len(bars) + 9)
        parts.append(label(x + 6, y + 14, name, weight="bold" if row.get("start") else "normal"))
        if notes:
            parts.append(label(x + 6, y + 14 + 15 * (name.count("\n") + 1), notes, size=11,
                               faint=True))
        for j, (p, colour) in enumerate(bars):
            if p is None:
                continue
            parts.append(rect(bar_x, y + 5 + 16 * j, full * p, 11, colour))
            parts.append(label(bar_x + full * p + 5, y + 15 + 16 * j, cell(p, "percent")))
        y += height
        parts.append(line(x, y, left, y, 2))  # the tread
        if k:
            parts.append(line(x, y, x, y + 6, 2))
        parts.append(line(left, y, width, y, 1, 0.25))
        y += 6
    return drawing(width, y + 8, parts, alt)
