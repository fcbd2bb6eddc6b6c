"""The folder gives and takes names, never paths, and never follows a link."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from detente.cases.names import casebook
from detente.errors import InputError, OutputError
from detente.scenario.yamlfile import MAX_BYTES
from detente.web.beside import BESIDE, READ
from detente.web.folder import ChangedError, Folder
from detente.web.source import check
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of

HOSTILE = ["../x", "/etc/passwd", "a/b", "a\\b", "a.yaml", ".", "..", "", "A", "a b", "a\0b",
           "\u0430bc", "x" * 61, "-a", "con:", "a\n", "%2e%2e"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_not_one_is_refused_everywhere(folder: Folder, name: str) -> None:
    for work in (folder.read, folder.create, folder.duplicate, folder.delete, folder.read_events,
                 lambda n: folder.save(n, "x", None), lambda n: folder.save_events(n, "x"),
                 folder.undo):
        with pytest.raises(InputError):
            work(name)
    assert list(folder.path.iterdir()) in ([], [folder.path / ".detente"])


def test_write_change_and_read(folder: Folder) -> None:
    made = folder.create("my-crisis")
    assert (folder.path / "my-crisis.yaml").read_text() == made.text
    after = folder.save("my-crisis", "crisis: b\n", made.sha256)
    with pytest.raises(ChangedError):  # another window still has the first text
        folder.save("my-crisis", "crisis: c\n", made.sha256)
    assert folder.read("my-crisis").text == "crisis: b\n"
    folder.save("my-crisis", "crisis: c\n", after.sha256)
    folder.save("my-crisis", "crisis: d\n", None)
    assert folder.read("my-crisis").text == "crisis: d\n"


def test_events_of_another_window_are_not_overwritten(folder: Folder) -> None:
    folder.create("my-crisis", "crisis: a\n")
    first = folder.save_events("my-crisis", "events: 1\n", "no file")  # there was none
    with pytest.raises(ChangedError):  # a window that was opened before that
        folder.save_events("my-crisis", "events: 2\n", "no file")
    folder.save_events("my-crisis", "events: 3\n", first.sha256)
    kept = folder.read_events("my-crisis")
    assert kept is not None and kept.text == "events: 3\n"


def test_delete_and_undo_with_its_events(folder: Folder) -> None:
    folder.create("my-crisis", "crisis: a\n")
    folder.save_events("my-crisis", "follows: my-crisis\n")
    token = folder.delete("my-crisis")
    assert [p.name for p in folder.path.glob("*.yaml")] == []
    with pytest.raises(InputError):
        folder.read("my-crisis")
    assert folder.undo(token) == "my-crisis"
    assert folder.read("my-crisis").text == "crisis: a\n"
    events = folder.read_events("my-crisis")
    assert events is not None and events.text == "follows: my-crisis\n"
    with pytest.raises(InputError):
        folder.undo(token)


def test_undo_does_not_replace_a_new_file(folder: Folder) -> None:
    folder.create("my-crisis", "old")
    token = folder.delete("my-crisis")
    folder.create("my-crisis", "new")
    with pytest.raises(InputError):
        folder.undo(token)
    assert folder.read("my-crisis").text == "new"


def test_a_shipped_case_is_read_and_copied_but_not_deleted(folder: Folder) -> None:
    assert not folder.read("cuba-1962").own
    copy = folder.duplicate("cuba-1962")
    assert folder.read(copy).text == folder.read("cuba-1962").text and folder.read(copy).own
    assert folder.duplicate("cuba-1962") != copy
    with pytest.raises(InputError):
        folder.delete("cuba-1962")
    with pytest.raises(InputError):
        folder.create("cuba-1962")


def test_a_link_is_not_followed(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    outside.write_text("crisis: secret\n")
    os.symlink(outside, folder.path / "linked.yaml")
    with pytest.raises(InputError):
        folder.read("linked")
    with pytest.raises(InputError):
        folder.save("linked", "mine", None)
    assert outside.read_text() == "crisis: secret\n"
    assert "linked" not in [e.name for e in folder.entries()]


def test_the_bin_is_not_a_link(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    os.symlink(outside, folder.path / ".detente")
    folder.create("my-crisis")
    with pytest.raises(InputError):
        folder.delete("my-crisis")
    assert list(outside.iterdir()) == [] and folder.read("my-crisis").own
    folder.keep_answer("0" * 64, "an answer")  # nothing is kept, and nothing fails


def test_what_is_not_an_ordinary_file_is_refused(folder: Folder) -> None:
    (folder.path / "a-folder.yaml").mkdir()
    os.mkfifo(folder.path / "a-pipe.yaml")
    (folder.path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (folder.path / "large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    for name in ("a-folder", "a-pipe", "binary", "large"):
        with pytest.raises(InputError):
            folder.read(name)
    assert [e for e in folder.entries() if e.own] == []
    with pytest.raises(InputError):
        folder.create("new-one", "#" * (MAX_BYTES + 1))


def test_the_library_tells_title_errors_and_the_answer_of_this_very_text(folder: Folder) -> None:
    made = folder.create("my-crisis")
    folder.create("broken", "crisis: broken\ntitle: <b>Broken</b>\nzzz: 1\n")
    folder.keep_answer(made.sha256, "Most probable outcome: none.")
    found = {e.name: e for e in folder.entries()}
    assert found["my-crisis"].answer == "Most probable outcome: none." and not found[
        "my-crisis"].errors
    assert found["broken"].title == "<b>Broken</b>" and found["broken"].errors >= 1
    assert not found["cuba-1962"].own and found["cuba-1962"].title.startswith("Missiles")
    folder.save("my-crisis", made.text + "\n# changed\n", None)
    assert {e.name: e for e in folder.entries()}["my-crisis"].answer == ""


def test_files_that_are_not_shown_are_named_with_the_reason(folder: Folder) -> None:
    folder.create("my-crisis")
    for name in ("My Crisis.yaml", "\u202ereversed.yaml", "a.graph.yaml"):
        (folder.path / name).write_text("crisis: a\n")
    (folder.path / "model.yaml").write_text("model: probit\n")
    (folder.path / "damaged.yaml").write_text("# a note\ncrisis: damaged\n  title: [\n")
    (folder.path / "my-crisis.events.yaml").write_text("crisis: my-crisis\n")
    (folder.path / os.fsdecode(b"latin-\xe9.yaml")).write_text("crisis: a\n")
    (folder.path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    assert [e.name for e in folder.entries() if e.own] == ["damaged", "my-crisis"]
    left = folder.left_out()
    assert len(left) == 6
    assert "\\u202ereversed.yaml" in [name for name, _ in left]
    "".join(name + why for name, why in left).encode()  # a page can show each


def test_a_file_of_ones_own_stands_for_the_shipped_case_of_its_name(folder: Folder) -> None:
    folder.save("cuba-1962", "crisis: cuba-1962\ntitle: Mine\n", None)
    assert [e.own for e in folder.entries() if e.name == "cuba-1962"] == [True]
    assert "Mine" in folder.read("cuba-1962").text
    folder.delete("cuba-1962")
    assert [e.own for e in folder.entries() if e.name == "cuba-1962"] == [False]


def test_a_copy_has_the_events_of_the_original(folder: Folder) -> None:
    copy = folder.duplicate("guarantees-2022")
    events, there = folder.read_events(copy), folder.read_events("guarantees-2022")
    assert events is not None and there is not None and events.text == there.text


def test_a_draft_stands_beside_its_draws_and_replaces_nothing(folder: Folder) -> None:
    text = "# Draws stand in icb-70.draws.csv\ncrisis: icb-70\n"
    assert folder.add_draft("icb-70", text, "a,b\n") == "icb-70"
    assert folder.add_draft("icb-70", text, "c,d\n") == "icb-70-copy"
    assert (folder.path / "icb-70.draws.csv").read_text() == "a,b\n"
    assert "icb-70-copy.draws.csv" in folder.read("icb-70-copy").text


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Folder(tmp_path / "none")


def test_a_copy_has_its_name_and_title_and_every_other_letter(folder: Folder) -> None:
    folder.create("first", "crisis: a  # mine\ntitle: >-\n  One\n  two\nzzz: 1 # odd\n")
    assert folder.duplicate("first", "second", "Two") == "second"
    assert folder.read("second").text == 'crisis: a  # mine\ntitle: "Two"\nzzz: 1 # odd\n'
    with pytest.raises(InputError, match="already"):
        folder.duplicate("first", "second", "Three")
    with pytest.raises(InputError, match="already"):
        folder.duplicate("first", "cuba-1962", "Three")  # the name of a shipped case
    folder.create("broken", "crisis: [a\n")
    assert folder.read(folder.duplicate("broken", None, "Two")).text == "crisis: [a\n"
    made = folder.duplicate("cuba-1962")
    assert folder.read(made).text == folder.read("cuba-1962").text


TIES = """
ties: mine
title: Two states
definitions: {treaties: {says: A treaty in force}}
actors: {aland: {}, bland: {}}
pairs: [{between: [aland, bland], value: -0.5, counts: [treaties], because: War}]
"""


def test_ties_go_with_their_crisis(folder: Folder) -> None:
    """A claim on ties is right in the original and in the copy, and wrong without the file."""
    claim = {"id": "a", "says": "A.", "holds_if": "aligned(aland, bland) < 0.5"}
    folder.create("mine", text_of(merged(SMALL, {"claims": [claim]})))
    assert {e.name: e.errors for e in folder.entries() if e.own} == {"mine": 1}
    (folder.path / "mine.ties.yaml").write_text(TIES)
    made = folder.duplicate("mine")
    assert (folder.path / f"{made}.ties.yaml").read_text() == TIES
    assert {e.name: e.errors for e in folder.entries() if e.own} == {"mine": 0, made: 0}
    assert not any("ties" in name for name, _ in folder.left_out())
    token = folder.delete("mine")
    assert not (folder.path / "mine.ties.yaml").exists()
    folder.undo(token)
    assert (folder.path / "mine.ties.yaml").exists()


@pytest.mark.parametrize("ending", BESIDE)
def test_a_file_beside_goes_along(folder: Folder, ending: str) -> None:
    """Into a copy, to the bin and back, byte for byte; a ledger is JSON, so no text is changed."""
    content = f"content of {ending}: \u00e9\r\n".encode() + b"\xff"
    folder.create("mine", "crisis: mine\n")
    (folder.path / f"mine{ending}").write_bytes(content)
    made = [folder.duplicate("mine"), folder.duplicate("mine", "other"),
            folder.copy_as("mine", "crisis: mine\n# changed\n")]
    assert [(folder.path / f"{name}{ending}").read_bytes() for name in made] == [content] * 3
    token = folder.delete("mine")
    assert not list(folder.path.glob("mine.*"))
    folder.undo(token)
    assert (folder.path / f"mine{ending}").read_bytes() == content
    assert not list((folder.path / ".detente" / "bin").iterdir())


@pytest.mark.parametrize("ending", BESIDE)
def test_no_file_beside_is_replaced(folder: Folder, ending: str) -> None:
    folder.create("mine", "crisis: mine\n")
    (folder.path / f"mine{ending}").write_text("old")
    (folder.path / f"other{ending}").write_text("of another crisis")
    assert folder.free("other-copy") == "other-copy"
    with pytest.raises(InputError, match=f"there is a file other{re.escape(ending)} already"):
        folder.duplicate("mine", "other")
    assert not (folder.path / "other.yaml").exists()
    token = folder.delete("mine")
    (folder.path / f"mine{ending}").write_text("new")
    with pytest.raises(InputError, match=f"new file mine{re.escape(ending)}"):
        folder.undo(token)
    assert (folder.path / f"mine{ending}").read_text() == "new"
    assert not (folder.path / "mine.yaml").exists()
    (folder.path / f"mine{ending}").unlink()
    folder.undo(token)
    assert (folder.path / f"mine{ending}").read_text() == "old"


@pytest.mark.parametrize("at", range(1, len(BESIDE) + 2))
def test_an_error_moves_or_writes_nothing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The disk refuses the first, second, ... file: all stay where they were."""
    folder.create("mine", "crisis: mine\n")
    for ending in BESIDE:
        (folder.path / f"mine{ending}").write_text(ending)

    def listed() -> list[str]:
        return sorted(p.name for p in folder.path.iterdir() if p.is_file())

    before, real, calls = listed(), os.replace, []

    def replace(*places: Any) -> None:
        calls.append(places)
        if len(calls) == at:
            raise OSError(28, "No space left on device")
        real(*places)

    for work in (folder.delete, folder.duplicate):
        calls.clear()
        monkeypatch.setattr(os, "replace", replace)
        with pytest.raises(OutputError, match=r"(?i)no space left"):
            work("mine")
        assert listed() == before
        monkeypatch.undo()
    assert folder.read("mine").text == "crisis: mine\n"


