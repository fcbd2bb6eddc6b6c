"""One analysis does each piece of work once: rules, listing of the numbers, compiling, solving.

The counts follow from the definitions. A crisis has one list of numbers and one set of rules, so a
scenario needs one of each. Two solves of the same game at the same precision from the same start
give the same equilibrium, so the second is wasted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import numpy as np
import pytest

import detente as dt
from detente.equilibrium.fallible import solve as fallible
from detente.game import compile as compiling
from detente.mechanisms import rules
from detente.scenario import paths
from tests.conftest import make_crisis, merged

LEVERS = {"delay_cost": {"from": 0.0, "to": 0.1, "difficulty": 1},
          "war.win_chance": {"from": 0.3, "to": 0.7, "difficulty": 2}}
RANGES: dict[str, Any] = {
    "turns": {"each": 1}, "delay_cost": "0.01 to 0.05", "war": {"win_chance": "0.5 to 0.6"}}


def content(*arrays: Any) -> str:
    """Return a hash of arrays."""
    done = hashlib.sha1()
    for x in arrays:
        done.update(np.ascontiguousarray(x).tobytes())
    return done.hexdigest()


def of_game(game: Any) -> str:
    return content(game.parent, *game.payoff, game.weight, game.type_prob, *game.prior)


@pytest.fixture
def work(monkeypatch):
    """Count the work by what it is about."""
    count = {name: Counter() for name in ("rules", "numbers", "compiled", "solved")}

    def watch(owner: Any, name: str, kind: str, about: Any) -> None:
        real = getattr(owner, name)

        def told(*given: Any, **named: Any) -> Any:
            what = about(*given, **named)
            if what is not None:
                count[kind][what] += 1
            return real(*given, **named)

        monkeypatch.setattr(owner, name, told)

    def described(scenario: Any) -> str:
        """Name a crisis: a variant without a part is not the crisis itself."""
        said: str = scenario.model_dump_json(exclude={"claims", "levers", "variants"})
        return said

    def search(game: Any, lam: float, *, start: Any = None, trace: bool = False) -> Any:
        near = None if start is None else (
            of_game(start.game), start.lam, content(start.pi, *(
                x for mixes in start.joint_pi.values() for x in mixes)))
        return of_game(game), float(lam), near, trace

    watch(rules.Rules, "__init__", "rules", lambda self, scenario: described(scenario))
    watch(paths, "_walk", "numbers", lambda value, place, path, *name:
          described(value) if isinstance(value, dt.Scenario) else None)
    watch(compiling, "compile_scenario", "compiled",
          lambda scenario, *budget: described(scenario))
    watch(fallible, "solve", "solved", search)
    return count


def once(count: dict[str, Counter[Any]], crises: int) -> None:
    """Check that each crisis and each search occurs once."""
    for kind in ("rules", "numbers", "compiled"):
        assert len(count[kind]) == crises, kind
        assert set(count[kind].values()) == {1}, kind
    assert count["solved"] and set(count["solved"].values()) == {1}


def test_one_report_of_cuba(work):
    """Its claims name two variants, each without one mechanism; so there are three crises."""
    found = dt.analyse("cuba-1962", samples=4, deliberate_samples=1, starts=0, structure=False)
    assert found.report().to_html() and found.as_dict()
    once(work, crises=3)


def test_drivers(work):
    from detente.analysis.indices import global_drivers

    case = make_crisis(**RANGES)
    work["numbers"].clear()  # the reader has listed them; the list is kept with the scenario
    found = global_drivers(case, samples=4)
    assert found.solves == 4 * 4 and not work["numbers"]
    assert len(work["rules"]) == len(work["compiled"]) == 1
    assert set(work["rules"].values()) == set(work["solved"].values()) == {1}


def test_games_of_both_models_are_solved_once_in_drivers(monkeypatch):
    """The deliberate design of 4 rows is the beginning of the fallible one of 64 rows."""
    from detente import equilibrium
    from detente.analysis import indices

    rows: list[bytes] = []
    real = equilibrium.solve_batch

    def counted(game: Any, numbers: Any, n: int, **named: Any) -> Any:
        part = numbers(slice(0, n))
        rows.extend(content(*(x[..., k] for x in part.payoff)).encode() for k in range(n))
        return real(game, numbers, n, **named)

    monkeypatch.setattr(equilibrium, "solve_batch", counted, raising=False)
    monkeypatch.setattr(indices, "LEAST", 4)
    found = indices.global_drivers(make_crisis(**RANGES), samples=32)
    assert (found.solves, found.deliberate_solves) == (32 * 4, 4 * 4)
    assert len(rows) == len(set(rows)) == 32 * 4


def test_compare(work):
    """The case and its two variants are three crises."""
    case = make_crisis(**RANGES, variants={
        "slow": {"title": "Slow", "set": {"delay_cost": 0.04}},
        "even": {"title": "Even", "set": {"war.win_chance": 0.5}}})
    found = dt.compare(case, samples=4)
    assert len(found.sides) == 3 and dt.report(found).to_html()
    once(work, crises=3)


def test_offramps(work):
    case = make_crisis(**merged(RANGES, {"levers": LEVERS}))
    found = dt.offramps(case, "settlement >= 0.9", samples=4, starts=0)
    assert found.lines and dt.report(found).to_html()
    once(work, crises=1)


def test_claims(work):
    case = make_crisis(**RANGES, claims=[{
        "id": "less", "says": "Offers prevent war.",
        "holds_if": "P(war) < P(war, without: offers)"}])
    found = dt.claims(case, samples=4, starts=0, points=0)
    assert found.found[0].share is not None
    once(work, crises=2)


def test_a_cheapest_combination_of_one_lever_is_confirmed_once(monkeypatch):
    """With one lever the cheapest combination is that lever's own change."""
    from detente.analysis.offramps import find

    seen = []
    real = find.confirm
    monkeypatch.setattr(find, "confirm", lambda search, x, *rest: seen.append(x.round(9).tolist())
                        or real(search, x, *rest))
    case = make_crisis(turns={"each": 1}, levers={"delay_cost": LEVERS["delay_cost"]})
    now = find.offramps(case, "war <= 1", samples=2, starts=0).now
    for target in (f"war <= {0.999 * now}", f"war >= {1.001 * now}"):  # one of them takes a change
        find.offramps(case, target, samples=2, starts=0)
    assert len(seen) == 2  # one for each target


