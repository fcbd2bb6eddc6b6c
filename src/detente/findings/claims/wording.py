"""Verdicts in words: which claims hold, in which model and over which share of the inputs."""

from __future__ import annotations

from collections.abc import Mapping

from detente.analysis.claims.result import ClaimResult, Flip, Share, Verdict
from detente.analysis.question import APART
from detente.findings.claims import outside
from detente.render.numbers import percent, span

__all__ = ["answer", "flip_words", "lambda_words", "share_words", "short", "sides", "unexplained"]


def answer(found: ClaimResult) -> str:
    """Return a claim's verdict in a sentence or two."""
    if found.holds_if is None:
        return f"Not tested: {found.cannot}" if found.cannot else "Not a testable condition."
    if found.outside is not None and (found.outside.alone or found.outside.missing):
        return outside.answer(found.outside)
    if hardly := unexplained(found):
        return f"{hardly[0].upper()}{hardly[1:]}, so no share of the samples is given."
    centre = [v for v in found.verdicts if v.reading in ("fallible", "deliberate")]
    others = [v for v in found.verdicts if v.reading not in ("fallible", "deliberate")]
    text = "At the centre of the inputs it " + _at_centre(centre) + "."
    if found.types:
        count = sum(held is True for *_, held in found.types)
        text += (f" In the fallible model it holds for {count} of {len(found.types)} types of "
                 f"{found.types[0][0]}.")
    if others:
        held = sum(v.decided is True for v in others)
        text += f" It holds in {held} of {len(others)} other equilibria found."
    if found.share is not None:
        text += f" {share_words(found.share)}"
    if found.deliberate_share is not None:
        words = share_words(found.deliberate_share)
        text += f" In the deliberate model: {words[0].lower()}{words[1:]}"
    changed = found.changed_by()
    if changed:
        text += f" The verdict changes with {'; '.join(a.label for a in changed)}."
    return text + outside.mixed_words(found.outside)


def short(found: ClaimResult) -> str:
    """Return a claim's verdict in a few words: the centre in both models, then the samples.

    Examples
    --------
    >>> short(ClaimResult("a", "A.", ""))
    'not a condition that the model can test'
    """
    if found.holds_if is None:
        return "cannot be expressed" if found.cannot else "not a condition that the model can test"
    if found.outside is not None and (found.outside.alone or found.outside.missing):
        return outside.short(found.outside)
    hardly = unexplained(found)
    if hardly:
        return hardly
    both = {v.reading: v for v in found.verdicts if v.reading in ("fallible", "deliberate")}
    words = {name: ("no answer" if v.holds is None else "too close to call" if v.close
                    else "holds" if v.holds else "fails") for name, v in both.items()}
    kinds = set(words.values())
    if len(kinds) == 1:
        text = f"{next(iter(kinds))} in both models"
    else:
        text = ", ".join(f"{said} ({name})" for name, said in words.items())
    if found.share is not None and found.share.share is not None:
        held = "" if kinds == {"holds"} else "holds "
        joint = _both(found.share.share, found.deliberate_share, alike=len(kinds) == 1)
        text += f"; {held}in {joint} of samples"
        pooled = found.pooled()
        if pooled is not None:
            model = " (fallible)" if joint != percent(found.share.share) else ""
            text += f", {percent(pooled)} over the structures{model}"
    changed = found.changed_by()
    if changed:
        text += "; structure decides"
    return text


def _both(share: float, careful: Share | None, *, alike: bool) -> str:
    """Return the share of the fallible samples, and that of the deliberate ones if they differ.

    If the verdicts at the centre are ``alike``, the shares differ if a claim holds in most samples
    of one model alone. Otherwise they are in the order of the verdicts.
    """
    other = None if careful is None else careful.share
    if other is None or abs(other - share) <= APART or (alike and (other > 0.5) == (share > 0.5)):
        return percent(share)
    if alike:
        return f"{percent(share)} (deliberate: {percent(other)})"
    return f"{percent(share)} / {percent(other)}"


