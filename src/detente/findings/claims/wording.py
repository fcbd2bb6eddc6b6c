"""Verdicts in words: which claims hold, in which model and over which share of the inputs."""

from __future__ import annotations

from collections.abc import Mapping

from detente.analysis.claims.result import ClaimResult, Flip, Share, Verdict
from detente.render.numbers import percent, span

__all__ = ["answer", "flip_words", "lambda_words", "share_words", "sides"]


def answer(found: ClaimResult) -> str:
    """Return a claim's verdict in a sentence or two."""
    if found.holds_if is None:
        return f"Not tested: {found.cannot}" if found.cannot else "Not a testable condition."
    parts = [f"{_said(v)} in the {v.reading} model" for v in found.verdicts
             if v.reading in ("fallible", "deliberate")]
    others = [v for v in found.verdicts if v.reading not in ("fallible", "deliberate")]
    text = "At the centre of the inputs it " + ", and ".join(_merged(parts)) + "."
    if found.types:
        count = sum(held is True for *_, held in found.types)
        text += (f" In the fallible model it holds for {count} of {len(found.types)} types of "
                 f"{found.types[0][0]}.")
    if others:
        held = sum(v.holds is True for v in others)
        text += f" It holds in {held} of {len(others)} other equilibria found."
    if found.share is not None:
        text += f" {share_words(found.share)}"
    if found.deliberate_share is not None:
        words = share_words(found.deliberate_share)
        text += f" In the deliberate model: {words[0].lower()}{words[1:]}"
    return text


def _said(v: Verdict) -> str:
    mark = "" if v.certified else " (check failed)"
    if v.holds is None:
        return f"has a condition of probability zero{mark}"
    if v.close:
        return f"is too close to call{mark}"
    return ("holds" if v.holds else "does not hold") + mark


def _merged(parts: list[str]) -> list[str]:
    if len(parts) == 2:
        first, second = (p.split(" in the ")[0] for p in parts)
        if first == second and first.startswith("does not hold"):
            return [first.replace("does not hold", "holds in neither model")]
        if first == second:
            return [f"{first} in both models"]
    return parts


def share_words(share: Share) -> str:
    """Return how often a claim holds over the plausible inputs, in words.

    Examples
    --------
    >>> share_words(Share(100, 100, 25, 75, 0, 0.25, 0.175, 0.343))
    'Over the stated ranges it holds in 25 % of 100 samples (95 % interval: 18 % to 34 %).'
    """
    if share.share is None or share.low is None or share.high is None:
        return f"It has no answer in any of {share.requested} samples."
    n = share.held + share.failed
    text = (f"Over the stated ranges it holds in {percent(share.share)} of {n} samples "
            f"(95 % interval: {span(share.low, share.high)}).")
    if share.never:
        text += f" In {share.never} more samples the claim's condition has probability zero."
    if share.certified < share.requested:
        text += f" {share.requested - share.certified} samples failed their check."
    return text


def sides(v: Verdict) -> str:
    """Return the numbers compared, such as ``P(war) = 0.131; 0.2``."""
    return "; ".join(
        text if _bare(text) else f"{text} = {'none' if x is None else f'{x:.3g}'}"
        for text, x in v.sides
    )


def _bare(text: str) -> bool:
    try:
        float(text.strip("% "))
    except ValueError:
        return False
    return True


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
        holds = row["holds"] is True and row["certified"]
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
