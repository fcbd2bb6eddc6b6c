"""Check one claim of the claims language against a crisis."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["checked"]


def checked(scenario: Scenario, formal: str, name: str = "read") -> None:
    """Check a claim of the claims language against a crisis; nothing is solved.

    Raises
    ------
    InputError
        It cannot be parsed, or names something that the crisis does not have.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> checked(load(find("cuba-1962")), "P(wra) > 0.5")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: 1:3: claims.read.holds_if: there is no outcome ...
    """
    from detente.claims import check_claims
    from detente.game.explore import graph_of
    from detente.scenario.beside import Claim

    claim = Claim.model_validate({"id": name, "says": "a claim", "holds_if": formal})
    check_claims(scenario.model_copy(update={"claims": [claim]}), graph=graph_of(scenario))
