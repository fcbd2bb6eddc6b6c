"""Extensions against their definitions, the standard examples and another program."""

from __future__ import annotations

import random
import time
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.reading.arguments import Framework, complete, components, grounded, preferred, stable

Sets = set[frozenset[str]]


def sets(found: list[frozenset[str]]) -> Sets:
    assert len(found) == len(set(found))
    return set(found)


def by_definition(fw: Framework) -> tuple[Sets, Sets, Sets]:
    """The complete, preferred and stable extensions, by trying every subset."""
    whole, good = set(fw.arguments), set()
    for size in range(len(fw.arguments) + 1):
        for chosen in combinations(fw.arguments, size):
            e = set(chosen)
            if any(fw.attackers[a] & e for a in e):
                continue
            hit = {b for a in e for b in fw.targets[a]}
            if e == {a for a in whole if fw.attackers[a] <= hit}:
                good.add(frozenset(e))
    return (good, {e for e in good if not any(e < f for f in good)},
            {e for e in good if e | {b for a in e for b in fw.targets[a]} == whole})


@st.composite
def frameworks(draw: Any) -> Framework:
    names = "abcdefg"[:draw(st.integers(0, 7))]
    pairs = [a + b for a in names for b in names]
    return Framework.of(names, draw(st.sets(st.sampled_from(pairs))) if pairs else [])


@given(frameworks())
@settings(max_examples=300, deadline=None)
def test_definitions(fw: Framework) -> None:
    every, largest, steady = by_definition(fw)
    assert sets(complete(fw)) == every
    assert sets(preferred(fw)) == largest
    assert sets(stable(fw)) == steady
    assert grounded(fw) == min(every, key=len)
    assert all(grounded(fw) <= e for e in largest)


def test_mutual_attack() -> None:
    fw = Framework.of("ab", ["ab", "ba"])
    assert grounded(fw) == frozenset()
    assert sets(preferred(fw)) == {frozenset("a"), frozenset("b")}


def test_floating_acceptance() -> None:
    fw = Framework.of("abcd", ["ab", "ba", "ac", "bc", "cd"])
    assert "d" not in grounded(fw)
    assert all("d" in e for e in preferred(fw))


def test_odd_cycle() -> None:
    fw = Framework.of("abc", ["ab", "bc", "ca"])
    assert preferred(fw) == [frozenset()]
    assert stable(fw) == []


def test_self_attack_and_nothing() -> None:
    fw = Framework.of("ab", ["aa", "ab"])
    assert complete(fw) == [frozenset()]
    assert preferred(Framework.of("")) == [frozenset()]


def test_components_follow_the_attacks() -> None:
    rng = random.Random(5)
    for _ in range(50):
        names = [str(k) for k in range(12)]
        fw = Framework.of(names, [(a, b) for a in names for b in names if rng.random() < 0.12])
        place = {a: k for k, part in enumerate(components(fw)) for a in part}
        assert sorted(place) == sorted(names)
        assert all(place[a] <= place[b] for a, b in fw.attacks)


@pytest.mark.parametrize("density", [0.05, 0.1, 0.3])
def test_forty_arguments_take_less_than_a_second(density: float) -> None:
    rng = random.Random(40)
    names = [f"n{k}" for k in range(40)]
    fw = Framework.of(names, [(a, b) for a in names for b in names
                              if a != b and rng.random() < density])
    began = time.process_time()
    found = preferred(fw)
    assert time.process_time() - began < 1.0  # it takes some hundredths; naive search takes minutes
    for e in found:
        hit = {b for a in e for b in fw.targets[a]}
        assert not e & hit and all(fw.attackers[a] <= hit for a in e)


def test_too_many_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.reading.arguments.MOST_EXTENSIONS", 500)
    names = [f"{side}{k}" for k in range(15) for side in "ab"]
    fw = Framework.of(names, [p for k in range(15)
                              for p in ((f"a{k}", f"b{k}"), (f"b{k}", f"a{k}"))])
    with pytest.raises(InputError, match="30 arguments has more than 500 extensions"):
        preferred(fw)
    assert grounded(fw) == frozenset()


def test_wrong_names() -> None:
    with pytest.raises(InputError, match="given twice"):
        Framework.of("aa")
    with pytest.raises(InputError, match="'x', which is no argument"):
        Framework.of("ab", ["ax"])


@pytest.mark.peers
def test_against_pyarg() -> None:
    peer = pytest.importorskip("py_arg.abstract_argumentation_classes."
                               "abstract_argumentation_framework")
    from py_arg.abstract_argumentation_classes.argument import Argument
    from py_arg.abstract_argumentation_classes.defeat import Defeat
    from py_arg.algorithms.semantics.get_complete_extensions import get_complete_extensions
    from py_arg.algorithms.semantics.get_grounded_extension import get_grounded_extension
    from py_arg.algorithms.semantics.get_preferred_extensions import get_preferred_extensions
    from py_arg.algorithms.semantics.get_stable_extensions import get_stable_extensions

    rng = random.Random(19)
    for _ in range(200):
        names = [f"n{k}" for k in range(rng.randint(1, 8))]
        pairs = [(a, b) for a in names for b in names if rng.random() < rng.choice((0.1, 0.3))]
        fw = Framework.of(names, pairs)
        theirs = peer.AbstractArgumentationFramework(
            "", [Argument(a) for a in names], [Defeat(Argument(a), Argument(b)) for a, b in pairs])

        def plain(found: Any) -> Sets:
            return {frozenset(a.name for a in e) for e in found}

        assert sets(complete(fw)) == plain(get_complete_extensions(theirs))
        assert sets(preferred(fw)) == plain(get_preferred_extensions(theirs))
        assert sets(stable(fw)) == plain(get_stable_extensions(theirs))
        assert grounded(fw) == frozenset(a.name for a in get_grounded_extension(theirs))