def test_a_copy_of_a_shipped_case_has_its_other_models_and_the_folders_events(
    folder: Folder
) -> None:
    folder.save_events("cuba-1962", "events: mine\n")
    made = folder.duplicate("cuba-1962")
    assert sorted(p.name for p in folder.path.glob(f"{made}*")) == [
        f"{made}.events.yaml", f"{made}.graph.yaml", f"{made}.yaml"]
    events = folder.read_events(made)
    assert events is not None and events.text == "events: mine\n"


def test_a_copy_of_a_draft_names_its_own_draws(folder: Folder) -> None:
    made = folder.duplicate("book-memel-1939", "mine")
    assert "mine.draws.csv" in folder.read(made).text
    assert (folder.path / "mine.draws.csv").read_bytes() == casebook()[
        "book-memel-1939"].with_name("book-memel-1939.draws.csv").read_bytes()


@pytest.mark.parametrize("ending", READ)
def test_a_link_beside_is_not_followed_and_the_library_says_so(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, ending: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("secret")
    folder.create("mine")
    assert folder.place("mine") == folder.path / "mine.yaml"
    read: list[Path | None] = []
    monkeypatch.setattr(
        "detente.web.source.loads", lambda text, file="", case=None: read.append(case))
    check(f"a text {ending}", "mine", folder.place("mine"))
    opened = folder.place("mine")
    (folder.path / f"mine{ending}").symlink_to(outside)  # after a window has opened the crisis
    check(f"a text {ending}", "mine", opened)
    assert read == [folder.path / "mine.yaml", None]
    assert folder.place("mine") is None
    assert [name for name, why in folder.left_out() if "link" in why] == [f"mine{ending}"]
    made = folder.duplicate("mine")
    assert not list(folder.path.glob(f"{made}{ending}"))
