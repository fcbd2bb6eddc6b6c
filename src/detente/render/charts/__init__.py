"""Charts, one file each: pure functions from plain data to :class:`detente.render.Chart`.

Data are lists of mappings or a pandas data frame with the same names. To add a chart, add a file
with one function and list it here.
"""

from detente.render.charts.agreement import agreement
from detente.render.charts.beliefs import beliefs
from detente.render.charts.boundary import boundary
from detente.render.charts.comparison import comparison
from detente.render.charts.drift import drift
from detente.render.charts.frustration import frustration_series, null_models
from detente.render.charts.game_tree import game_tree
from detente.render.charts.hysteresis import hysteresis
from detente.render.charts.indices import indices
from detente.render.charts.ladder import ladder
from detente.render.charts.lever import lever
from detente.render.charts.neighbourhood import neighbourhood
from detente.render.charts.outcomes import outcomes
from detente.render.charts.paths import paths
from detente.render.charts.precision import precision
from detente.render.charts.reliability import reliability
from detente.render.charts.samples import histogram, scatter
from detente.render.charts.shares import shares
from detente.render.charts.shifts import shifts
from detente.render.charts.signed_matrix import signed_matrix
from detente.render.charts.surprise import surprise
from detente.render.charts.timeline import timeline
from detente.render.charts.tornado import tornado
from detente.render.charts.tree import tree

__all__ = [
    "agreement",
    "beliefs",
    "boundary",
    "comparison",
    "drift",
    "frustration_series",
    "game_tree",
    "histogram",
    "hysteresis",
    "indices",
    "ladder",
    "lever",
    "neighbourhood",
    "null_models",
    "outcomes",
    "paths",
    "precision",
    "reliability",
    "scatter",
    "shares",
    "shifts",
    "signed_matrix",
    "surprise",
    "timeline",
    "tornado",
    "tree",
]
