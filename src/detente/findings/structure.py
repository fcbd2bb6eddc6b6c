"""Structure: the same crisis with other turns, first mover, offers or types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.analysis.structure import MOVED
from detente.findings.finding import Finding
from detente.render.numbers import error, percent

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.structure import Neighbour, Structure
    from detente.render import Section

__all__ = ["FINDING", "StructureRow", "rows", "section", "sentence"]


class StructureRow(TypedDict):
    """A structural neighbour: outcomes in both models, and the errors of its solutions."""

    structure: str
    fallible: dict[str, float]
    deliberate: dict[str, float]
    likeliest: str | None
    decides: bool
    certified: bool
    residual: float | None
    nash_conv: float | None
    note: str


def rows(analysis: Analysis) -> list[StructureRow]:
    """Return one row for the crisis as it is and one per neighbour."""
    found = analysis.structure
    if found is None:
        return []
    deciding = {n.label for n in found.deciding}
    return [
        {"structure": n.label, "fallible": n.fallible, "deliberate": n.deliberate,
         "likeliest": n.likeliest() if n.solved else None, "decides": n.label in deciding,
         "certified": n.certified, "residual": n.residual, "nash_conv": n.nash_conv,
         "note": n.note}
        for n in (found.base, *found.others)
    ]


def _range(found: Structure, name: str) -> str:
    """Return the span of an outcome's probability over the structures, both models together."""
    values = [model.get(name, 0.0) for n in (found.base, *found.solved)
              for model in (n.deliberate, n.fallible)]
    return f"{percent(min(values))} to {percent(max(values))}"


def sentence(analysis: Analysis) -> str:
    """Return the effect of structure in a sentence; empty if no neighbour was solved."""
    found = analysis.structure
    if found is None or not found.solved:
        return ""
    top = found.base.likeliest()
    name = analysis.ending_words.get(top, top)
    deciding = found.deciding
    if not deciding:
        return (f"Structure does not decide: with other turns, first mover, offers or types "
                f"{name} stays the most probable outcome ({_range(found, top)}).")
    changed = [n for n in deciding if n.likeliest() != top]
    labels = "; ".join(n.label for n in (changed or deciding)[:2])
    if changed:
        other = changed[0].likeliest()
        return (f"Structure decides: with {labels}, the most probable outcome is "
                f"{analysis.ending_words.get(other, other)}. Over the structures tried, {name} "
                f"has {_range(found, top)}.")
    return (f"Structure decides: with {labels}, {name} moves by more than "
            f"{100 * MOVED:.0f} points ({_range(found, top)} over the structures tried).")


def section(analysis: Analysis) -> Section | None:
    """Return the table of neighbours."""
    from detente.render import Section, Table

    found = analysis.structure
    if found is None or not found.others:
        return None
    names = sorted(
        {k for n in (found.base, *found.solved) for k in n.fallible},
        key=lambda k: -(found.base.fallible.get(k, 0.0) + found.base.deliberate.get(k, 0.0)),
    )[:4]
    deciding = {n.label for n in found.deciding}

    def cells(n: Neighbour) -> list[str]:
        if not n.solved:
            return ["–"] * len(names)
        return [f"{percent(n.deliberate.get(k, 0.0))} / {percent(n.fallible.get(k, 0.0))}"
                for k in names]

    lost = [n for n in found.others if not n.solved or not n.certified]
    return Section(
        FINDING.key, FINDING.title, sentence(analysis),
        tables=[Table("Deliberate / fallible, at the centre of the ranges", [
            "structure", *(analysis.ending_words.get(k, k) for k in names), "decides",
        ], [(n.label, *cells(n), "yes" if n.label in deciding else "no")
            for n in (found.base, *found.others)])],
        notes=[
            f"Structure decides if the most probable outcome changes, or if its probability moves "
            f"by more than {MOVED:.2f} in one of the models.",
            *(f"{n.label}: {n.note or 'the solution failed its check'}." for n in lost),
        ],
        certificate="largest residual "
        + error(max((n.residual or 0.0 for n in (found.base, *found.solved)), default=None))
        + ", largest NashConv "
        + error(max((n.nash_conv or 0.0 for n in (found.base, *found.solved)), default=None))
        + " of the stake",
        certified=all(n.certified for n in (found.base, *found.others) if n.solved),
    )


FINDING = Finding("structure", "Effect of the structure", 15, section, rows, list[StructureRow])
