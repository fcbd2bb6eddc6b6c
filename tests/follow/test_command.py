"""``detente follow`` as a user runs it: every run is a process of its own."""

import json
from importlib.resources import files

import jsonschema
import pytest

from detente.errors import InputError
from detente.follow.run import begun
from detente.follow.schemas import schemas
from tests.conftest import PLAIN, merged, text_of
from tests.support.program import outputs

from .small import EVENTS
from .test_filter import SIZE


def run(folder, *words, code=0):
    """Run detente in a folder and return its two outputs."""
    done = outputs("follow", *words, cwd=folder, timeout=600, COLUMNS="80")
    assert done.returncode == code, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("follow")
    claims = [{"id": "war", "says": "War is unlikely.", "source": "author",
               "holds_if": "P(war) < 0.5"},
              {"id": "offers", "says": "Offers matter.", "source": "author",
               "holds_if": "P(war, without: offers) > P(war)"}]
    case = merged(PLAIN, {**SIZE, "claims": claims,
                          "sources": [{"id": "author", "cite": "The author"}],
                          "levers": {"war.win_chance": {"from": 0.3, "to": 0.8}}})
    (place / "plain.yaml").write_text(text_of(case))
    (place / "plain.events.yaml").write_text(text_of(EVENTS))
    return place


def test_json_has_the_published_schema_and_its_checks(folder):
    out, err = run(folder, "plain.yaml", "--samples", "128", "--target", "war <= 0.2", "--json")
    found = json.loads(out)
    shipped = json.loads((files("detente.follow") / "follow.schema.json").read_text())
    jsonschema.Draft202012Validator(shipped).validate(found)
    assert [s["way"] for s in found["steps"]] == ["", "before", "move", "move"]
    assert all(abs(sum(f["probability"] for f in s["outcomes"]) - 1) < 1e-9
               for s in found["steps"])
    bits = [s["evidence_bits"] for s in found["steps"]]
    for before, after, step in zip(bits[:-1], bits[1:], found["steps"][1:], strict=True):
        told = (step["bits"] or 0.0) + (step["chance_bits"] or 0.0)
        assert after - before == pytest.approx(told, abs=1e-9)  # the bits add up by event
    assert sum(w["probability"] for w in found["next"]) == pytest.approx(1, abs=1e-9)
    war, offers = found["claims"]
    assert war["here"] is not None and offers["why_not_here"].startswith("it changes the game")
    lever = found["offramps"]["levers"][0]
    assert lever["lever"] == "war.win_chance" and len(lever["values"]) == 9
    assert {r["kind"] for r in found["evidence"]} >= {"model", "precision"}
    assert found["checks"]["passed"] == found["checks"]["samples"] and "Traceback" not in err


def test_the_shipped_schemas_are_those_of_the_types():
    for name, made in schemas().items():
        shipped = json.loads((files("detente.follow") / name).read_text())
        assert shipped == json.loads(json.dumps(made)), "run: python -m detente.follow.schemas"
    check = jsonschema.Draft202012Validator(schemas()["events.schema.json"])
    check.validate(EVENTS)
    assert not check.is_valid({**EVENTS, "event": []})


def test_the_first_screen_is_short_and_as_wide_as_the_terminal(folder):
    out, _ = run(folder, "plain.yaml", "--samples", "128")
    lines = out.rstrip().splitlines()
    assert len(lines) <= 30 and max(map(len, lines)) <= 80
    assert "most probable outcome" in out or "no headline" in out or "no figure" in out
    more, _ = run(folder, "plain.yaml", "--samples", "128", "--full")
    assert "Surprise of each move" in more and "Evidence" in more


def test_until_and_next(folder):
    out, _ = run(folder, "plain.yaml", "plain.events.yaml", "--until", "2001-05-02", "--next",
                 "--samples", "64", code=0)
    assert "bland: hold" in out and "Surprise of each" not in out


def test_the_page_is_written_whole(folder):
    run(folder, "plain.yaml", "--samples", "128", "--out", "page.html")
    page = (folder / "page.html").read_text()
    assert page.count("<svg") >= 6 and "Shifts of the assumptions" in page
    (folder / "mine.html").write_text("my own words")
    _, err = run(folder, "plain.yaml", "--samples", "64", "--out", "mine.html", code=2)
    assert "--force" in err and (folder / "mine.html").read_text() == "my own words"


