"""The crisis file: typed schema, strict loading, quantities and ranges."""

from detente.scenario.load import InputWarning, file_sha256, find, load, loads, shipped
from detente.scenario.paths import numbers
from detente.scenario.quantity import ByActor, Quantity
from detente.scenario.sampling import centre, sample
from detente.scenario.schema import Scenario

__all__ = [
    "ByActor",
    "InputWarning",
    "Quantity",
    "Scenario",
    "centre",
    "file_sha256",
    "find",
    "load",
    "loads",
    "numbers",
    "sample",
    "shipped",
]
