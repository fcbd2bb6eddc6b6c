"""Off-ramps as a report section: changes of policy, their actors, their cost and their share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.render.numbers import listed
from detente.render.plain import cell

if TYPE_CHECKING:
    from detente.analysis.offramps.confirm import Proposal
    from detente.analysis.offramps.find import Offramps
    from detente.render import Section

__all__ = ["section"]


def words(p: Proposal, named: Mapping[str, str]) -> str:
    """Return the changes in words."""
    return "; ".join(
        f"{named.get(k, k)} from {a:.3g} to {b:.3g}" for k, (a, b) in p.changes.items()
    ) or "nothing"


def apart(p: float, level: float) -> str:
    """Return a probability with enough digits to distinguish it from the target.

    Examples
    --------
    >>> apart(0.31, 0.005), apart(0.00512, 0.005), apart(0.005, 0.005)
    ('31 %', '0.51 %', '0.5 %')
    """
    text, digits = cell(p, "percent"), 1
    while text == cell(level, "percent") and abs(p - level) > 1e-9 and digits < 8:
        digits += 1
        told = f"{100 * p:.{digits}g} %"
        if told != f"{100 * level:.{digits}g} %":
            return told
    return text


def section(found: Offramps) -> Section:
    """Return the section: the answer in words, the proposals, and the outcome along each lever."""
    from detente.render import Section, Table

    goal = found.target
    made = [p for p in found.singles.values() if p is not None]
    made += [found.combination] if found.combination is not None else []
    if goal.miss(found.now) <= 0:
        lead = f"{goal} holds without a change ({cell(found.now, 'percent')})."
    elif not made:
        lead = (
            f"No change of the file's levers reaches {goal} (now {apart(found.now, goal.level)}); "
            f"the nearest value found is {apart(found.best, goal.level)}."
        )
    else:
        best = min(made, key=lambda p: p.cost)
        lead = (
            f"The cheapest change found for {goal} (now {apart(found.now, goal.level)}): "
            f"{words(best, found.named)}. "
            f"{_works(best)}"
        )
    rows = [(
        words(p, found.named),
        ", ".join(found.named.get(w, w) for w in p.who) or "not stated", f"{p.cost:.2f}",
        cell(p.fallible, "percent"), cell(p.deliberate, "percent"),
        listed(p.others),
        _share(p) + ("" if p.certified else " (check failed)"),
    ) for p in sorted(made, key=lambda p: p.cost)]
    none = [found.named.get(path, path) for path, p in found.singles.items() if p is None]
    notes = [f"None of these changes reaches the target alone: {'; '.join(none)}."] if none else []
    lost = [words(p, found.named) for p in made if not p.holds]
    if lost:
        notes.append("These proposals failed when solved again from a cold start: "
                     + " / ".join(lost) + ".")
    notes.append(
        "The search uses the fallible model. Every proposal was solved again from a cold start in "
        "both models. A change that works at the centre may fail over the ranges, as the share "
        "shows."
    )
    return Section(
        "offramps", "Changes that lower the probability of war", lead,
        charts=list(found.charts.values()), notes=notes,
        tables=[Table("Proposals", [
            "change", "who", "difficulty", "fallible", "deliberate", "other equilibria",
            "share of samples (95 %)",
        ], rows)] if rows else [],
        certified=found.certified,
        certificate=f"lambda {found.lam:g}, seed {found.seed}, {found.solves} solves without the "
                    "lines; residuals and NashConv are in the JSON",
    )


def _share(p: Proposal) -> str:
    """Return the share of plausible inputs, its interval, and the samples that failed."""
    if p.share is None:
        return "no sample passed"
    lost = f", {p.failed} of {p.samples + p.failed} failed the check" if p.failed else ""
    return (f"{cell(p.share, 'percent')} ({cell(p.share_low, 'percent')} to "
            f"{cell(p.share_high, 'percent')}{lost})")


def _works(p: Proposal) -> str:
    if p.share is None:
        return "No sample of the ranges passed its check."
    return f"It works in {cell(p.share, 'percent')} of the samples of the ranges."