BAD = [
    ({"follows": "other"}, "events follow 'other', but the crisis is 'plain'"),
    ({"sources": []}, "sources: too few"),
    ({"events": [{**EVENTS["events"][0], "date": "2001-02-30"}]}, "there is no day 2001-02-30"),
    ({"events": [{**EVENTS["events"][0], "date": "May"}]}, "'May' is not a date"),
    ({"events": [{**EVENTS["events"][0], "before": False}]}, "found none of them"),
    ({"events": [{**EVENTS["events"][1], "cannot": "no"}]}, "found move and cannot"),
    ({"events": [{**EVENTS["events"][1], "actor": "alnd"}]}, "did you mean 'aland'"),
    ({"events": [{**EVENTS["events"][1], "source": "papre"}]}, "did you mean 'paper'"),
    *(({"events": [{**EVENTS["events"][1], "move": {"hold": p}}]}, f"move.hold: {said} is not the "
       "probability of a report; expected a number from 1e-09 to 1, such as 0.5; leave out")
      for p, said in ((1.5, "1.5"), (0, "0"), (1e-320, "1e-320"), (-1, "-1"), (True, "true"),
                      ("likely", "'likely'"), ("50 %", "'50 %'"), (float("nan"), "nan"),
                      (None, "nothing"))),
    ({"events": [{**EVENTS["events"][1], "move": "dance"}]},
     "no move here is called 'dance'; it is the turn of aland; expected a move of the menu"),
    ({"events": EVENTS["events"][::-1]},
     "2001-05-02 ends before the event above it, 2001-05-03 to 2001-05-04"),
    ({"events": [{**EVENTS["events"][0], "date": "2001-05-01 to 2001-05-09"},
                 {**EVENTS["events"][1], "date": "2001-05-02 to 2001-05-03"}]},
     "2001-05-02 to 2001-05-03 ends before the event above it, 2001-05-01 to 2001-05-09"),
    ({"readings": {"b": {"says": "B.", "events": {"alrt": {"cannot": "x"}}}}},
     "did you mean 'alert'"),
    ({"readings": {"b": {"says": "B.", "events": {"alert": {"actor": "aland", "move": "accept"}}}}},
     "readings.b.events.alert.move: no move here is called 'accept'"),
    ({"events": [{k: v for k, v in EVENTS["events"][0].items() if k != "before"} | {
        "learned": {"war.win_chnce": "0.5 to 0.6"}}]}, "did you mean 'war.win_chance'"),
    ({"events": [{k: v for k, v in EVENTS["events"][0].items() if k != "before"} | {
        "learned": {"ladder.mobilisation.sunk_cost": "0.5 to 0.6"}}]}, "has no range"),
    ({"event": 1}, "unknown key 'event'"),
    ({"events": [{**EVENTS["events"][0], "date": 20010501}]}, "20010501 is not a date"),
    ({"events": [{**EVENTS["events"][1], "move": ["hold"]}]}, "a list is not a label"),
    ({"events": [{**EVENTS["events"][1], "move": {"hold": 0.9, "Hold": 0.1}}]},
     "two labels name the move 'hold'"),
]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_bad_events_say_what_is_wrong_and_where(folder, tmp_path, change, says):
    bad = tmp_path / "bad.events.yaml"
    bad.write_text(text_of({**EVENTS, **change}))
    with pytest.raises(InputError) as wrong:
        begun(folder / "plain.yaml", bad, samples=16)
    assert says in str(wrong.value) and "bad.events.yaml:" in str(wrong.value)


@pytest.mark.parametrize(("change", "says"), BAD[::6])
def test_bad_events_are_one_message_of_the_command(folder, tmp_path, change, says):
    bad = tmp_path / "bad.events.yaml"
    bad.write_text(text_of({**EVENTS, **change}))
    out, err = run(folder, "plain.yaml", str(bad), "--samples", "16", code=2)
    assert out == "" and says in err and "bad.events.yaml:" in err and "Traceback" not in err


def test_moves_after_the_end_are_refused(folder, tmp_path):
    ended = [{**EVENTS["events"][1], "move": "attack"},
             {**EVENTS["events"][2], "move": "hold"}]
    file = tmp_path / "late.events.yaml"
    file.write_text(text_of({**EVENTS, "events": ended}))
    _, err = run(folder, "plain.yaml", str(file), code=2)
    assert "the crisis has ended before this event" in err and "cannot" in err


@pytest.mark.parametrize(("target", "says"), [
    ("war <= 2", "2 is not a probability"), ("wra <= 0.1", "did you mean 'war'"),
])
def test_a_target_is_checked_before_anything_is_solved(folder, target, says):
    _, err = run(folder, "plain.yaml", "--target", target, code=2)
    assert says in err and "solving" not in err and "sampling" not in err


def test_the_first_screen_answers_the_target_that_was_asked_for(folder):
    out, _ = run(folder, "plain.yaml", "--samples", "128", "--target", "war <= 0.9")
    words = " ".join(out.split())
    assert "off-ramps from here P(war) at most 0.9 holds already from here" in words


def test_no_events_file_and_a_bad_day(folder, tmp_path):
    (tmp_path / "alone.yaml").write_text((folder / "plain.yaml").read_text())
    _, err = run(tmp_path, "alone.yaml", code=2)
    assert "no events file beside it" in err and "alone.events.yaml" in err
    _, err = run(folder, "plain.yaml", "--until", "yesterday", code=2)
    assert "'yesterday' is not a day" in err


def test_a_crisis_from_standard_input_needs_its_events_named(folder):
    _, err = run(folder, "-", code=2)
    assert "standard input has no events file beside it" in err
