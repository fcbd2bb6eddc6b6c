"""Off-ramps as a report section: changes of policy, their actors, their cost and their share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.render.numbers import listed, quoted
from detente.render.plain import cell

if TYPE_CHECKING:
    from detente.analysis.offramps.confirm import Proposal
    from detente.analysis.offramps.find import Offramps
    from detente.analysis.offramps.target import Target
    from detente.render import Section

__all__ = ["section"]


def words(p: Proposal, named: Mapping[str, str]) -> str:
    """Return the changes in words."""
    return "; ".join(
        f"{named.get(k, k)} from {' to '.join(unlike(a, b))}" for k, (a, b) in p.changes.items()
    )


def unlike(a: float, b: float) -> tuple[str, str]:
    """Return two different numbers with as many digits as distinguish them, at least 3.

    Examples
    --------
    >>> unlike(0.2, 0.3), unlike(0.3, 0.30004)
    (('0.2', '0.3'), ('0.3', '0.30004'))
    """
    for digits in range(3, 18):
        told = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if told[0] != told[1]:
            return told
    return told


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


def title(goal: Target) -> str:
    """Return the title of the section: what the changes do to the outcome of the target.

    Examples
    --------
    >>> import numpy as np
    >>> from detente.analysis.offramps.target import Target
    >>> title(Target("war", 0.1, False, np.array([True])))
    'Changes that lower the probability of war'
    >>> title(Target("settlement", 0.6, True, np.array([True])))
    'Changes that raise the probability of settlement'
    """
    return (f"Changes that {'raise' if goal.at_least else 'lower'} the probability of "
            f"{quoted(goal.outcome)}")


def section(found: Offramps) -> Section:
    """Return the section: the answer in words, the proposals, and the outcome along each lever."""
    from detente.render import Section, Table

    goal = found.target
    made = found.proposals
    met = found.met
    if met["fallible"]:
        lead = _at_present(found)
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
        if goal.miss(best.deliberate) > 0:
            lead += (f" In the deliberate model it misses the target "
                     f"({apart(best.deliberate, goal.level)}).")
    if met["deliberate"] and not met["fallible"]:
        lead = f"{_at_present(found)} {lead}"
    if met["fallible"] and made:
        best = min(made, key=lambda p: p.cost)
        lead += f" The cheapest change found: {words(best, found.named)}."
    rows = [(
        words(p, found.named),
        ", ".join(found.named.get(w, w) for w in p.who) or "not stated", f"{p.cost:.2f}",
        cell(p.fallible, "percent"), cell(p.deliberate, "percent"),
        listed(p.others),
        _share(p) + ("" if p.certified else " (check failed)"),
    ) for p in sorted(made, key=lambda p: p.cost)]
    none = [] if met["fallible"] else [
        found.named.get(path, path) for path, p in found.singles.items() if p is None]
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
        "offramps", title(goal), lead,
        charts=list(found.charts.values()), notes=notes,
        tables=[Table("Proposals", [
            "change", "who", "difficulty", "fallible", "deliberate", "other equilibria",
            "share of samples (95 %)",
        ], rows)] if rows else [],
        certified=found.certified,
        certificate=f"lambda {found.lam:g}, seed {found.seed}, {found.solves} solves without the "
                    "lines; residuals and NashConv are in the JSON",
    )


def _at_present(found: Offramps) -> str:
    """Return in which models the target is met without a change, with both figures."""
    goal, met = found.target, found.met
    now = {"fallible": apart(found.now, goal.level),
           "deliberate": apart(found.now_deliberate, goal.level)}
    if all(met.values()):
        return (f"{goal} holds without a change in both models (fallible {now['fallible']}, "
                f"deliberate {now['deliberate']}).")
    yes, no = ("fallible", "deliberate") if met["fallible"] else ("deliberate", "fallible")
    return (f"{goal} holds without a change in the {yes} model ({now[yes]}), but not in the {no} "
            f"model ({now[no]}).")


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
