"""Off-ramps: the smallest changes of the file's levers that bring an outcome to a target."""

from detente.analysis.offramps.confirm import Proposal
from detente.analysis.offramps.find import Offramps, offramps
from detente.analysis.offramps.target import Target, parse_target

__all__ = ["Offramps", "Proposal", "Target", "offramps", "parse_target"]
