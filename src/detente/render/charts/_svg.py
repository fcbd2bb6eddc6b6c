"""The few SVG elements of detente's own drawings, with every text escaped."""

from __future__ import annotations

from html import escape

from detente.render.charts._base import FONT
from detente.render.palette import INK

__all__ = ["LETTER", "circle", "drawing", "label", "line", "path", "rect"]

LETTER = 6.7
"""Width in pixels of a letter of 12 pixel type."""


def number(value: float) -> str:
    """Write a coordinate briefly.

    Examples
    --------
    >>> number(3.0), number(1 / 3)
    ('3', '0.3')
    """
    return f"{value:.1f}".rstrip("0").rstrip(".")


def drawing(width: float, height: float, parts: list[str], alt: str) -> str:
    """Return an SVG element that shrinks with its column but never grows beyond its own size."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" '
        f'height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}" role="img" '
        f'aria-label="{escape(alt)}" font-family="{FONT}" font-size="12" fill="{INK}">'
        f"{''.join(parts)}</svg>"
    )


def label(
    x: float, y: float, text: str, *, anchor: str = "start", size: float = 12,
    weight: str = "normal", faint: bool = False,
) -> str:
    """Return lines of text, the first with its baseline at ``y``, 15 pixels apart.

    Examples
    --------
    >>> label(0, 10, "<script>")
    '<text x="0" y="10">&lt;script&gt;</text>'
    """
    look = ""
    look += f' text-anchor="{anchor}"' if anchor != "start" else ""
    look += f' font-size="{number(size)}"' if size != 12 else ""
    look += f' font-weight="{weight}"' if weight != "normal" else ""
    look += ' opacity="0.7"' if faint else ""
    return "".join(
        f'<text x="{number(x)}" y="{number(y + 15 * k)}"{look}>{escape(part)}</text>'
        for k, part in enumerate(text.split("\n"))
    )


def rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1) -> str:
    """Return a filled rectangle."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" '
        f'height="{number(height)}" fill="{fill}" opacity="{number(opacity)}"/>'
    )


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """Return a filled circle with a rim, visible on a line."""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" '
        f'stroke="{INK}" stroke-width="1"/>'
    )


def line(x: float, y: float, x2: float, y2: float, width: float, opacity: float = 1) -> str:
    """Return a straight line in the page's ink."""
    return (
        f'<line x1="{number(x)}" y1="{number(y)}" x2="{number(x2)}" y2="{number(y2)}" '
        f'stroke="{INK}" stroke-width="{number(width)}" opacity="{number(opacity)}"/>'
    )


def path(steps: str, width: float, opacity: float = 1) -> str:
    """Return a curve, not filled, in the page's ink."""
    return (
        f'<path d="{steps}" fill="none" stroke="{INK}" stroke-width="{number(width)}" '
        f'opacity="{number(opacity)}"/>'
    )