def unexplained(found: ClaimResult) -> str:
    """Return a remark if the claim is about an event that hardly occurs, else an empty text.

    Examples
    --------
    >>> from detente.analysis.claims.result import Fact
    >>> rare = Fact("P(war | x)", 0.5, None, None, 2e-4, event="war", conditional=True)
    >>> unexplained(ClaimResult("a", "A.", "", facts=[rare]))
    'the model has no war to explain (probability 0.0002)'
    >>> from dataclasses import replace
    >>> unexplained(ClaimResult("a", "A.", "", facts=[replace(rare, deliberate=0.9)]))
    ''
    """
    hardly = found.unexplained()
    if hardly is None:
        return ""
    event, probability = hardly
    name = event if event.isalpha() else f"“{event}”"
    return f"the model has no {name} to explain (probability {probability:.1g})"


def _mark(v: Verdict) -> str:
    return "" if v.certified else " (check failed)"


def _said(v: Verdict) -> str:
    if v.holds is None:
        words = "has a condition of probability zero"
    elif v.close:
        words = "is too close to call"
    else:
        words = "holds" if v.holds else "does not hold"
    return words + _mark(v)


def _at_centre(verdicts: list[Verdict]) -> str:
    """Return the verdicts of the models; one phrase if two models agree."""
    if len(verdicts) == 2 and _said(verdicts[0]) == _said(verdicts[1]):
        one = verdicts[0]
        if one.holds is False and not one.close:
            return f"holds in neither model{_mark(one)}"
        return f"{_said(one)} in both models"
    return ", and ".join(f"{_said(v)} in the {v.reading} model" for v in verdicts)


def share_words(share: Share) -> str:
    """Return how often a claim holds over the plausible inputs, in words.

    Examples
    --------
    >>> share_words(Share(100, 100, 25, 75, 0, 0.25, 0.175, 0.343))
    'Over the stated ranges it holds in 25 % of 100 samples (95 % interval: 18 % to 34 %).'
    """
    if share.close and share.close == share.certified - share.never:
        return (f"Over the stated ranges it is too close to call in all {share.close} samples"
                + (" with an answer." if share.never else "."))
    if share.share is None or share.low is None or share.high is None:
        return f"It has no answer in any of {share.requested} samples."
    n = share.held + share.failed
    text = (f"Over the stated ranges it holds in {percent(share.share)} of {n} samples "
            f"(95 % interval: {span(share.low, share.high)}).")
    if share.close:
        more = "1 more sample is" if share.close == 1 else f"{share.close} more samples are"
        text += f" {more} too close to call."
    if share.never:
        text += f" In {share.never} more samples the claim's condition has probability zero."
    if share.certified < share.requested:
        text += f" {share.requested - share.certified} samples failed their check."
    return text


def sides(v: Verdict) -> str:
    """Return the numbers compared, such as ``P(war) = 0.131; 0.2``."""
    return "; ".join(x.text if x.constant else x.words for x in v.sides)


def lambda_words(found: ClaimResult) -> str:
    """Return the values of lambda at which a claim holds, as intervals of those tried.

    Examples
    --------
    >>> from detente.analysis.claims.result import ClaimResult
    >>> rows = [{"lambda": x, "holds": x >= 10, "certified": True} for x in (0.0, 10.0, 40.0)]
    >>> lambda_words(ClaimResult("a", "A.", "", precision=rows))
    '10 to 40'
    """
    runs: list[list[float]] = []
    before = False
    for row in found.precision:
        holds = row["holds"] is True and row["certified"] and not row.get("close")
        if holds and before:
            runs[-1].append(row["lambda"])
        elif holds:
            runs.append([row["lambda"]])
        before = holds
    if not runs:
        return "none tried"
    return ", ".join(f"{r[0]:g}" if len(r) == 1 else f"{r[0]:g} to {r[-1]:g}" for r in runs)


def flip_words(flip: Flip, named: Mapping[str, str] | None = None) -> str:
    """Return a flip in words: the number, its values, and the size of the change.

    Examples
    --------
    >>> flip_words(Flip("delay_cost", 0.02, 0.03, 0.5, True, 1e-4), {"delay_cost": "delay cost"})
    'delay cost 0.03 instead of 0.02 (50 % of the way to the end of its range): then it holds'
    """
    becomes = {True: "then it holds", False: "then it does not hold",
               None: "then its condition has probability zero"}
    return (f"{(named or {}).get(flip.path, flip.path)} {flip.at:.3g} instead of "
            f"{flip.centre:.3g} ({percent(flip.span)} of the way to the end of its range): "
            f"{becomes[flip.becomes]}")
