"""Verdicts on claims that are judged outside the game, in words, and their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.claims.outside import AskedNumber, Outside, OutsideVerdict
from detente.render.numbers import number, percent, span

if TYPE_CHECKING:
    from detente.analysis.claims.result import ClaimResult
    from detente.render import Table

__all__ = [
    "answer", "definitions_table", "mixed_words", "notes", "numbers_table", "short",
    "verdicts_table",
]

NOT_JUDGED = "not judged: data not installed"


def answer(found: Outside) -> str:
    """Return the verdict on a claim of the world alone, in a few sentences.

    Examples
    --------
    >>> answer(Outside(True, "detente data fetch icb-system"))
    'Not judged: data not installed. Run `detente data fetch icb-system`.'
    """
    if found.missing:
        return f"{NOT_JUDGED[0].upper()}{NOT_JUDGED[1:]}. Run `{found.missing}`."
    text = "This claim is judged outside the game. " + _verdict(found)
    shared = [v for v in found.verdicts if v.share is not None and v.share.share is not None]
    for v in shared:
        assert v.share is not None and v.share.low is not None and v.share.high is not None
        by = f"By {v.definition}, it" if len(shared) > 1 else "It"
        text += (f" {by} holds in {percent(v.share.share)} of {v.share.held + v.share.failed:,} "
                 f"draws of the rates (95 % interval: {span(v.share.low, v.share.high)}).")
    return f"{text} {_numbers(found.numbers)}"


def short(found: Outside) -> str:
    """Return the verdict on a claim of the world alone, in a few words.

    Examples
    --------
    >>> v = OutsideVerdict("treaties", "A treaty in force.", "", True, 0.1, False, [])
    >>> w = OutsideVerdict("conduct", "Joint action.", "", False, -0.1, False, [])
    >>> short(Outside(True, "", [v])), short(Outside(True, "", [v, w]))
    ('holds (outside the game, by treaties)', 'the definitions disagree (outside the game)')
    """
    if found.missing:
        return NOT_JUDGED
    if not found.agreed:
        return "the definitions disagree (outside the game)"
    by = " and ".join(v.definition for v in found.verdicts if v.definition)
    return f"{_said(found.verdicts[0])} (outside the game{f', by {by}' if by else ''})"


def mixed_words(found: Outside | None) -> str:
    """Return the sentence on the numbers from outside in a claim that also asks the game."""
    if found is None or found.alone or found.missing:
        return ""
    return f" Judged outside the game: {_numbers(found.numbers)}"


def _verdict(found: Outside) -> str:
    if len(found.verdicts) == 1 and not found.verdicts[0].definition:
        return f"It {_said(found.verdicts[0])}."
    if len(found.verdicts) == 1:
        v = found.verdicts[0]
        return f"By the one definition of a tie ({v.definition}) it {_said(v)}."
    if found.agreed:
        by = " and ".join(v.definition for v in found.verdicts)
        return f"It {_said(found.verdicts[0])} by every definition of a tie ({by})."
    each = ", and ".join(f"by {v.definition} it {_said(v)}" for v in found.verdicts)
    return f"There is no single verdict, because the definitions of a tie disagree: {each}."


def _said(v: OutsideVerdict) -> str:
    if v.holds is None:
        return "has no answer"
    return "is too close to call" if v.close else "holds" if v.holds else "does not hold"


def _numbers(rows: list[AskedNumber]) -> str:
    """Return the numbers in one sentence, those of one text together."""
    told = []
    for text in dict.fromkeys(r.text for r in rows):
        here = [f"{_number(r)}{f' by {r.definition}' if r.definition else ''}"
                for r in rows if r.text == text]
        told.append(f"{text} is {', '.join(here)}")
    return "; ".join(told) + "."


def _number(r: AskedNumber) -> str:
    if r.value is None or r.low is None or r.high is None:
        return f"without an answer ({r.why})"
    if r.low == r.high:
        return f"{_value(r)} ({r.counted})"
    return f"{_value(r)} ({r.counted}; 95 % interval: {_span(r)})"


def _value(r: AskedNumber) -> str:
    if r.value is None:
        return "–"
    return percent(r.value) if r.unit == "share" else f"{r.unit} {number(r.value)}"


def _span(r: AskedNumber) -> str:
    if r.low is None or r.high is None or r.low == r.high:
        return "–"
    return span(r.low, r.high) if r.unit == "share" else f"{number(r.low)} to {number(r.high)}"


def numbers_table(found: list[ClaimResult]) -> Table:
    """Return every number from outside the game that a claim asks for."""
    from detente.render import Table

    return Table("Numbers from outside the game", [
        "claim", "number", "definition of a tie", "value", "95 %", "counted",
    ], [
        (f.id, r.text, r.definition or "–", _value(r), _span(r), r.counted or r.why)
        for f in found if f.outside is not None for r in f.outside.numbers
    ])


def verdicts_table(found: list[ClaimResult]) -> Table:
    """Return the verdict on each claim of the world alone under each definition of a tie."""
    from detente.render import Table

    return Table("Verdicts outside the game by definition of a tie", [
        "claim", "definition", "verdict",
    ], [
        (f.id, v.definition, _said(v))
        for f in found if f.outside is not None for v in f.outside.verdicts if v.definition
    ])


def definitions_table(found: list[ClaimResult]) -> Table:
    """Return the sentence and the null models of each definition that a verdict names."""
    from detente.render import Table

    return Table("Definitions of a tie", ["definition", "it counts", "null models"], list(
        dict.fromkeys(
            (v.definition, v.says, v.null)
            for f in found if f.outside is not None for v in f.outside.verdicts if v.definition)))


def notes(found: list[ClaimResult]) -> list[str]:
    """Return the remarks on numbers from outside the game, each once."""
    asked = [f.outside for f in found if f.outside is not None]
    if not asked:
        return []
    first = ("Numbers from outside the game do not depend on its moves: aligned, between and "
             "returns are shares of the draws of the ties file's ranges, rate is a base rate of "
             "history. A verdict is too close to call if it changes within their intervals.")
    missing = [f"{f.id}: {NOT_JUDGED}. Run `{f.outside.missing}`."
               for f in found if f.outside is not None and f.outside.missing]
    return [first, *missing, *dict.fromkeys(n for one in asked if (n := one.record))]
