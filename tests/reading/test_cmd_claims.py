"""From thread to ledger to case, as a user runs it; no word of a flagged passage comes out."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from detente import cli
from tests.support.program import detente

ROLES = ("--role", "first=Tirrenia", "--role", "second=Oster", "--role", "mediator=Norrland",
         "--role", "third=Sundmark")
DRAFT = ("draft", "vessen", "--archetype", "brokered-settlement", *ROLES, "--stake",
         "passage through the strait")
SCHEMAS = Path(__file__).parents[2] / "src" / "detente" / "reading"


class Desk:
    """A folder with a session, and everything that was printed in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.printed = folder, ""

    def read(
        self, *words: str, session: bool = True, code: int = 0, process: bool = False
    ) -> str:
        given = ("read", *words, *(("--session", "notes") if session else ()))
        if process:
            done = detente(*given, cwd=self.folder)
            found, out, err = done.returncode, done.stdout.decode(), done.stderr.decode()
        else:  # a process for each command would take a minute
            with (contextlib.chdir(self.folder), contextlib.redirect_stdout(io.StringIO()) as said,
                  contextlib.redirect_stderr(io.StringIO()) as wrong):
                found = cli.main(list(given))
            out, err = said.getvalue(), wrong.getvalue()
        self.printed += out + err
        assert found == code, err
        return out if code == 0 else err

    def json(self, schema: str, *words: str) -> Any:
        found = json.loads(self.read(*words, "--json"))
        jsonschema.validate(found, json.loads(
            (SCHEMAS / f"read-{schema}.schema.json").read_text()))
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("desk"))
    made.read("examples", session=False, process=True)
    made.read("vessen-comments.txt", "vessen-thread.txt", process=True)
    made.read("confirm", "decisions.jsonl", process=True)
    made.read(*DRAFT, process=True)
    yield made


def test_formalise(desk: Desk) -> None:
    found = desk.json("formalise", "formalise", "vessen.yaml")
    assert len(found["claims"]) == 11
    assert all(c["holds_if"] and c["note"] for c in found["claims"])
    again = desk.json("formalise", "formalise", "vessen.yaml", "c10", "outcome-likely",
                      "outcome=settlement", "least=0.4")
    assert again["claims"][0]["holds_if"] == "P(settlement) > 0.4"
    none = desk.json("formalise", "formalise", "vessen.yaml", "c10", "--none", "It is a mood.")
    assert none["claims"][0]["holds_if"] is None and none["claims"][0]["note"] == "It is a mood."


def test_templates(desk: Desk) -> None:
    found = desk.json("templates", "templates", "vessen.yaml", "--claim", "c5")
    assert found["templates"][0]["id"] == "talks-useless"
    text = desk.read("templates", "vessen.yaml", "actor=tirrenia", "--template", "must-act")
    assert "    attack" in text and "escalate_to_pressure" in text


def test_relate_map_and_export(desk: Desk) -> None:
    found = desk.json("map", "map")
    offered = {(p["from"], p["to"]): p["kind"] for p in found["proposals"]}
    assert offered["c7", "c6"] is None and offered["c14", "c13"] == "support"
    desk.read("relate", "c7", "attack", "c6", process=True)
    desk.read("relate", "c8", "support", "6", "--note", "The guarantee is part of it.")
    found = desk.json("map", "relate", "c10", "attack", "c9")
    origins = {(r["from"], r["to"]): (r["kind"], r["origin"]) for r in found["relations"]}
    assert origins == {("c7", "c6"): ("attack", "reply"), ("c10", "c9"): ("attack", "cue"),
                       ("c8", "c6"): ("support", "confirmed")}
    assert "c9" not in found["grounded"]
    assert desk.json("map", "relate", "c10", "none", "c9")["proposals"]
    aif = json.loads(desk.read("export", "--as", "aif"))
    jsonschema.validate(aif, json.loads((SCHEMAS / "aif.schema.json").read_text()))
    assert "[c7]: A partial mediator" in desk.read(
        "export", "--as", "argdown", process=True)
    assert "claims:\n  - id: c1\n" in desk.read("export", "--as", "claims")


