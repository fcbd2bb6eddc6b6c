"""Analysis: the results for one crisis, each computed once; findings read them."""

from detente.analysis.analysis import Analysis, Step, analyse, begin
from detente.analysis.samples import Band, Samples
from detente.analysis.settings import Settings

__all__ = ["Analysis", "Band", "Samples", "Settings", "Step", "analyse", "begin"]
