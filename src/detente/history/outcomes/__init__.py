"""Crises as tables: one row per crisis, its ending, and features with the time they are known."""
