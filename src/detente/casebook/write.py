"""The text of a drafted crisis file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any, Literal

from detente.casebook.estimated import Estimated
from detente.casebook.facts import Facts

__all__ = ["WARNING", "crisis_text", "renamed"]

WARNING: Literal["a starting point, not a forecast"] = "a starting point, not a forecast"

PLAIN = ("precision", "war.win_chance")
"""Numbers that are written as a range; the others also have a mode, the median of the draws."""


def renamed(path: str, facts: Facts) -> str:
    """Return a path of the template with the sides' own names.

    Examples
    --------
    >>> from detente.casebook.facts import facts
    >>> renamed("war.cost.target", facts("book-memel-1939"))
    'war.cost.lithuania'
    """
    own = {"challenger": facts.challenger.id, "target": facts.target.id}
    return ".".join(own.get(part, part) for part in path.split("."))


def crisis_text(
    facts: Facts, template: Mapping[str, Any], common: Mapping[str, Any], found: Estimated, *,
    features: str, filled: list[str], stated: str,
) -> str:
    """Return a crisis file in YAML, with a source and a formula for every number.

    Parameters
    ----------
    facts
        The coded facts of the crisis.
    template, common
        The template's own part, and the part that all templates share.
    found
        The estimated numbers.
    features
        "before" or "coded".
    filled
        Covariates that were missing and have the mean of the table.
    stated
        The command that drafts the file.
    """
    one, two = facts.challenger, facts.target
    crisis = {**common, **template["crisis"]}

    def estimate(path: str) -> str:
        low, mode, high = found.range(path)
        value = (f"value: {low:.12g} to {high:.12g}" if path in PLAIN or not low < mode < high
                 else f"low: {low:.12g}, mode: {mode:.12g}, high: {high:.12g}")
        return f"{{{value}, because: {_text(found.formulas[path])}, source: estimate}}"

    def convention(value: Any) -> str:
        because = f"convention of the template {facts.template}, the same in all crises"
        return f"{{value: {value}, because: {_text(because)}, source: rules}}"

    def both(path: str, indent: str) -> str:
        return "".join(f"\n{indent}{side.id}: {estimate(f'{path}.{role}')}"
                       for role, side in (("challenger", one), ("target", two)))

    force = crisis["ladder"][1]["force"]
    limits = [*facts.cannot, *_limits(facts, features, filled)]
    sources = [
        *(source.model_dump(exclude_defaults=True) for source in facts.sources),
        {"id": "estimate", "cite": (
            f"Game with the tree of the template {facts.template}, estimated on {found.crises} ICB "
            f"crises without the pair {facts.pair}. Range: 5 % to 95 % of 64 joint draws of the "
            "posterior; mode: their median; formula: at the maximum of the posterior. Data: ICB "
            "14; COW capabilities, contiguity, capitals and major powers; QuickUDS; ATOP 5; GML "
            "disputes; rivalries of Thompson, Sakuwa and Suhas")},
        {"id": "rules", "cite": "The rules of the casebook, docs/how-to/code-a-crisis.md"},
    ]
    return f"""\
# Drafted by `{stated}`: {WARNING}.
# Joint draws of the estimated numbers stand in {facts.name}.draws.csv beside this file.
crisis: {facts.name}
title: {_text(facts.title)}
summary: >-
{textwrap.indent(textwrap.fill(" ".join(facts.summary.split()), 110), "  ")}
date: {_text(facts.date)}
sources:
{_rows(sources)}
actors:
  {one.id}: {{role: principal, title: {_text(one.title)}}}
  {two.id}: {{role: principal, title: {_text(two.title)}}}
# Template {facts.template}: {facts.why}.
stake:
  name: {_text(facts.object)}
  first: {one.id}
  status_quo: {convention(crisis["stake"]["status_quo"])}
turns: {{first: {two.id}, each: {crisis["turns"]["each"]}}}
start:
  rung: {crisis["start"]["rung"]}
  commitments:{both("start.commitments", "    ")}
delay_cost: {convention(crisis["delay_cost"]["target"])}
no_deal:
  cost:{both("no_deal.cost", "    ")}
ladder:
  - threat
  - force:
      audience_cost: {convention(force["audience_cost"])}
      sunk_cost: {convention(force["sunk_cost"])}
      risk: {estimate("ladder.force.risk")}
  - war
war:
  win_chance: {estimate("war.win_chance")}
  cost:{both("war.cost", "    ")}
offers: {json.dumps(crisis["offers"]).replace('"', "")}
precision: {estimate("precision")}
rates: [icb-war]
cannot:
{_rows(limits)}
"""


def _text(words: str) -> str:
    """Return words as a YAML string."""
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _rows(rows: list[Any]) -> str:
    def row(one: Any) -> str:
        if isinstance(one, str):
            return _text(one)
        return "{" + ", ".join(f"{key}: {_text(value)}" for key, value in one.items()) + "}"

    return "\n".join(f"  - {row(one)}" for one in rows)


def _limits(facts: Facts, features: str, filled: list[str]) -> list[str]:
    out = [
        "Third governments have no move, and neither side has private information.",
        "Ranges come from an average over crises of other pairs. They do not describe these two "
        "governments beyond the covariates named.",
    ]
    if features == "coded":
        out.append("Some covariates were coded with hindsight, such as gravity and trigger.")
    if filled:
        out.append(f"No data before the crisis for: {', '.join(filled)}. The median of the "
                   "crises of other pairs is used.")
    return out
