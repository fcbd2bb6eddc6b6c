"""Structure: the same crisis with other turns, first mover, offers or types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.analysis.alternatives import Pool
from detente.analysis.structure import MODELS, MOVED
from detente.findings.finding import Finding
from detente.render.numbers import error, percent, quoted, span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.structure import Neighbour, Structure
    from detente.render import Section

__all__ = ["FINDING", "StructureOver", "StructureRow", "rows", "section", "sentence"]


class StructureOver(TypedDict):
    """A structure of the file over its samples: means of the outcomes in both models.

    ``between`` is the share of the variance of the outcome of the answer that lies between the
    structures of the file (fallible model).
    """

    samples: int
    certified: int
    deliberate_samples: int
    deliberate_certified: int
    fallible: dict[str, float]
    deliberate: dict[str, float]
    between: float | None


class StructureRow(TypedDict):
    """A structure: outcomes in both models at the centre, and the errors of its solutions.

    ``decides`` is None if its solution, or that of the crisis as it is, failed its check.
    ``weight`` and ``over`` are None for neighbours, which the file does not list. The weights of
    the structures of the file add up to 1.
    """

    structure: str
    fallible: dict[str, float]
    deliberate: dict[str, float]
    most_probable: str | None
    decides: bool | None
    certified: bool
    residual: float | None
    nash_conv: float | None
    note: str
    weight: float | None
    why: str
    over: StructureOver | None


def rows(analysis: Analysis) -> list[StructureRow]:
    """Return one row for the crisis as it is and one per neighbour."""
    found = analysis.structure
    if found is None:
        return []
    weights, over = _weights(analysis), _over(analysis)
    return [
        {"structure": n.label, "fallible": n.fallible, "deliberate": n.deliberate,
         "most_probable": n.most_probable() if n.solved else None, "decides": _decides(found, n),
         "certified": n.certified, "residual": n.residual, "nash_conv": n.nash_conv,
         "note": n.note, "weight": weights.get(n.label), "why": n.why, "over": over.get(n.label)}
        for n in (found.base, *found.others)
    ]


def _decides(found: Structure, n: Neighbour) -> bool | None:
    """Whether a structure changes the answer; None if it or the crisis itself failed its check."""
    return n in found.deciding if n.certified and found.base.certified else None


def _over(analysis: Analysis) -> dict[str, StructureOver]:
    """Return each structure of the file over its samples, by label; empty without alternatives."""
    pool = analysis.pooled
    if pool.count == 1:
        return {}
    between = pool.variance("fallible", analysis.question).share
    out: dict[str, StructureOver] = {}
    for part in pool.parts:
        alone = Pool((part,))
        (ok, n), (good, m) = alone.passed("fallible"), alone.passed("deliberate")
        out[part.label] = {
            "samples": n, "certified": ok, "deliberate_samples": m, "deliberate_certified": good,
            "fallible": _means(alone, "fallible"), "deliberate": _means(alone, "deliberate"),
            "between": between,
        }
    return out


def _means(pool: Pool, model: str) -> dict[str, float]:
    found = {name: pool.mean(model, name, exact=True) for name in pool.names()}
    return {name: p for name, p in found.items() if p is not None}


def _weights(analysis: Analysis) -> dict[str, float]:
    """Return the weights of the structures of the file, adding up to 1; empty if there is one."""
    pool = analysis.pooled
    if pool.count == 1:
        return {}
    return {part.label: float(w) for part, w in zip(pool.parts, pool.weights(), strict=True)}


def _range(found: Structure, name: str, *models: str) -> str:
    """Return the span of an outcome's probability over the structures, in all or some models."""
    values = [n.odds(model).get(name, 0.0) for n in (found.base, *found.solved)
              for model in models or MODELS]
    return span(min(values), max(values))


def varied(labels: Iterable[str]) -> str:
    """Return which parts of the structure the neighbours with these labels change.

    Examples
    --------
    >>> varied(["twice as many types", "one turn more for each side", "the other side moves first"])
    'other turns, first mover or types'
    >>> varied(["bland first"])
    'another structure'
    """
    labels = list(labels)
    parts = [part for part, mark in (("turns", "turn"), ("first mover", "side moves first"),
                                     ("offers", "offers"), ("types", "types"))
             if any(mark in label for label in labels)]
    if not parts:
        return "another structure"
    *some, last = parts
    return f"other {', '.join(some)} or {last}" if some else f"other {last}"


