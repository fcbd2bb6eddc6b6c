"""Lists of patterns with names, which are read from YAML files beside this module."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import Field, RootModel

from detente.scenario.model import FilePart
from detente.scenario.yamlfile import load_model

__all__ = ["Pattern", "found_in", "patterns", "table"]


class Pattern(FilePart):
    """Patterns of one name, and what a text that holds one does."""

    says: str = Field(description="The sentence that is shown as the reason.")
    patterns: list[str] = Field(description="Regular expressions.")


class _Table(RootModel[dict[str, Pattern]]):
    pass


@lru_cache(maxsize=4)
def table(name: str) -> dict[str, Pattern]:
    """Return the patterns of a file by their names."""
    return load_model(Path(__file__).with_name(name), _Table)[0].root


@lru_cache(maxsize=4)
def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Return one regular expression for each name of a file."""
    return {key: re.compile("|".join(f"(?:{p})" for p in one.patterns), re.IGNORECASE)
            for key, one in table(name).items()}


def found_in(name: str, text: str) -> tuple[str, ...]:
    """Return the names of a file's patterns that a text holds, in the order of the file.

    Examples
    --------
    >>> found_in("cues.yaml", "They will withdraw because talks cost less than war.")
    ('threat', 'prediction', 'comparison', 'cause', 'bargain')
    """
    plain = " ".join(text.split())
    return tuple(key for key, one in patterns(name).items() if one.search(plain))
