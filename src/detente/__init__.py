"""Analyse international crises: a crisis file in, a certified equilibrium and findings out."""

__version__ = "0.1.0"
