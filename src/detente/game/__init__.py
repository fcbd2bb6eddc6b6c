"""Games as arrays: built by hand, compiled from a crisis file, or read from Gambit's format."""

from detente.game.build import chance, chance_by_type, decide, end, together, tree
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, Joint, PublicTree

__all__ = [
    "CHANCE", "JOINT", "TERMINAL", "TYPE_CHANCE", "Joint", "PublicTree",
    "chance", "chance_by_type", "decide", "end", "together", "tree",
]
