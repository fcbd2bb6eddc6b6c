"""Analyse international crises: a crisis file in, checked equilibria and findings out."""

from detente.version import __version__

__all__ = ["__version__"]
