"""The shipped cases, and the loader of crisis files.

The loader joins the rooms below: the crisis file, the mechanisms, the claims language, and the
names of base rates and published models.
"""

from detente.cases.load import CaseFile, find, from_document, load, loads, read, shipped
from detente.scenario.load import InputWarning, file_sha256

__all__ = [
    "CaseFile",
    "InputWarning",
    "file_sha256",
    "find",
    "from_document",
    "load",
    "loads",
    "read",
    "shipped",
]
