"""The Graph Model for Conflict Resolution: options, ordinal preferences, stability.

For conflicts about which nobody can give numbers, only who can do what and who prefers which
outcome. Sources: Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993; Xu, Hipel, Kilgour &
Fang 2018.
"""

from detente.lenses.graph_model.build import by_hand, by_options
from detente.lenses.graph_model.extended import READINGS, analyse_extended
from detente.lenses.graph_model.model import GraphModel, Moves, Preference
from detente.lenses.graph_model.options import OneWay, OptionForm, StateSpace
from detente.lenses.graph_model.preferences import Statement, by_ranking, by_statements
from detente.lenses.graph_model.stability import CONCEPTS, Analysis, analyse

__all__ = [
    "CONCEPTS",
    "READINGS",
    "Analysis",
    "GraphModel",
    "Moves",
    "OneWay",
    "OptionForm",
    "Preference",
    "StateSpace",
    "Statement",
    "analyse",
    "analyse_extended",
    "by_hand",
    "by_options",
    "by_ranking",
    "by_statements",
]
