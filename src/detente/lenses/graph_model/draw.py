"""The graph of states and moves as an interactive drawing without scripts.

A click on a state shows its moves, its meaning and its stability. A check box hides the moves of a
decision maker. The drawing uses form controls and style rules only, so that it works in a page
without scripts, in a mail reader and on paper.
"""

from __future__ import annotations

from html import escape
from math import ceil, cos, pi, sin
from typing import NamedTuple

from detente.lenses.graph_model.study import Study
from detente.render.palette import ORANGE, colours

__all__ = ["MOST_DRAWN", "drawing"]

MOST_DRAWN = 40
"""Most states drawn. Above it only the status quo, equilibria and paths to them are drawn."""

SIZE, RADIUS, NODE = 720, 300, 15
LETTER = 8
"""Pixels per letter of a label."""
WIDEST = 20
"""Letters per line of a label. Longer labels continue on the next line."""
MOST_RINGS = 2
"""If labels in words need more rings than this, the states' letters are shown instead."""


class Arrow(NamedTuple):
    """A move as drawn."""

    maker: int
    start: int
    end: int
    better: bool
    back: bool


def drawing(study: Study, id: str = "gm") -> str:
    """Return an HTML fragment with the graph. Every text in it is escaped.

    Parameters
    ----------
    study
        The findings.
    id
        A prefix for element ids, unique in the page.
    """
    model, case = study.case.model, study.case
    chosen = _chosen(study)
    labels = _labels(study, chosen)
    place = dict(zip(chosen, _places(list(labels.values())), strict=True))
    arrows = _arrows(study, set(chosen))
    tint = list(colours(f"maker {i}" for i in range(model.n)).values())
    first = model.status_quo if model.status_quo in place else chosen[0]
    inputs, rules, boxes = [], [], []
    for i, name in enumerate(case.makers):
        inputs.append(f'<input type="checkbox" id="{id}-m{i}" checked>')
        off = f"#{id}-m{i}:not(:checked)~.{id}-board"
        rules.append(f"{off} .{id}-a{i}{{display:none}}{off} [for={id}-m{i}]{{opacity:.35}}")
        boxes.append(
            f'<label for="{id}-m{i}" style="border-left:.9em solid {tint[i]};padding-left:.4em">'
            f"{escape(name)}</label>"
        )
    inputs.append(f'<input type="checkbox" id="{id}-ui">')
    on = f"#{id}-ui:checked~.{id}-board"
    rules.append(f"{on} .{id}-worse{{display:none}}{on} [for={id}-ui]{{font-weight:bold}}")
    boxes.append(f'<label for="{id}-ui">improvements only</label>')
    nodes, panels = [], []
    for s in chosen:
        checked = " checked" if s == first else ""
        inputs.append(f'<input type="radio" name="{id}-state" id="{id}-s{s}"{checked}>')
        rules.append(f"#{id}-s{s}:checked~.{id}-board .{id}-f{s}{{opacity:1;stroke-width:2.5}}")
        rules.append(f"#{id}-s{s}:checked~.{id}-board .{id}-p{s}{{display:block}}")
        rules.append(f"#{id}-s{s}:checked~.{id}-board .{id}-n{s}{{outline:3px solid {ORANGE}}}")
        nodes.append(_node(study, s, labels[s], place[s], id))
        panels.append(_panel(study, s, id))
    rules.append(
        f".{id}>input{{position:absolute;opacity:0;pointer-events:none}}"
        f".{id}-keys label{{margin-right:1.2em;cursor:pointer;white-space:nowrap}}"
        f".{id}-graph{{position:relative;width:{SIZE}px;margin:0 1.5em}}"
        f".{id}-wide{{flex:1 1 100%;overflow-x:auto}}"
        f".{id}-board{{display:flex;flex-wrap:wrap;gap:1rem}}"
        f".{id}-keys{{flex:1 1 100%}}"
        f".{id}-graph label{{position:absolute;transform:translate(-50%,-50%);cursor:pointer;"
        f"width:max-content;max-width:{WIDEST // 2}em;text-align:center;line-height:1.15;"
        "padding:.1em .4em;border:1px solid currentColor;border-radius:.6em;font-size:.8rem;"
        "background:#fff;color:#222}"
        f".{id}-graph label.{id}-eq{{background:#d9efe7;font-weight:bold}}"
        f".{id}-graph label.{id}-now{{border-width:3px}}"
        f".{id} path{{fill:none;opacity:.3;stroke-width:1.2}}"
        f".{id}-panel{{display:none;flex:1 1 100%}}"
        f".{id}-panel td,.{id}-panel th{{padding:.1em .5em;text-align:left}}"
        # On paper there is no choice of a state: every move is drawn alike.
        f"@media print{{.{id}-keys [for={id}-ui]{{display:none}}"
        f".{id} .{id}-board .{id}-panel{{display:none!important}}"
        f".{id}-wide{{overflow:visible}}"
        f".{id}-graph{{width:112mm;margin:0 auto;break-inside:avoid}}"
        f".{id}-graph label{{outline:none!important;font-size:6.5pt}}"
        f".{id}-graph>svg>path{{opacity:.5!important;stroke-width:1.2!important}}}}"
    )
    for i in range(model.n):
        rules.append(f"#{id}-m{i}:focus-visible~.{id}-board .{id}-keys{{outline:1px dotted}}")
    lines = "".join(_line(a, place, tint[a.maker], id) for a in arrows)
    heads = "".join(
        f'<marker id="{id}-h{i}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
        f'<path d="M0 0L8 4L0 8z" style="fill:{tint[i]};opacity:1"/></marker>'
        for i in range(model.n)
    )
    left_out = model.size - len(chosen)
    note = (
        f"<p>{left_out} of {model.size} states are not drawn, because they are not an equilibrium "
        "and not on a shortest path to an equilibrium.</p>"
        if left_out
        else ""
    )
    # A ring of letters says little without its panels: paper has the tables only.
    paper = any(case.title(s) != label for s, label in labels.items())
    return (
        ('<p class="note on-paper">The drawing of the states is in the HTML file.</p>' if paper
         else "")
        + f'<div class="{id}{" on-screen" if paper else ""}"><style>{"".join(rules)}</style>'
        f'{"".join(inputs)}'
        f'<div class="{id}-board"><div class="{id}-keys">{" ".join(boxes)}</div>'
        f'<div class="{id}-wide"><div class="{id}-graph">'
        f'<svg viewBox="0 0 {SIZE} {SIZE}" role="img" width="100%" '
        f'aria-label="States and moves"><defs>{heads}</defs>{lines}</svg>'
        f"{''.join(nodes)}</div></div>"
        f"{''.join(panels)}</div>"
        '<p><span class="control">Choose a state to see its moves. </span>Green: '
        "equilibrium. Heavy border: status quo. Arrow: possible move. "
        "Dashed arrow: the mover does not gain.</p>"
        f"{_key(study, labels)}{note}</div>"
    )


