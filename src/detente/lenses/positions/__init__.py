"""Positional bargaining: many actors, positions on issues, forecasts with bands.

The default forecast is the compromise model, the weighted mean of positions, because it had the
smallest error on decided issues. The other models are shown with it, each with its band.
"""

from detente.lenses.positions.bands import MODELS, Band, Noise, bands
from detente.lenses.positions.convex import kalai_smorodinsky_point, nash_point
from detente.lenses.positions.expected_utility import expected_utility
from detente.lenses.positions.forecasts import DIRECT, forecast
from detente.lenses.positions.games import baron_ferejohn, rubinstein
from detente.lenses.positions.influence import effects, shifting_coalitions, trades
from detente.lenses.positions.positions import Positions
from detente.lenses.positions.power import power, with_vetoes
from detente.lenses.positions.read import read
from detente.lenses.positions.spatial import election

__all__ = [
    "DIRECT",
    "MODELS",
    "Band",
    "Noise",
    "Positions",
    "bands",
    "baron_ferejohn",
    "effects",
    "election",
    "expected_utility",
    "forecast",
    "kalai_smorodinsky_point",
    "nash_point",
    "power",
    "read",
    "rubinstein",
    "shifting_coalitions",
    "trades",
    "with_vetoes",
]
