"""Published positions as examples for the docstrings."""

from __future__ import annotations

from detente.lenses.positions.positions import Positions

__all__ = ["eu_cars"]


def eu_cars() -> Positions:
    """Return the European Community's choice of a date for car-emission standards.

    Positions are years of delay; capability is votes out of 101. Source:
    [bueno-de-mesquita-stokman-1994].

    Examples
    --------
    >>> eu_cars().actors[:2], eu_cars().range.tolist()
    (('Netherlands', 'Belgium'), [6.0])
    """
    votes = {
        "Netherlands": (4, 0.8, 8),
        "Belgium": (7, 0.4, 8),
        "Luxembourg": (4, 0.2, 3),
        "Germany": (4, 0.8, 16),
        "France": (10, 0.6, 16),
        "Italy": (10, 0.6, 16),
        "United Kingdom": (10, 0.9, 16),
        "Ireland": (7, 0.1, 5),
        "Denmark": (4, 1.0, 5),
        "Greece": (7, 0.7, 8),
    }
    return Positions.of("delay", {a: (x, s, c / 101) for a, (x, s, c) in votes.items()})
