"""A network too dense to prove: every output must say that its count is not proved."""

import json

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from detente.world.alignment import align
from detente.world.balance import frustration
from detente.world.landscape import lowest, weights_of
from detente.world.study import study_file
from detente.world.tiesfile import loads_ties
from tests.world.conftest import complete

N = 25
NAMES = [f"s{k:02d}" for k in range(N)]
ACTORS = ", ".join(f"{a}: {{}}" for a in NAMES)
PAIRS = "\n".join(f"- {{between: [{NAMES[i]}, {NAMES[j]}], value: -1, counts: [conduct, treaties], "
                  "because: War}" for i, j in complete(N))
TEXT = f"""
ties: foes
title: Equal enemies
sizes: number of ships
definitions:
  conduct: {{says: Enmity}}
  treaties: {{says: A state of war}}
actors: {{{ACTORS}}}
pairs:
{PAIRS}
"""


@pytest.fixture(scope="module")
def file():
    return loads_ties(TEXT)


@pytest.fixture(scope="module")
def found(file):
    return study_file(file, draws=2, seconds=0)


def test_no_output_calls_the_count_exact(found):
    """L = 144; the linear bound is 100 (a third of each tie)."""
    from detente.world.document import as_dict
    from detente.world.schemas import schemas
    from detente.world.sections import sections
    from detente.world.words import brief, verdict

    two = found.two
    assert not found.exact and not two.exact and not two.settled and two.either == ()
    assert (two.bound, two.index) == (100, 144)
    screen = brief(found)
    assert not screen.certified
    assert "Two blocs break at least 100 ties (not proved: counted 144" in screen.lead
    assert "no verdict" in verdict(found) and verdict(found) in screen.notes
    assert any("treaties 144 of 300 (not proved)" in n for n in screen.notes)
    made = {s.id: s for s in sections(found)}
    balance = made["balance"]
    assert not balance.certified and balance.certificate.startswith("not proved")
    assert "best division found in two blocs breaks 144 of 300 ties (not proved)" in balance.lead
    assert "100 to 144, not proved" in balance.charts[0].alt
    assert any("Not proved" in n for n in made["ties"].notes)
    assert made["blocs"].certified and found.many.exact and found.many.index == 0
    data = json.loads(json.dumps(as_dict(found)))
    assert list(Draft202012Validator(schemas()["world.schema.json"]).iter_errors(data)) == []
    assert not data["certified"] and not data["two"]["exact"] and not data["two"]["settled"]
    assert not data["others"][0]["exact"] and data["two"]["bound"] == 100
    assert "exact" not in " ".join([
        screen.lead, *(n for n in screen.notes if "Any number of blocs" not in n), balance.lead,
        balance.certificate])


def test_the_null_of_a_claim_and_the_claim_know_it(file, monkeypatch):
    from detente.world.asked import World

    world = World(None)
    monkeypatch.setattr(world, "need", lambda: file, raising=False)
    monkeypatch.setattr("detente.world.study.frustration",
                        lambda ties, seconds: frustration(ties, seconds=0))
    assert "found break 144 of 300 ties (not proved: at least 100)" in world.null("conduct")


def test_an_alignment_that_is_not_proved_says_so(file):
    ties = file.ties("conduct")
    made = align(ties, ties.values[None], ties.sizes[None], samples=1, seed=0, seconds=0)
    assert not made.exact and made.proof == "not every best alignment is proved"
    one = lowest(weights_of(ties), seconds=0)
    assert not one.exact and one.bound < one.energy


def test_pairs_that_were_not_compared_are_not_proved():
    """A ring of 26, each a friend of the next two: no tie is broken, but pairs need programs.

    No two become one by arithmetic: neighbours differ in two of their other ties (2 |w| = 2).
    """
    w = np.zeros((26, 26))
    for k in range(26):
        for step in (1, 2):
            other = (k + step) % 26
            w[k, other] = w[other, k] = 1.0
    assert lowest(w, seconds=0).exact and lowest(w, pairs=True).exact
    stopped = lowest(w, pairs=True, seconds=0)
    assert not stopped.exact and not stopped.paired
