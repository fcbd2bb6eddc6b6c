"""Two directives of these pages: a model's chart, and the tree of a small game, drawn at build.

``model-chart`` takes a model's name and ``:set: h=0.4 c_A=0.1``. ``game-tree`` holds a few lines of
Python that define ``game``; it is solved at ``:lambda:`` unless they define ``play``, an
equilibrium of their own, and is drawn without probabilities under ``:unsolved:``.
"""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives

LAMBDA = 1000.0


def played(text: str, lam: float | None = LAMBDA) -> tuple[Any, Any]:
    """Return the game that the lines define and its equilibrium (None where ``lam`` is None)."""
    from detente.equilibrium import solve

    names: dict[str, Any] = {}
    exec(text, names)  # the pages' own lines
    game = names["game"]
    if "play" in names:
        return game, names["play"]
    return game, None if lam is None else solve(game, lam)


def figure(chart: Any, caption: str) -> list[nodes.Node]:
    """Return a chart as it stands on a page: it shrinks somewhat, then its column scrolls."""
    svg = chart.to_svg()
    least = 0.75 * float(svg.partition('width="')[2].partition('"')[0])
    style = f"max-width:100%;min-width:{least:.0f}px;height:auto"
    svg = svg.replace("<svg ", f'<svg style="{style}" ', 1)
    words = escape(caption)
    return [nodes.raw(
        "", f'<figure style="margin:1em 0;overflow-x:auto">{svg}'
        f"<figcaption><small>{words}</small></figcaption></figure>", format="html")]


class GameTree(Directive):
    """Draw the game that the content defines."""

    has_content = True
    option_spec: ClassVar = {"lambda": float, "unsolved": directives.flag, "caption": str}

    def run(self) -> list[nodes.Node]:
        """Solve and draw."""
        from detente.game.drawing import draw

        lam = None if "unsolved" in self.options else self.options.get("lambda", LAMBDA)
        game, play = played("\n".join(self.content), lam)
        if play is not None and not play.certificate.certified:
            raise self.error(f"not certified: {play.certificate.note}")
        return figure(draw(game, play), self.options.get("caption", "The game."))


class ModelChart(Directive):
    """Draw a model's main comparative static."""

    required_arguments = 1
    option_spec: ClassVar = {"set": str}

    def run(self) -> list[nodes.Node]:
        """Load and draw."""
        from detente.theory import load

        pairs = (pair.split("=") for pair in self.options.get("set", "").split())
        chart = load(self.arguments[0]).chart(**{k: float(v) for k, v in pairs})
        stop = "" if chart.title.endswith(("?", ".", "!")) else "."
        return figure(chart, f"{chart.title}{stop} {chart.alt}")


def setup(app: Any) -> dict[str, bool]:
    """Make the directives known."""
    app.add_directive("game-tree", GameTree)
    app.add_directive("model-chart", ModelChart)
    return {"parallel_read_safe": True}
