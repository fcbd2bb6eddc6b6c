"""Off-ramps: the smallest changes of the file's levers that bring an outcome to a target."""

from detente.findings.offramps.confirm import Proposal
from detente.findings.offramps.find import Offramps, offramps
from detente.findings.offramps.target import Target, parse_target

__all__ = ["Offramps", "Proposal", "Target", "offramps", "parse_target"]