def _labels(study: Study, chosen: list[int]) -> dict[int, str]:
    """Return the label of each state: its name in words, or letters if there is little space."""
    words = {s: study.case.title(s) for s in chosen}
    if _rings(list(words.values())) <= MOST_RINGS:
        return words
    return {s: study.case.model.states[s].replace("_", " ") for s in chosen}


def _key(study: Study, labels: dict[int, str]) -> str:
    """Return the meaning of the labels' letters, or an empty text if the labels are words."""
    case = study.case
    if case.model.vectors is None or all(case.title(s) == label for s, label in labels.items()):
        return ""
    own = [" ".join(o.replace("_", " ").join("“”") for m, o in case.model.options if m == maker)
           for maker in case.model.names]
    told = "; ".join(f"{name}: {words}" for name, words in zip(case.makers, own, strict=True)
                     if words)
    return f"<p>Letters: Y if the option is taken, N if not. Order: {escape(told)}.</p>"


def _rings(labels: list[str]) -> int:
    width = LETTER * min(max(len(label) for label in labels), WIDEST) + 20
    return ceil(len(labels) * width / (2 * pi * RADIUS * 0.9))


def _places(labels: list[str]) -> list[tuple[float, float]]:
    """Return the labels' places: on one ring, or on several in turn if they would overlap."""
    rings = _rings(labels)
    out = []
    for k in range(len(labels)):
        ring: float = k % rings
        if rings > 1 and ring == 0 and k == len(labels) - 1:
            ring = 0.5  # the first label is its neighbour and is on the outer ring too
        turn, radius = 2 * pi * k / len(labels), RADIUS * (1 - 0.6 * ring / rings)
        out.append((SIZE / 2 + radius * sin(turn), SIZE / 2 - radius * cos(turn)))
    return out


