"""The live answer is the answer of the game at the sliders' values."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

import detente
from detente.cases import load, shipped
from detente.cases.change import with_numbers
from detente.errors import InputError, SizeError
from detente.game.compile import measure
from detente.scenario.alternatives import single
from detente.scenario.paths import numbers
from detente.scenario.structural import restructured
from detente.web import live as module
from detente.web.jobs import Jobs, prepare
from detente.web.live import Live, Shared, check_size, is_large
from detente.web.source import Source


@pytest.mark.parametrize("case", sorted(shipped()))
def test_it_equals_a_solution_from_scratch(case: str) -> None:
    crisis = load(case)
    ranges = [p for p, q in numbers(crisis).items() if q.is_range]
    ends = numbers(crisis)
    moved = {ranges[0]: ends[ranges[0]].low, ranges[-1]: ends[ranges[-1]].high}
    live = Live()
    live.answer(crisis, {})
    found = live.answer(crisis, moved)
    alone = detente.solve(with_numbers(single(crisis), moved))
    assert found.checked and found.error.startswith("fallible: residual")
    # Both solve to residuals far below this; the way to the solution is the only difference.
    assert list(found.outcomes.values()) == pytest.approx(list(alone.outcomes().values()), abs=1e-6)
    back = live.answer(crisis, {})
    assert list(back.outcomes.values()) == pytest.approx(list(back.centre.values()), abs=1e-6)


def test_a_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError):
        Live().answer(load("cuba-1962"), {"war.no_such": 0.5})


def test_a_tree_that_is_too_large_for_the_app_has_the_same_answer_from_a_process() -> None:
    text = shipped()["cuba-1962"].read_text(encoding="utf-8")
    source = Source("cuba-1962", text, {"war.win_chance": 0.4})
    prepare()
    far = asyncio.run(Jobs(1).result("live:answer", source, soon=True))
    near = Live().answer(source.read(), source.moved)
    assert far.outcomes == pytest.approx(dict(near.outcomes), abs=1e-9)
    assert far.centre == pytest.approx(dict(near.centre), abs=1e-9) and far.nodes == near.nodes
    assert far.milliseconds > near.milliseconds  # a window waits for the reading, too


def test_trees_are_told_apart_by_their_size_without_unfolding() -> None:
    small = load("cuba-1962")
    large = restructured(single(small), {"turns.each": 4})
    assert not is_large(small) and is_large(large)
    check_size(small, "play")
    with pytest.raises(SizeError, match=f"{measure(large).nodes:,} nodes.*too many for play"):
        check_size(large, "play")


def test_solved_games_of_many_texts_do_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [load(name) for name in ("cuba-1962", "kargil-1999", "cuba-1962")]
    shared = Shared()
    first = shared.centre(cases[0])
    size = first[0].tree.n_nodes
    assert shared.centre(cases[0])[0] is first[0]
    shared.centre(cases[1])
    monkeypatch.setattr(module, "MOST_SHARED", size + 1)
    shared.centre(cases[2])
    assert shared.nodes() <= size + 1 and shared.centre(cases[0])[0] is not first[0]
