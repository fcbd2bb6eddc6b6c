"""Events of a crisis read, added, cut at a date, and refused if they do not fit."""

import datetime

import numpy as np
import pytest

import detente as dt
from detente.errors import InputError
from detente.follow.begin import begin
from detente.follow.file import loads_events
from detente.scenario.quantity import Quantity
from tests.conftest import text_of

from .small import EVENTS, SIZE, events_for


def test_adding_events_one_by_one_equals_reading_them_all(crisis, found):
    short = begin(crisis, events_for(crisis, events=EVENTS["events"][:1]), samples=64, seed=3,
                  resample=False)
    for event in EVENTS["events"][1:]:
        short = short.add(event)
    for k in range(4):
        assert np.abs(short.weights(k) - found.weights(k)).max() < 1e-15
    assert short.structures[0].parts is not found.structures[0].parts  # solved by itself


def test_until_a_date_leaves_out_what_was_not_complete(found):
    assert found.until("2001-05-03").count == 2
    assert found.until(datetime.date(2001, 5, 4)).count == 3
    assert found.until("2001-04-30").pool.evidence(0) == pytest.approx(1, abs=1e-12)


def test_an_event_that_does_not_fit_says_where_and_what_is_allowed(crisis):
    wrong = [EVENTS["events"][0], {**EVENTS["events"][1], "move": "escalate to mobilsation"}]
    with pytest.raises(InputError) as caught:
        begin(crisis, events_for(crisis, events=wrong), samples=16)
    error = caught.value
    assert error.line is not None and error.field == "events.alert.move"
    assert error.nearest == "escalate to mobilisation" and "hold" in error.expected
    turn = [{**EVENTS["events"][1], "actor": "bland", "move": "hold"}]
    with pytest.raises(InputError, match="not the turn of bland here: it is the turn of aland"):
        begin(crisis, events_for(crisis, events=turn), samples=16)


def test_the_public_function_takes_files_and_scenarios(tmp_path, crisis):
    case, file = tmp_path / "plain.yaml", tmp_path / "plain.events.yaml"
    from tests.conftest import PLAIN, merged

    case.write_text(text_of(merged(PLAIN, SIZE)))
    with pytest.raises(InputError, match="no events file beside it"):
        dt.follow(str(case))
    file.write_text(text_of(EVENTS))
    beside = dt.follow(str(case), samples=16)
    given = dt.follow(crisis, file, samples=16)
    assert beside.pool.evidence(3) == given.pool.evidence(3)
    with pytest.raises(InputError, match="is not a day"):
        dt.follow(str(case), until="May")


def test_the_message_on_a_log_says_how_to_write_an_events_file(tmp_path, crisis):
    log = tmp_path / "my game.jsonl"
    log.write_text('{"event": "game"}\n{"event": "end"}\n')
    with pytest.raises(InputError, match=r"detente play events '.*my game.jsonl' --out"):
        dt.follow(crisis, log)


def test_an_error_in_a_reading_names_the_reading(crisis):
    with pytest.raises(InputError, match="in the reading 'r', the crisis has ended"):
        begin(crisis, events_for(crisis, readings={"r": {"says": "It yields.", "events": {
            "alert": {"actor": "aland", "move": "yield"}}}}), samples=4)


def test_a_result_of_chance_that_is_not_there_lists_those_that_are(crisis):
    accident = {"date": "2001-05-03", "says": "War.", "source": "paper", "chance": "wra"}
    with pytest.raises(InputError, match="results of chance here: no accident; slips into war"):
        begin(crisis, events_for(crisis, events=[EVENTS["events"][1], accident]), samples=4)


def test_a_precision_that_leaves_moves_no_probability_is_refused(crisis):
    with pytest.raises(InputError, match=r"--lambda.*1e\+06.*at most 1000"):
        begin(crisis, events_for(crisis), samples=4, lam=1e6)
    sharp = crisis.model_copy(update={"precision": Quantity.log_uniform(5, 2000)})
    with pytest.raises(InputError, match="precision"):
        begin(sharp, events_for(sharp), samples=4)


@pytest.mark.parametrize("ask", [
    lambda f: f.add("x"), lambda f: f.until("x"), lambda f: f.first(99), lambda f: f.first(-1),
    lambda f: f.pool.forecast(1, "wra"), lambda f: f.pool.take(reading="x"),
    lambda f: begin(f.scenario, f.events, samples=0),
    lambda f: begin(f.scenario, f.events, seed=-1),
    lambda f: begin(f.scenario, f.events, workers=0), lambda f: dt.follow(f.scenario),
])
def test_a_wrong_request_from_python_gets_a_message(found, ask):
    with pytest.raises(InputError, match="expected"):
        ask(found)


def test_a_day_may_be_a_date(found):
    assert found.until(datetime.date(2001, 5, 2)).count == found.until("2001-05-02").count == 2


def test_an_alias_of_an_event_is_an_event_of_its_own(crisis):
    text = text_of({k: v for k, v in EVENTS.items() if k != "events"}) + (
        "\nevents:\n  - &same {date: 2001-05-01, says: A speech., source: paper, cannot: Words.}\n"
        "  - *same\n")
    assert [e.id for e in loads_events(text, crisis).file.events] == ["event-1", "event-2"]
