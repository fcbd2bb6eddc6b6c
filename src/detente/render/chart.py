"""A drawing with an alternative text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from detente.render.draw import draw
from detente.render.plain import plain

__all__ = ["Chart"]


@dataclass(frozen=True, repr=False)
class Chart:
    """A drawing: a Vega-Lite specification, or SVG drawn by detente itself.

    Parameters
    ----------
    title
        Shown above the chart.
    spec
        Vega-Lite JSON, as ``altair.Chart.to_dict`` gives it; None for SVG.
    alt
        The alternative text: what the chart shows, in words.
    svg
        A complete ``<svg>`` element whose text is already escaped; None for Vega-Lite.
    on_paper
        Whether a printed page has the chart; the screen always has it.
    narrow
        The same for a column of some 300 pixels (a telephone): a specification or an SVG element.

    Raises
    ------
    ValueError
        Neither or both of ``spec`` and ``svg`` are given, or ``alt`` is empty.

    Examples
    --------
    >>> Chart("Nothing", None, "An empty drawing.", svg="<svg/>").to_svg()
    '<svg/>'
    """

    title: str
    spec: dict[str, Any] | None
    alt: str
    svg: str | None = None
    narrow: dict[str, Any] | str | None = None
    on_paper: bool = True

    def __repr__(self) -> str:
        return f"<Chart {self.title}: {self.alt[:60]}{'...' if len(self.alt) > 60 else ''}>"

    def __post_init__(self) -> None:
        if (self.spec is None) == (self.svg is None):
            raise ValueError(
                f"chart {self.title!r} has neither or both of spec and svg; give one of them"
            )
        if not self.alt.strip():
            raise ValueError(f"chart {self.title!r} has no alternative text; describe it in alt")

    def to_svg(self, *, narrow: bool = False) -> str:
        """Return the chart as an ``<svg>`` element, for a page or, ``narrow``, for a telephone."""
        drawing = self.narrow if narrow and self.narrow is not None else self.spec or self.svg
        if drawing is None or isinstance(drawing, str):
            return drawing or ""
        return _rendered(json.dumps(plain(drawing), sort_keys=True))

    def to_altair(self) -> Any:
        """Return the Altair chart, for example to change it in a notebook.

        Raises
        ------
        ValueError
            The chart is drawn by detente and has no specification.
        """
        if self.spec is None:
            raise ValueError(f"chart {self.title!r} is SVG and has no specification; use to_svg")
        import altair

        return altair.Chart.from_dict(self.spec)

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        return {"title": self.title, "alt": self.alt, "spec": plain(self.spec), "svg": self.svg}

    def _repr_html_(self) -> str:
        from detente.render.html import chart_html

        return chart_html(self)


@lru_cache(maxsize=256)
def _rendered(spec: str) -> str:
    """Draw a Vega-Lite specification; the result is kept for the next call."""
    return draw("vegalite_to_svg", spec).decode("utf-8")
