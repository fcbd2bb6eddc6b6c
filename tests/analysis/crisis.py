"""A crisis small enough to be walked through history by history."""

from __future__ import annotations

from typing import Any

SMALL: dict[str, Any] = {
    "crisis": "small",
    "title": "A small crisis",
    "precision": 40,
    "habits": "even",
    "actors": {
        "aland": {"role": "principal", "private": {
            "war_cost": {"low": 0.1, "high": "0.4 to 0.6", "chance_high": 0.4}}},
        "bland": {"role": "principal", "private": {
            "war_cost": {"between": [0.1, 0.5], "types": 3}}},
    },
    "stake": {"name": "the strait", "first": "aland", "status_quo": 0.4},
    "turns": {"first": "aland", "each": 1},
    "delay_cost": 0.02,
    "ladder": ["talks", {"mobilisation": {"sunk_cost": 0.03, "audience_cost": 0.2, "risk": 0.05}},
               "war"],
    "war": {"win_chance": "0.5 to 0.7", "cost": "0.0 to 0.1"},
    "offers": {"shares": [0.5], "each": 1},
}
