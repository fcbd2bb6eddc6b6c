"""Mechanisms: what a crisis is made of, one file each.

To add one, write its file and enter it in `TABLE`; nothing else changes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.mechanisms.base import Mechanism

__all__ = ["TABLE", "load", "registry"]

TABLE: dict[str, str] = {
    "stake": "stake:Stake",
    "ladder": "ladder:Ladder",
    "audience cost": "audience_cost:AudienceCost",
    "sunk cost": "sunk_cost:SunkCost",
    "first strike": "first_strike:FirstStrike",
    "shifting power": "shifting_power:ShiftingPower",
    "red_line": "red_line:RedLine",
    "mediator": "mediator:Mediator",
    "spoiler": "spoiler:Spoiler",
    "ratification": "ratification:Ratification",
    "third_party_entry": "third_party_entry:ThirdPartyEntry",
    "attrition": "attrition:Attrition",
    "unlike_beliefs": "unlike_beliefs:UnlikeBeliefs",
    "shock": "shock:Shock",
    "coordination": "coordination:Coordination",
}
"""Name in the crisis file to ``module:class``; names with a space are brought in by the file's own
fields (a rung's audience cost, say) and not listed under ``mechanisms``."""


@cache
def load(kind: str) -> type[Mechanism]:
    """Return the mechanism's class.

    Examples
    --------
    >>> load("mediator").kind
    'mediator'
    """
    module, name = TABLE[kind].split(":")
    found: type[Mechanism] = getattr(import_module(f"detente.mechanisms.{module}"), name)
    return found


def registry() -> dict[str, type[Mechanism]]:
    """Return the mechanisms that a file may list, by name."""
    listed = {kind: load(kind) for kind in TABLE}
    return {kind: cls for kind, cls in listed.items() if "Spec" in vars(cls)}
