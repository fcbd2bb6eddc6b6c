"""Shared test tools: a plain crisis whose parts a test can replace.

It has even habits and a precision of 40, as in textbooks, because the tests compare it with closed
forms. Tests of the defaults take them away: ``make_crisis(habits=None, precision=None)``.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from ruamel.yaml import YAML

from detente.cases import loads

settings.register_profile("same draws", derandomize=True)
settings.register_profile("new draws", derandomize=False)
settings.load_profile("same draws")
"""The same draws in every run, so that no change fails by chance.

``--hypothesis-profile "new draws"`` looks further.
"""

PLAIN: dict[str, Any] = {
    "crisis": "plain",
    "title": "A plain crisis",
    "precision": 40,
    "habits": "even",
    "actors": {
        name: {"role": "principal", "private": {"war_cost": {"between": [0.1, 0.5], "types": 5}}}
        for name in ("aland", "bland")
    },
    "stake": {"name": "the strait", "first": "aland", "status_quo": 0.4},
    "turns": {"first": "aland", "each": 2},
    "delay_cost": 0.02,
    "ladder": ["talks", "mobilisation", "war"],
    "war": {"win_chance": 0.55},
    "offers": {"shares": [0.45, 0.55, 0.65], "each": 1},
}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``changes`` laid over it; None takes a key away."""
    out = copy.deepcopy(base)
    for key, value in changes.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = merged(out[key], value)
        else:
            out[key] = copy.deepcopy(value)
    return out


def text_of(data: dict[str, Any]) -> str:
    """Return a crisis file's text."""
    stream = io.StringIO()
    YAML(typ="safe").dump(data, stream)
    return stream.getvalue()


def make_crisis(**changes: Any) -> Any:
    """Return the plain crisis as a scenario, with changes."""
    return loads(text_of(merged(PLAIN, changes)))


@pytest.fixture
def crisis() -> Callable[..., Any]:
    """A function that makes the plain crisis with changes."""
    return make_crisis
