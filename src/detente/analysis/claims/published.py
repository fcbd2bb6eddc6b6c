"""The published model that a claim points to: closed form, solution and region of validity."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.scenario.beside import Claim

__all__ = ["published"]


def published(claim: Claim) -> dict[str, Any] | None:
    """Return a claim's model at its parameters, JSON-ready; None if it points to none.

    Keys: those of `detente.theory.base.Model.compare`, and ``propositions``: id, says,
    inequality, box, given (the condition of the share, or empty), holds (at the parameters, None
    if the box has others), share, low, high (99 % Wilson interval), samples, exact, note.
    """
    if claim.model is None:
        return None
    return _compared(
        str(claim.model), tuple(sorted(claim.given.items())),
        None if claim.proposition is None else str(claim.proposition),
    )


@cache
def _compared(
    name: str, given: tuple[tuple[str, float], ...], proposition: str | None
) -> dict[str, Any]:
    from detente.theory import load
    from detente.theory.claims import CLAIMS

    values: dict[str, Any] = dict(given)
    found = load(name).compare(**values)
    asked = [CLAIMS[proposition]] if proposition is not None else [
        p for p in CLAIMS.values() if p.model == name
    ]
    rows = []
    for p in asked:
        share = p.share()
        known = found["parameters"]
        here = {k: known[k] for k in p.box} if set(p.box) <= set(known) else None
        rows.append({
            "id": p.id, "says": p.says, "inequality": p.inequality,
            "box": {k: list(ends) for k, ends in p.box.items()}, "given": p.given,
            "holds": None if here is None else p.holds(**here), "share": share.estimate,
            "low": share.low, "high": share.high, "samples": share.samples, "exact": share.exact,
            "note": p.note,
        })
    return {**found, "propositions": rows}
