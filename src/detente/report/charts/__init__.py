"""Charts, one file each: pure functions from plain data to :class:`detente.report.Chart`.

Data are lists of mappings or a pandas data frame with the same names. To add a chart, add a file
with one function and list it here.
"""

from detente.report.charts.beliefs import beliefs
from detente.report.charts.boundary import boundary
from detente.report.charts.comparison import comparison
from detente.report.charts.game_tree import game_tree
from detente.report.charts.indices import indices
from detente.report.charts.ladder import ladder
from detente.report.charts.lever import lever
from detente.report.charts.outcomes import outcomes
from detente.report.charts.paths import paths
from detente.report.charts.precision import precision
from detente.report.charts.samples import histogram, scatter
from detente.report.charts.tornado import tornado
from detente.report.charts.tree import tree

__all__ = [
    "beliefs", "boundary", "comparison", "game_tree", "histogram", "indices", "ladder", "lever",
    "outcomes", "paths", "precision", "scatter", "tornado", "tree",
]
