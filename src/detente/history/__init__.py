"""Real data, base rates, and strategic models estimated on them.

Names are imported at first use, because the packages of the ``data`` extra are slow to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOMS = {
    "dataset": ("DataSet", "Variable"),
    "registry": ("get", "registry"),
    "store": ("add", "fetch", "path_of"),
    "read": ("load",),
    "actors": ("crisis_actors",),
    "countries": ("country_years",),
    "coverage": ("Coverage",),
    "dyads": ("dyad_years",),
    "joined": ("Joined", "joined", "notes"),
    "joins": ("connect",),
    "question": ("Question",),
    "rates": ("Rate", "answer", "answers", "ask", "wilson"),
    "questions": ("QUESTIONS",),
    "base_rates": ("base_rates", "record_rates"),
    "recorded": ("RecordRate",),
    "outcomes.table": ("Crises", "Feature"),
    "outcomes.tables": ("crises",),
    "polarity": ("concentration", "polarity"),
    "sections": ("fit_section", "polarity_section", "profile_section", "rates_section"),
    "estimators.fit_tree": ("fit_tree",),
    "estimators.ultimatum": ("fit_ultimatum",),
    "estimators.fit_signalling": ("fit_signalling",),
    "estimators.general": ("SIGNORINO", "fit_game"),
    "estimators.multinomial": ("fit_multinomial",),
    "estimators.nonnested": ("clarke", "vuong"),
    "estimators.profiles": ("profile", "profile_chart"),
    "estimators.results": ("FitResult",),
    "estimators.worth": ("worth",),
}

_WHERE = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
