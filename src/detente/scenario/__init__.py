"""The crisis file: typed schema, strict checks, quantities and ranges.

`detente.cases.load` reads a file; this room needs the names of mechanisms, base rates and models
handed in (`detente.scenario.library`).
"""

from detente.scenario.load import InputWarning, file_sha256
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
    "numbers",
    "sample",
]
