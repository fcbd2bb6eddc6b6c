"""Analysis: everything that is computed once about one crisis, and that findings read."""

from detente.analysis.analysis import Analysis, analyse

__all__ = ["Analysis", "analyse"]
