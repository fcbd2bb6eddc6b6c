"""Positional bargaining: many actors, positions on issues, forecasts with bands.

The default forecast is the compromise model, the weighted mean of positions, because it has done
best on decided issues. The others stand beside it, each by name and with its band.
"""

from detente.bargaining.bands import MODELS, Band, Noise, bands
from detente.bargaining.convex import kalai_smorodinsky_point, nash_point
from detente.bargaining.expected_utility import expected_utility
from detente.bargaining.forecasts import DIRECT, forecast
from detente.bargaining.games import baron_ferejohn, rubinstein
from detente.bargaining.influence import effects, shifting_coalitions, trades
from detente.bargaining.positions import Positions
from detente.bargaining.power import power, with_vetoes
from detente.bargaining.read import read
from detente.bargaining.spatial import election

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
