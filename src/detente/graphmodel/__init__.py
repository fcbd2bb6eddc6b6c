"""The Graph Model for Conflict Resolution: options, ordinal preferences, stability.

For conflicts about which nobody can give numbers, only who can do what and who prefers which
outcome. Sources: Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993; Xu, Hipel, Kilgour &
Fang 2018.
"""

from detente.graphmodel.build import by_hand, by_options
from detente.graphmodel.extended import READINGS, analyse_extended
from detente.graphmodel.model import GraphModel, Moves, Preference
from detente.graphmodel.options import OneWay, OptionForm, StateSpace
from detente.graphmodel.preferences import Statement, by_ranking, by_statements
from detente.graphmodel.stability import CONCEPTS, Analysis, analyse

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
