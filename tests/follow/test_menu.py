"""The menu of events: what it lists can be entered, with the probability that entering it has."""

import math

import pytest

from detente.equilibrium import solve
from detente.errors import InputError
from detente.follow.entry import ROOT, EventError, enter, trail
from detente.follow.file import loads_events
from detente.follow.menu import menu_after, ways_from
from detente.game import decide, end, together, tree
from detente.game.build import chance
from detente.game.compile import compile_scenario
from detente.scenario.labels import titles_of
from tests.conftest import make_crisis

from .small import SIZE, events_for


def mass(place, reach):
    return float(place.evidence @ reach[place.nodes])


@pytest.mark.parametrize(("count", "actors"), [
    (0, {"aland"}), (1, {"aland"}), (2, {"bland", ""}), (3, {"aland"})])
def test_every_way_can_be_entered_and_has_the_probability_of_the_place_behind_it(count, actors):
    crisis = make_crisis(**SIZE)
    events, titles = events_for(crisis).first(count), titles_of(crisis)
    compiled = compile_scenario(crisis)
    found = solve(compiled.tree, compiled.lam)
    reach = found.reach
    before = trail(compiled.tree, [e.step for e in events.file.events], crisis.principals,
                   titles).places[-1]
    ways = menu_after(compiled, events if count else None, reach)
    assert found.certificate.certified and {w.actor for w in ways} == actors
    assert sorted(ways, key=lambda way: (way.actor == "", -way.probability)) == list(ways)
    for way in ways:
        after, _ = enter(compiled.tree, before, way.actor, {way.move: 1.0}, crisis.principals,
                         titles)
        assert math.isclose(mass(after, reach) / mass(before, reach), way.probability,
                            rel_tol=1e-9), way
    moves = sum(w.probability for w in ways if w.actor)
    accident = sum(w.probability for w in ways if not w.actor and w.probability < 0.5)
    assert math.isclose(moves + accident, 1)  # an accident ends the crisis


def test_actors_who_move_at_the_same_time_have_a_menu_each():
    game = tree({"a": 1, "b": 1, "c": 1}, together(
        {"a": ["stay", "go"], "b": ["stay", "go"]},
        {(x, y): chance({
            "storm": (0.25, end("storm")),
            "calm": (0.75, decide("c", {"yes": end("yes", a=float(x == y)), "no": end("no")}))})
         for x in ("stay", "go") for y in ("stay", "go")}))
    reach = solve(game, 1.0).reach
    first = ways_from(game, ROOT, reach, ["a", "b", "c"])
    assert {(w.actor, w.move) for w in first} == {
        (who, move) for who in "ab" for move in ("stay", "go")}
    for who in "ab":
        assert math.isclose(sum(w.probability for w in first if w.actor == who), 1)
    place = trail(game, [("a", {"go": 1.0})], ["a", "b", "c"]).places[-1]
    then = ways_from(game, place, reach, ["a", "b", "c"])
    assert {(w.actor, w.move) for w in then} == {("b", "stay"), ("b", "go")}
    both = trail(game, [("a", {"go": 1.0}), ("b", {"go": 1.0})], ["a", "b", "c"]).places[-1]
    last = {w.move: w.probability for w in ways_from(game, both, reach, ["a", "b", "c"])}
    assert set(last) == {"storm", "calm", "yes", "no"}
    assert math.isclose(last["storm"], 0.25) and math.isclose(last["calm"], 0.75)
    # c receives 0 whatever it answers, so each answer has half of what the calm leaves.
    assert math.isclose(last["yes"], 0.375) and math.isclose(last["no"], 0.375)
    third = {w.actor for w in ways_from(game, both, reach, ["a", "b"])}
    assert third == {"", "c"}  # a third party's move may be entered, or left out


def test_after_the_end_there_is_no_way():
    game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    place = trail(game, [("a", {"talk": 1.0})], ["a"]).places[-1]
    assert ways_from(game, place, solve(game, 1.0).reach, ["a"]) == ()


def test_an_event_that_does_not_fit_is_refused_with_its_line():
    crisis = make_crisis(**SIZE)
    text = ("follows: plain\nsources: [{id: own, cite: x}]\nevents:\n"
            "  - {date: 2001-05-02, says: x, source: own, actor: bland, move: hold}\n")
    compiled = compile_scenario(crisis)
    with pytest.raises(InputError) as told:
        menu_after(compiled, loads_events(text, crisis), solve(compiled.tree, compiled.lam).reach)
    assert told.value.line == 4 and "turn" in str(told.value)


def test_a_message_lists_the_menus_of_all_places():
    """Chance was not reported, so two menus are possible; a wrong event names the moves of both."""
    offered = decide("a", {"agree": end("peace"), "refuse": end("none")})
    alone = decide("a", {"hold": end("none"), "fight": end("war")})
    game = tree({"a": 1, "b": 1}, chance({"attends": (0.5, offered), "elsewhere": (0.5, alone)}))
    for entry, said in (
            (("a", {"fihgt": 1.0}), "no move here is called 'fihgt'; it is the turn of a; expected "
             "a move of the menu: agree; fight; hold; refuse (did you mean 'fight'?)"),
            (("b", {"hold": 1.0}), "it is not the turn of b here: it is the turn of a; expected an "
             "event of a: agree; fight; hold; refuse"),
            (("", {"attend": 1.0}), "no result of chance here is called 'attend'; expected one of "
             "the results of chance here: attends; elsewhere (did you mean 'attends'?)")):
        with pytest.raises(EventError) as wrong:
            trail(game, [entry], ["a", "b"])
        assert str(wrong.value) == said
