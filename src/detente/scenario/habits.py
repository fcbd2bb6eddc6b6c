"""Habits: the base weights of the kinds of moves, which decide if incentives say nothing.

A fallible government chooses move c with probability proportional to ``w_c exp(lambda V_c)``. This
is choice with control costs (Mattsson & Weibull 2002), and rational inattention with habitual
choice w (Matejka & McKay 2015). Even weights, the textbook's, let a careless government attack as
often as it waits. The default weights are calibrated on recorded crises: at lambda 0, the model
then ends as those crises ended. They are an assumption, not a causal estimate.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ACTIONS", "DEFAULTS", "EVEN"]

EVEN = "even"
"""The word for equal weights of all kinds of moves."""

DEFAULTS: Mapping[str, tuple[float, float, float]] = {
    "hold": (50.0, 50.0, 50.0),
    "escalate": (47.0, 67.0, 82.0),
    "offer": (20.0, 27.0, 37.0),
    "accept": (18.0, 67.0, 84.0),
    "yield": (3.3, 17.0, 21.0),
    "attack": (1.0, 8.6, 10.6),
    "lapse": (50.0, 50.0, 50.0),
}
"""Kind of move to its default weight: low end, centre, high end.

The centre is calibrated on 486 crises of ICB. One end is the calibration on 2,102 disputes of GML
MID, the other the end of ICB's own 90 % bootstrap interval. Weights matter relative to one another:
*hold* and *lapse*, which do nothing, are set to 50. ``python -m estimates.habits`` prints them.
"""

ACTIONS = tuple(DEFAULTS)
"""The kinds of moves of a principal's turn and of the closing reply."""
