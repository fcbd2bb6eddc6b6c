"""Random changes of graph model files: a model, or an error that says where.

The default run takes some seconds with a fixed seed. ``-m long`` tries an hour of other seeds.
"""

from __future__ import annotations

import random
from importlib.resources import files

import pytest

from detente.lenses.graph_model.file import loads
from tests.support.damage import run

SEEDS = [
    *((files("detente.cases") / name / f"{name}.graph.yaml").read_text(encoding="utf-8")
      for name in ("cuba-1962", "caucasus-2025")),
    """\
graph: listed
title: States and moves in lists
decision_makers:
  one: {ranking: [a, [b, c], '>>', 4], unknown: [[a, b]]}
  two: {name: Two, ranking: [c, b, a, 4], reason: none is known}
states: [a, b, c, 4]
moves:
  one: [[a, b], [b, a], [c, 4]]
  two: [[a, c], [b, 4]]
status_quo: a
endings: {settlement: a, war: '4'}
""",
    """\
graph: every-key
title: Options with every key
summary: A text
question: Is it read?
sources: [{id: essay, cite: A text, date: '1962'}]
decision_makers:
  one:
    options: {go: Drive straight on, wait: {says: Wait, reason: none}}
    preferences: [{says: not on, strong: true, source: essay}, not (go and on), go iff wait]
  two:
    options: {on: Drive straight on}
    ranking: [[now, one_of_two], '>>', NN|Y, YN|Y]
    unknown: [[YN|Y, one_of_two]]
infeasible: [YY-, {says: wait and on, reason: none}]
irreversible: [go, {option: on, once: withdrawn}, {by: two, from: Y--, to: N--}]
merged: {one_of_two: not on and (go or wait)}
states: {now: NN|N}
status_quo: now
endings: {war: one_of_two, settlement: now, other: --|Y}
""",
]


def test_changed_graph_files_give_a_model_or_an_error_with_a_place() -> None:
    # The number is bounded by time, too, so that a busy machine does not take longer.
    for text in SEEDS:
        loads(text)
    tried, valid = run(loads, SEEDS, 1976, 5.0, 500)
    assert tried > 5
    assert valid or tried < 100


@pytest.mark.long
def test_an_hour_of_changed_graph_files() -> None:
    assert run(loads, SEEDS, random.SystemRandom().randrange(2**32), 3600.0, 10**9)[0] > 1000
