"""Analysis: everything that is computed once about one crisis, and that findings read."""

from detente.analysis.analysis import Analysis, Step, analyse, begin
from detente.analysis.samples import Band, Samples
from detente.analysis.settings import Settings

__all__ = ["Analysis", "Band", "Samples", "Settings", "Step", "analyse", "begin"]
