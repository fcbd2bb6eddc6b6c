"""The Graph Model for Conflict Resolution: options, ordinal preferences, stability.

The model needs no probabilities or utilities. Its input is the options of each decision maker and
each decision maker's ranking of the states. Sources: [kilgour-hipel-fang-1987];
[fang-hipel-kilgour-1993]; [xu-hipel-kilgour-fang-2018].
"""

from detente.lenses.graph_model.build import by_hand, by_options
from detente.lenses.graph_model.extended import READINGS, analyse_extended
from detente.lenses.graph_model.model import GraphModel, Moves, Preference
from detente.lenses.graph_model.options import OneWay, OptionForm, StateSpace
from detente.lenses.graph_model.preferences import Statement, by_ranking, by_statements
from detente.lenses.graph_model.stability import CONCEPTS, Stability, analyse

__all__ = [
    "CONCEPTS",
    "READINGS",
    "GraphModel",
    "Moves",
    "OneWay",
    "OptionForm",
    "Preference",
    "Stability",
    "StateSpace",
    "Statement",
    "analyse",
    "analyse_extended",
    "by_hand",
    "by_options",
    "by_ranking",
    "by_statements",
]