def sentence(analysis: Analysis) -> str:
    """Return the effect of structure in a sentence; empty if no neighbour was tried."""
    found = analysis.structure
    if found is None or not found.others:
        return ""
    if not found.base.certified:
        return ("The effect of structure is unknown, because the solution at the centre of the "
                "ranges failed its check.")
    if not found.solved:
        return ("The effect of structure is unknown, because no solution of another structure "
                "passed its check.")
    top = found.base.most_probable()
    name = quoted(analysis.ending_words.get(top, top))
    deciding = found.deciding
    if not deciding:
        changed = varied(n.label for n in found.solved)
        lost = [n.label for n in found.others if n not in found.solved]
        rest = f" Not included: {' and '.join(lost)} (no checked solution)." if lost else ""
        tops = {model: found.base.most_probable(model) for model in MODELS}
        if len(set(tops.values())) > 1:
            each = ", ".join(
                f"{quoted(analysis.ending_words.get(one, one))} in the {model} one "
                f"({_range(found, one, model)})" for model, one in tops.items())
            return (f"Structure does not decide: with {changed} the most probable outcome of each "
                    f"model stays the same: {each}.{rest}")
        return (f"Structure does not decide: with {changed} "
                f"{name} stays the most probable outcome ({_range(found, top)}).{rest}")
    turned = sorted((n for n in deciding if found.turned(n)), key=lambda n: -len(found.turned(n)))
    if turned:
        models = found.turned(turned[0])
        other = turned[0].most_probable(models[0])
        alike = [n.label for n in turned
                 if found.turned(n) == models and n.most_probable(models[0]) == other]
        labels = " or ".join(alike[:2])
        same = len(models) == 2 and turned[0].most_probable(models[1]) == other
        where = "" if same else f" in the {models[0]} model"
        return (f"Structure decides: with another structure ({labels}) the most probable outcome"
                f"{where} is {quoted(analysis.ending_words.get(other, other))}. Over the "
                f"structures tried, the probability of {name} is {_range(found, top)}.")
    far = found.moves(deciding[0])
    top = max(far, key=lambda k: far[k])
    name = quoted(analysis.ending_words.get(top, top))
    labels = " or ".join(
        [n.label for n in deciding if found.moves(n).get(top, 0.0) > MOVED][:2])
    return (f"Structure decides: with another structure ({labels}) the probability of "
            f"{name} moves by more than {100 * MOVED:.0f} points. It is {_range(found, top)} over "
            "the structures tried.")


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
    deciding = {True: "yes", False: "no", None: "–"}

    def cells(n: Neighbour) -> list[str]:
        if not n.solved:
            return ["–"] * len(names)
        return [f"{percent(n.deliberate.get(k, 0.0))} / {percent(n.fallible.get(k, 0.0))}"
                for k in names]

    weights, over = _weights(analysis), _over(analysis)

    def weight(n: Neighbour) -> list[str]:
        if not weights:
            return []
        return [percent(weights[n.label]) if n.label in weights else "–"]

    tables = [Table("Deliberate / fallible, at the centre of the ranges", [
        "structure", *(["weight"] if weights else []),
        *(analysis.ending_words.get(k, k) for k in names), "decides",
    ], [(n.label, *weight(n), *cells(n), deciding[_decides(found, n)])
        for n in (found.base, *found.others)])]
    if over:
        tables.append(Table("Structures of the file, deliberate / fallible, mean of the samples", [
            "structure", "weight", "samples", *(analysis.ending_words.get(k, k) for k in names),
        ], [
            *((label, percent(weights[label]), f"{o['deliberate_samples']} / {o['samples']}",
               *(f"{percent(o['deliberate'].get(k, 0.0))} / {percent(o['fallible'].get(k, 0.0))}"
                 for k in names)) for label, o in over.items()),
            ("all, by weight", percent(1.0), "", *(
                f"{percent(analysis.pooled.mean('deliberate', k, exact=True))} / "
                f"{percent(analysis.pooled.mean('fallible', k, exact=True))}" for k in names)),
        ]))
    reasons = [f"{n.label}: {n.why}" for n in found.alternatives if n.why]
    if over:
        between = next(iter(over.values()))["between"]
        share = "nothing varies" if between is None else (
            f"{percent(between)} of the variance of P({analysis.question}) in the fallible model "
            "is between the structures of the file, the rest within them")
        reasons.append(f"The structures with a weight are those of the file. {share[0].upper()}"
                       f"{share[1:]}.")
    lost = [n for n in found.others if not n.solved or not n.certified]
    return Section(
        FINDING.key, FINDING.title, sentence(analysis),
        tables=tables,
        notes=[
            f"Structure decides if the most probable outcome changes in one of the models, or if "
            f"its probability moves by more than {MOVED:.2f}.",
            *reasons,
            *(f"{n.label}: {n.note or 'the solution failed its check'}." for n in lost),
        ],
        certificate="largest residual "
        + error(max((n.residual or 0.0 for n in (found.base, *found.solved)), default=None))
        + ", largest NashConv "
        + error(max((n.nash_conv or 0.0 for n in (found.base, *found.solved)), default=None))
        + " of the stake",
        certified=analysis.fallible.certificate.certified
        and analysis.deliberate.certificate.certified
        and all(n.certified for n in (found.base, *found.others) if n.solved),
    )


FINDING = Finding("structure", "Effect of the structure", 15, section, rows, list[StructureRow])