def test_question_and_ledger(desk: Desk) -> None:
    assert desk.json("question", "question", "Does the mediator help?", "c6", "c7")[
        "questions"]["Does the mediator help?"] == ["c6", "c7"]
    page = desk.folder / "ledger.html"
    found = desk.json("ledger", "ledger", "--out", str(page))  # without a case nothing is solved
    assert found["case"] is None and found["questions"][0]["asks"] == "Does the mediator help?"
    desk.printed += page.read_text()


def test_events_and_draft(desk: Desk) -> None:
    desk.json("event", "event", "c1", "--date", "2031-05-02", "--before")
    desk.read("event", "c2", "--date", "2031-05-09", "--actor", "tirrenia", "--move",
              "escalate to pressure")
    wrong = desk.read(*DRAFT, code=2)
    assert "vessen.yaml: the file exists and does not carry detente's mark" in wrong
    found = desk.json("draft", *DRAFT, "--out", "again.yaml")
    assert found["misfits"] == {} and "follows: vessen" in found["events"]
    check = detente("check", "again.yaml", "--json", cwd=desk.folder)
    assert check.returncode == 0 and json.loads(check.stdout)["case"] == "vessen"
    assert found["events_misfit"] is None
    desk.read("event", "c2", "--date", "2031-05-09", "--actor", "tirrenia", "--move", "mobilise")
    found = desk.json("draft", *DRAFT, "--out", "other.yaml")
    assert "no move here is called 'mobilise'" in found["events_misfit"]
    assert "expected a move of the menu" in found["events_misfit"]
    assert "Enter it again with `detente read event c2`" in found["events_misfit"]
    desk.read("event", "c2", "--date", "2031-05-09", "--actor", "Tirrenia", "--move", "hold")
    said = desk.read(*DRAFT, "--out", "titles.yaml")  # the draft is written all the same
    assert "The event of c2 does not fit this game: there is no actor 'Tirrenia'" in said
    assert (desk.folder / "titles.yaml").exists() and "titles.events.yaml" in said
    desk.printed += (desk.folder / "again.yaml").read_text()
    desk.printed += (desk.folder / "again.events.yaml").read_text()


@pytest.mark.parametrize(("words", "message"), [
    (("formalise", "vessen.yaml", "c3", "must-akt"), "did you mean 'must-act'"),
    (("formalise", "vessen.yaml", "c99", "must-act", "actor=oster", "move=hold"),
     "the session has no claim 99"),
    (("formalise", "vessen.yaml", "c3", "must-act", "actor"), "'actor' is no slot"),
    (("relate", "c1", "atack", "c2"), "did you mean 'attack'"),
    (("relate", "one", "attack", "c2"), "'one' names no claim"),
    (("event", "c1", "--date", "2031-05-02"), "the event is entered in no way"),
    (("export", "--as", "aff"), "did you mean 'aif'"),
    (("question", "Why?", "c77"), "no claim 77"),
])
def test_wrong_input(desk: Desk, words: tuple[str, ...], message: str) -> None:
    assert message in desk.read(*words, code=2)


def test_a_session_must_exist(tmp_path: Path) -> None:
    done = detente("read", "map", "--session", "nothing", cwd=tmp_path)
    assert done.returncode == 2 and b"there is no session in this folder" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_no_sentence_of_the_threads_was_printed(desk: Desk) -> None:
    """Run last: everything that the commands above printed or wrote, searched for the threads."""
    for name in ("vessen-comments.txt", "vessen-thread.txt"):
        words = (desk.folder / name).read_text().split()
        for k in range(len(words) - 4):
            assert " ".join(words[k:k + 5]) not in desk.printed
    for heated in ("rats", "porridge", "idiots"):
        assert heated not in desk.printed
