"""Published models of crises, each beside its closed form and the solver's answer.

One file per numbered model. To add a model, write its file and enter it in `TABLE`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from detente.errors import InputError, nearest, one_of

if TYPE_CHECKING:
    from detente.theory.base import Model

__all__ = ["TABLE", "load", "registry"]

TABLE: dict[str, str] = {
    "fearon-1995": "ultimatum:MODEL",
    "fearon-1995-binary": "ultimatum:BINARY",
    "fearon-1995-two-sided": "ultimatum:TWO_SIDED",
    "fearon-1995-odds": "ultimatum:ODDS",
    "powell-2006": "shifting_power:MODEL",
    "powell-2006-gradual": "gradual_shift:MODEL",
    "fearon-1995-first-strike": "first_strike:RANGE",
    "schelling-1960": "first_strike:FEAR",
    "carlsson-van-damme-1993": "pre_emption:MODEL",
    "baliga-sjostrom-2004": "first_strike:ARMS",
    "fearon-1994": "audience_attrition:MODEL",
    "schultz-2001": "audience:MODEL",
    "schultz-2001-types": "audience:TWO_TYPE",
    "lewis-schultz-2003": "audience_normal:MODEL",
    "schelling-1966": "brinkmanship:THREAT",
    "powell-1988": "brinkmanship:RUNGS",
    "fearon-1997-tied": "signals:TIED",
    "fearon-1997-sunk": "signals:SUNK",
    "fearon-1997-bluff": "signals:BLUFF",
    "fearon-1997-types": "signals_types:MODEL",
    "kydd-walter-2002": "spoiler:MODEL",
    "kydd-2003": "mediator:MODEL",
    "bishop-cannings-1978": "attrition:MODEL",
    "powell-2004": "screening:MODEL",
    "smith-stam-2004": "beliefs:MODEL",
    "kydd-2005": "trust:TRUST",
    "kydd-2000": "trust:GESTURE",
    "kreps-wilson-1982": "chain_store:MODEL",
    "iida-1993": "two_level:RATIFICATION",
    "iida-1993-alternating": "two_level:ALTERNATING",
    "zagare-kilgour-2000-rudimentary": "rudimentary_deterrence:MODEL",
    "zagare-kilgour-2000": "deterrence:PERFECT",
    "signorino-tarar-2006": "deterrence:AGENT",
    "signorino-tarar-2006-private": "deterrence:PRIVATE",
    "mckelvey-palfrey-1998": "quantal:ENTRY",
    "centipede": "quantal:CENTIPEDE",
    "quantal-2x2": "quantal:MATRIX",
    "ochs-1995": "ochs:MODEL",
    "schultz-2001-quantal": "audience:QUANTAL",
    "stripped-poker": "quantal:POKER",
    "richardson-1960": "richardson:MODEL",
    "marvel-2011": "marvel:MODEL",
}
"""Maps a name on the command line to ``module:object``, in the order of the models' numbers."""


@cache
def load(name: str) -> Model:
    """Return a model by name.

    Raises
    ------
    InputError
        No model has that name.

    Examples
    --------
    >>> load("fearon-1995").closed_form(h=0.4)["war"]
    0.37500000000000006
    """
    if name not in TABLE:
        raise InputError(
            f"no model is called {name!r}",
            expected=f"{one_of(name, TABLE)}; `detente models` lists them",
            nearest=nearest(name, TABLE),
        )
    module, attribute = TABLE[name].split(":")
    found: Model = getattr(import_module(f"detente.theory.{module}"), attribute)
    return found


def registry() -> dict[str, Model]:
    """Return every model by name."""
    return {name: load(name) for name in TABLE}