def test_a_claim_is_checked_once_and_a_wrong_one_each_time():
    from detente.claims import check_claims

    case = make_crisis(claims=[{"id": "a", "says": "A.", "holds_if": "P(war) < 0.5"}])
    first = check_claims(case)
    assert check_claims(case)["a"] is first["a"]
    first.clear()  # the caller's copy
    assert list(check_claims(case)) == ["a"]
    wrong = case.model_copy(update={"claims": [
        case.claims[0].model_copy(update={"holds_if": "P(wra) < 0.5"})]})
    for _ in range(2):
        with pytest.raises(dt.InputError, match="wra"):
            check_claims(wrong)


def test_numbers_are_listed_once_and_a_copy_lists_its_own():
    case = make_crisis()
    paths.numbers(case).clear()  # the caller's copy
    assert paths.numbers(case)["war.win_chance"].centre == 0.55
    other = case.model_copy(update={"war": case.war.model_copy(
        update={"win_chance": make_crisis(war={"win_chance": 0.7}).war.win_chance})})
    assert paths.numbers(other)["war.win_chance"].centre == 0.7
    assert paths.numbers(case)["war.win_chance"].centre == 0.55


def test_a_cold_start_is_kept_apart_from_a_warm_one():
    """A proposal is solved again from lambda 0, though the search solved it from a neighbour."""
    from detente.analysis.memo import Memo

    memo = Memo(dt.compile(make_crisis(**RANGES)))
    centre = memo.fallible(5.0)
    assert memo.fallible(5.0, cold=True) is centre
    assert memo.fallible(5.0, memo.compiled.centre, start=centre) is centre and memo.solves == 1
    moved = memo.compiled.centre * 1.01
    warm = memo.fallible(5.0, moved, start=centre)
    cold = memo.fallible(5.0, moved, cold=True)
    assert warm is not cold and warm.found_from == "neighbour" and cold.found_from == "lambda 0"
    assert memo.fallible(5.0, moved) is warm and memo.solves == 3
    assert cold.outcomes() == pytest.approx(warm.outcomes(), abs=1e-8)
