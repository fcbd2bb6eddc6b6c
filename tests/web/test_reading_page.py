"""The page Read in a real browser: read, confirm, formalise, map, ledger, draft."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Running
from tests.web.test_sturdy import solvers, until

pytest.importorskip("nupunkt", reason="the extra `reading` is not installed")

NAME = "vessen-thread.txt"
TEXT = files("detente.reading").joinpath("examples", NAME).read_text(encoding="utf-8")


def axe_script() -> str:
    """Return axe-core; empty if it is not installed."""
    try:
        import axe_playwright_python as axe
    except ImportError:
        return ""
    return (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def step(page: Any, key: str) -> None:
    page.click(f"#step a[data-value={key}]")


def test_from_a_thread_to_a_draft(app: Running, window: Any) -> None:
    from detente.reading.events import add_event
    from detente.reading.store import Session

    (app.folder / NAME).write_text(TEXT, encoding="utf-8")
    window.reload()
    window.click("#read summary")
    window.fill("#new_reading", "notes")
    window.click("#create_reading")
    window.click("#read a:has-text('notes')")
    window.wait_for_selector("#read_file")
    window.click("#read_file")
    window.wait_for_selector("text=6 turns")

    window.wait_for_selector(".reading article:nth-child(6)")
    shown = window.inner_text(".reading")
    assert "sign that Oster cannot afford" in shown
    assert "idiots" not in shown and "[folded]" in shown

    window.wait_for_selector("#exact")
    seen = window.inner_text("#exact")
    assert seen in TEXT and window.input_value("#said_by") in ("Fenno", "Hilmar", "Gerda")
    window.fill("#paraphrase", seen)  # a copy is refused
    window.click("#yes")
    window.wait_for_selector(".problem")
    assert "copies" in window.inner_text("#note")
    assert "1:" not in window.inner_text("#note")  # the page has no lines
    assert seen[:30] not in window.inner_text("#note")
    window.fill("#paraphrase", "An agreement is improbable.")
    window.click("#yes")
    window.wait_for_selector("text=Confirmed; claims: 1.")
    window.wait_for_selector(".reading mark")
    if axe := axe_script():
        window.evaluate(axe)
        assert window.evaluate("axe.run()")["violations"] == []

    step(window, "formalise")
    window.wait_for_selector("#one_case")
    window.select_option("#one_case", "cuba-1962")
    window.wait_for_selector("#template")
    window.select_option("#template", "talks-useless")
    window.wait_for_selector("#slot_agreement")
    window.fill("#slot_most", "0.3")
    window.click("#formalise")
    window.wait_for_selector("#formal_now td:has-text('P(settlement) < 0.3')")

    step(window, "map")
    window.wait_for_selector("#mapped td:has-text('An agreement is improbable.')")
    step(window, "ledger")
    window.wait_for_selector("#ledger_found td:has-text('stands')")
    for place in ("#mapped", "#ledger_found"):
        assert seen not in window.locator(place).inner_text()

    with Session.open(app.folder / "notes.reading") as session:
        add_event(session, session.claims()[0].passage, date="2031-05-02", says="A remark is made.",
                  way="before")
    step(window, "draft")
    window.fill("#draft_name", "vessen")
    window.select_option("#archetype", "war-with-talks")
    window.wait_for_selector("#role_second")
    window.fill("#role_first", "Tirrenia")
    window.fill("#role_second", "Oster")
    window.fill("#stake", "passage")
    window.click("#write_draft")
    window.wait_for_selector("text=Written:")
    dated = (app.folder / "vessen.events.yaml").read_text()
    assert "A remark is made." in dated and seen not in dated
    text = (app.folder / "vessen.yaml").read_text()
    assert "An agreement is improbable." in text and seen not in text

    step(window, "formalise")
    window.click("#withdraw")
    window.wait_for_selector("text=c1 is withdrawn")
    step(window, "confirm")
    window.wait_for_function("x => document.querySelector('#exact')?.innerText === x", arg=seen)
    assert "You confirmed this passage before" in window.inner_text("#candidate")


def begun(app: Running, window: Any, name: str) -> Path:
    """Begin a session, open its page, and return its folder."""
    from detente.reading.store import Session

    place = app.folder / f"{name}.reading"
    Session.open(place).close()
    window.goto(f"{app.address}?read={name}")
    window.wait_for_selector("#read_file")
    return place


def answered(app: Running, window: Any) -> None:
    """Another window asks for a copy of a case and is asked for its name."""
    other = window.context.new_page()
    other.goto(app.address)
    other.click("button.act[data-kind=duplicate][data-name=cuba-1962]")
    other.wait_for_selector("#copy_name")
    other.close()


def documents(place: Path) -> list[str]:
    from detente.reading.store import Session

    with Session.open(place) as session:
        return [d.name for d in session.documents()]


def test_a_long_text_holds_no_window_and_is_cancelled(app: Running, window: Any) -> None:
    """Three million letters take many seconds; the page says so, and other windows go on."""
    (app.folder / "long.txt").write_text((TEXT + "\n\n") * (3_000_000 // len(TEXT)))
    place = begun(app, window, "long")
    window.select_option("#file", "long.txt")
    window.click("#read_file")
    window.wait_for_selector("#reading_file .working:has-text('reading the text')")
    answered(app, window)
    assert window.locator("#reading_file .working").count() == 1  # it was still being read
    window.click("#stop_reading")
    window.wait_for_selector("#reading_file :text('Cancelled')")
    until(lambda: not solvers(app))
    assert documents(place) == []
    (app.folder / "long.txt").unlink()


def test_a_window_that_is_closed_ends_its_reading(app: Running, window: Any) -> None:
    (app.folder / "long.txt").write_text((TEXT + "\n\n") * (3_000_000 // len(TEXT)))
    place = begun(app, window, "closed")
    window.select_option("#file", "long.txt")
    window.click("#read_file")
    window.wait_for_selector("#reading_file .working")
    until(lambda: solvers(app))
    window.goto("about:blank")
    until(lambda: not solvers(app))
    assert documents(place) == []
    (app.folder / "long.txt").unlink()


def test_a_session_that_another_program_holds_waits_alone(app: Running, window: Any) -> None:
    (app.folder / NAME).write_text(TEXT, encoding="utf-8")
    place = begun(app, window, "held")
    window.wait_for_selector("#candidate :text('No candidate waits')")
    held = sqlite3.connect(next(place.glob("*.db")), isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    window.select_option("#file", NAME)
    window.click("#read_file")
    window.wait_for_selector("#reading_file .working")
    answered(app, window)
    window.wait_for_selector("#reading_file .problem")  # after some seconds it gives up
    held.execute("ROLLBACK")
    held.close()
    window.click("#read_file")
    window.wait_for_selector("text=6 turns")
    assert documents(place) == [NAME]


def test_a_flagged_passage_is_asked_for_twice_and_words_stay(app: Running, window: Any) -> None:
    """The candidate and what is typed stay while the session is read again in the background."""
    (app.folder / NAME).write_text(TEXT, encoding="utf-8")
    begun(app, window, "typed")
    window.select_option("#file", NAME)
    window.click("#read_file")
    window.wait_for_selector("#exact")
    seen = window.inner_text("#exact")
    window.click("#skip")
    window.wait_for_function("x => document.querySelector('#exact')?.innerText !== x", arg=seen)
    second = window.inner_text("#exact")
    window.click("#no")
    window.wait_for_selector("#note :text('Refused')")
    window.wait_for_function(
        "x => !x.includes(document.querySelector('#exact')?.innerText)", arg=[seen, second])
    third = window.inner_text("#exact")
    window.fill("#paraphrase", "My own words.")
    window.click("#read_file")  # nothing has changed in it, and the session is read again
    window.wait_for_selector("#note :text('unchanged')")
    window.wait_for_selector("#looking .working", state="detached")
    assert window.inner_text("#exact") == third
    assert window.input_value("#paraphrase") == "My own words."
    while not window.locator(".folded").count():  # to the first flagged one
        before = window.inner_text("#candidate")
        window.click("#skip")
        window.wait_for_function(
            "x => document.querySelector('#candidate').innerText !== x", arg=before)
    window.fill("#paraphrase", "A rude remark.")
    window.click("#yes")
    window.wait_for_selector("#note :text('second confirmation')")
    window.wait_for_selector("#looking .working", state="detached")
    assert window.locator(".folded").count() == 1  # the same, until it is decided
    window.fill("#paraphrase", "A rude remark.")
    window.check("#again")
    window.click("#yes")
    window.wait_for_selector("#note :text('Confirmed; claims: 1.')")


def test_names_only(app: Running, window: Any) -> None:
    for name in ("..", "../notes", "nothing"):
        window.goto(f"{app.address}?read={name}")
        window.wait_for_selector(".problem")
        assert window.locator("#read_file").count() == 0


def test_the_job_yields_progress_and_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.cases import find
    from detente.web.progress import Progress
    from detente.web.work import reading as job
    from tests.reading.threads import exchange, leaks

    monkeypatch.setattr(job, "SAMPLES", 16)
    monkeypatch.setattr(job, "DELIBERATE", 4)
    exchange(tmp_path).close()
    *told, html = job.ledger(str(tmp_path), find("cuba-1962").read_text(encoding="utf-8"))
    assert told and all(isinstance(item, Progress) for item in told)
    assert "of 16 samples" in html and leaks(html) == []
