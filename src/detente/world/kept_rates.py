"""Base rates kept on disk between processes.

A count takes one to three seconds of processor time, and a report or a check of claims asks for
several. The answer is written beside the downloaded data. The name of its file holds a hash of the
data and of the code that counts, so that another data set or another definition is counted again.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from detente.errors import DetenteError
from detente.files import write_whole

__all__ = ["keep", "kept"]


def kept(name: str) -> dict[str, Any] | None:
    """Return the fields of an answer that was kept; None if there is none, or it is damaged."""
    try:
        found = json.loads(_place(name).read_text(encoding="utf-8"))
        return {str(k): found[k] for k in ("value", "low", "high", "count", "counted", "unit")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(name: str, fields: dict[str, Any]) -> None:
    """Write the fields of an answer; a folder that cannot be written to keeps nothing."""
    try:
        write_whole(_place(name), json.dumps(fields))
    except (OSError, DetenteError):
        return


def _place(name: str) -> Path:
    from detente.history.base_rates import base_rates
    from detente.history.registry import get
    from detente.history.store import cache_folder, held

    asked = base_rates()[name]
    data = [(s, get(s).sha256 if held(s) else "") for s in asked.sets]
    digest = hashlib.sha256(json.dumps([name, data, _code()]).encode()).hexdigest()[:12]
    return cache_folder() / f"{digest}-rate.json"


@cache
def _code() -> str:
    """Return a hash of the code and the questions of `detente.history`."""
    import detente.history

    folder = Path(str(detente.history.__file__)).parent
    made = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".py", ".yaml", ".json"):
            made.update(file.read_bytes())
    return made.hexdigest()
