"""The ledger beside a case: a section of the report, as a user runs it, without words of a text."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from detente.analysis import analyse
from detente.cases import load
from detente.cases.ledgerfile import read_ledger
from detente.errors import InputError
from detente.findings.document import document, schema
from detente.findings.ledger import FINDING
from detente.reading.questions import ask
from tests.analysis.crisis import SMALL
from tests.conftest import text_of
from tests.reading.threads import TEXT, exchange, leaks
from tests.support.program import detente

SIZE = ("--samples", "4", "--deliberate-samples", "2", "--starts", "0")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case, and the ledger that `detente read ledger` wrote beside it."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "small.yaml").write_text(text_of(SMALL))
    with exchange(folder / "notes") as session:
        ask(session, "Is war probable?", [1, 2])
        session.relate(2, 1, "attack", "reply")
    done = detente("read", "ledger", "small.yaml", "--session", "notes", "--out",
                   "small.ledger.json", *SIZE, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "small.yaml"


def changed(place: Path, **changes: object) -> None:
    made = json.loads(place.with_name("small.ledger.json").read_text())
    place.with_name("small.ledger.json").write_text(json.dumps(made | changes))


def copy(place: Path, folder: Path) -> Path:
    for name in ("small.yaml", "small.ledger.json"):
        (folder / name).write_bytes(place.with_name(name).read_bytes())
    return folder / "small.yaml"


def test_the_report_has_the_ledger_in_every_form(place: Path) -> None:
    done = detente("run", "small.yaml", *SIZE, "--full", "--out", "r.html", cwd=place.parent,
                   COLUMNS="240")
    assert done.returncode == 0, done.stderr
    said, page = done.stdout.decode(), (place.parent / "r.html").read_text()
    for output in (said, page):
        for wanted in ("Ledger of claims", "Is war probable?", "War is improbable.",
                       "attacked by c2", "Tested below one half.", "harbour.txt", "0 to 31"):
            assert wanted in output
        assert leaks(output) == []
    assert leaks(TEXT)  # the test can fail


def test_the_document_has_the_ledger(place: Path) -> None:
    made = json.loads(json.dumps(document(
        analyse(place, samples=4, deliberate_samples=2, starts=0))))
    jsonschema.validate(made, schema())
    assert made["ledger"]["case_changed"] is False and leaks(json.dumps(made)) == []
    assert made["ledger"]["document"] == json.loads(
        place.with_name("small.ledger.json").read_text())


def test_a_changed_case_and_a_ledger_without_a_case_say_so(place: Path, tmp_path: Path) -> None:
    case = copy(place, tmp_path)
    case.write_text(case.read_text() + "# a remark\n")
    found = analyse(case, samples=4, deliberate_samples=2, starts=0)
    assert "has changed since" in FINDING.sections(found)[0].notes[0]
    assert list(FINDING.frame(found)["claim"]) == ["c1", "c2", "c3", "c4"]
    changed(case, case=None, case_sha256=None, title=None, model=None, certified=None)
    found = analyse(case, samples=4, deliberate_samples=2, starts=0)
    assert "without a case" in FINDING.sections(found)[0].notes[0]


def test_a_case_without_a_ledger_shows_nothing(place: Path, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_bytes(place.read_bytes())
    alone = analyse(tmp_path / "small.yaml", samples=4, deliberate_samples=2, starts=0)
    assert FINDING.sections(alone) == [] and FINDING.data(alone) is None
    assert FINDING.frame(alone).empty


SECRET = "The blockade must not be lifted"


@pytest.mark.parametrize("changes, said", [
    ({"exact": SECRET}, "a key that a ledger does not have"),
    ({"relations": {SECRET: SECRET}}, "relations: "),
    ({"questions": [{"asks": "a", "rows": [], SECRET: 1}]}, "questions.0: there is a key"),
    ({"questions": [{"asks": SECRET + "\x1b[31m", "rows": []}]}, "questions.0.asks: the text is"),
    ({"questions": [{"asks": SECRET * 200, "rows": []}]}, "questions.0.asks: string should have"),
    ({"certified": SECRET}, "certified: input should be"),
    ({"case": "another"}, "the ledger is of another crisis; expected 'small'"),
])
def test_any_other_form_is_an_error_of_the_case_without_its_words(
    place: Path, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    case = copy(place, tmp_path)
    changed(case, **changes)
    with pytest.raises(InputError) as wrong:
        load(case)
    assert said in str(wrong.value) and "blockade" not in str(wrong.value)
    assert "small.ledger.json" in str(wrong.value) and "move" in str(wrong.value)


@pytest.mark.parametrize("data", [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000, b'{"version": NaN}', b"{}"])
def test_broken_files_end_the_run_before_it_begins(
    place: Path, tmp_path: Path, data: bytes
) -> None:
    case = copy(place, tmp_path)
    case.with_name("small.ledger.json").write_bytes(data)
    with pytest.raises(InputError, match=r"small\.ledger\.json"):
        read_ledger(case.with_name("small.ledger.json"))
    if data == b"{":
        done = detente("run", case, cwd=tmp_path)
        assert done.returncode == 2 and b"not valid JSON" in done.stderr
        assert sorted(p.name for p in tmp_path.iterdir()) == ["small.ledger.json", "small.yaml"]