def _chosen(study: Study) -> list[int]:
    model = study.case.model
    if model.size <= MOST_DRAWN:
        return list(range(model.size))
    wanted: list[int] = [] if model.status_quo is None else [model.status_quo]
    by_concept = study.main.sets()
    for concept in ("Nash", "SEQ", "SMR", "GMR"):
        wanted += sorted(by_concept.get(concept, ()))
    for e in study.evolution:
        wanted += [s for _, s in e.path or ()]
    return sorted(dict.fromkeys(wanted[:MOST_DRAWN])) or list(range(MOST_DRAWN))


def _arrows(study: Study, chosen: set[int]) -> list[Arrow]:
    model = study.case.model
    out = []
    for i in range(model.n):
        for s in sorted(chosen):
            better = set(model.improvements.of(i, s).tolist())
            for t in model.moves.of(i, s).tolist():
                if t in chosen:
                    back = s in model.moves.of(i, t)
                    out.append(Arrow(i, s, t, t in better, bool(back)))
    return out


def _line(a: Arrow, place: dict[int, tuple[float, float]], tint: str, id: str) -> str:
    (x0, y0), (x1, y1) = place[a.start], place[a.end]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1.0)
    bend = 0.12 + 0.05 * a.maker  # separates the same move of different makers
    cx = (x0 + x1) / 2 + bend * (y1 - y0)
    cy = (y0 + y1) / 2 - bend * (x1 - x0)
    # end before the label, along the curve's last direction
    dx, dy = x1 - cx, y1 - cy
    reach = max((dx * dx + dy * dy) ** 0.5, 1.0)
    cut = min(2 * NODE, length / 3)
    x1, y1 = x1 - dx / reach * cut, y1 - dy / reach * cut
    dash = "" if a.better else ' stroke-dasharray="5 4"'
    worse = "" if a.better else f" {id}-worse"
    return (
        f'<path class="{id}-a{a.maker} {id}-f{a.start}{worse}" stroke="{tint}"{dash} '
        f'marker-end="url(#{id}-h{a.maker})" '
        f'd="M{x0:.1f} {y0:.1f}Q{cx:.1f} {cy:.1f} {x1:.1f} {y1:.1f}"/>'
    )


def _node(study: Study, s: int, label: str, at: tuple[float, float], id: str) -> str:
    model = study.case.model
    marks = f"{id}-n{s}"
    if s in study.equilibria():
        marks += f" {id}-eq"
    if s == model.status_quo:
        marks += f" {id}-now"
    return (
        f'<label for="{id}-s{s}" class="{marks}" style="left:{100 * at[0] / SIZE:.1f}%;'
        f'top:{100 * at[1] / SIZE:.1f}%">{escape(label)}</label>'
    )


def _panel(study: Study, s: int, id: str) -> str:
    model, case, main = study.case.model, study.case, study.main
    head = "".join(f"<th>{escape(c)}</th>" for c in main.stable)
    rows = "".join(
        f"<tr><th>{escape(case.makers[i])}</th>"
        + "".join(f"<td>{'stable' if t[i, s] else '–'}</td>" for t in main.stable.values())
        + "</tr>"
        for i in range(model.n)
    )
    moves = []
    for i in range(model.n):
        better = set(model.improvements.of(i, s).tolist())
        for t in model.moves.of(i, s).tolist()[:12]:
            mark = " (better)" if t in better else ""
            moves.append(f"<li>{escape(case.makers[i])}: to {escape(case.title(t))}{mark}</li>")
    none = "<p>No decision maker can move from this state.</p>"
    listed = f"<ul>{''.join(moves)}</ul>" if moves else none
    return (
        f'<div class="{id}-panel {id}-p{s}"><h4>{escape(case.title(s))}</h4>'
        f"<p>{escape(case.describe(s))}</p><table><tr><th></th>{head}</tr>{rows}</table>"
        f"{listed}</div>"
    )
