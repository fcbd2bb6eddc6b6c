"""The library in a real browser: write, duplicate, delete, bring back; titles are text."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.web.conftest import Running, patient

HOSTILE = ("""<img src=x onerror="document.title='owned'">"""
           "<script>document.title='owned'</script>{{7*7}}")


INJECTIONS = [
    "<script>window.owned=1</script>", "</script><script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>", "\"><svg onload=window.owned=1>",
    "javascript:window.owned=1", "{{7*7}} {% raw %} ${window.owned=1} `x`",
    "&lt;b&gt; &amp; &#60;i>", "' onmouseover='window.owned=1",
    "--> <!-- ]]> <iframe srcdoc=x>",
]


def test_without_the_key_nothing_is_shown(app: Running, browser: Any) -> None:
    context = patient(browser)
    page = context.new_page()
    answer = page.goto(app.address)
    assert answer.status == 403 and "no key" in page.inner_text("h1")
    context.close()


def test_the_key_leaves_the_address(app: Running, window: Any) -> None:
    assert window.url == app.address


def test_write_duplicate_delete_and_undo(app: Running, window: Any) -> None:
    window.fill("#new_name", "../x")
    window.click("#create")
    window.wait_for_selector("#told .problem")
    assert "small letters" in window.inner_text("#told")
    window.fill("#new_name", "my-crisis")
    window.click("#create")
    window.wait_for_selector("#told a")
    assert (app.folder / "my-crisis.yaml").exists()
    window.click("button.act[data-kind=duplicate][data-name=cuba-1962]")
    window.fill("#copy_name", "my-crisis")  # it exists
    window.click("#copy")
    window.wait_for_selector("#not_copied .problem")
    assert window.input_value("#copy_title") == "Missiles in Cuba, October 1962, copy"
    window.fill("#copy_name", "cuba-1962-copy")
    window.fill("#copy_title", "Cuba: mine")
    window.click("#copy")
    window.wait_for_selector("#own a[href*=cuba-1962-copy]:has-text('Cuba: mine')")
    copy = app.folder / "cuba-1962-copy.yaml"
    assert 'title: "Cuba: mine"' in copy.read_text()
    window.click("button.act[data-kind=delete][data-name=cuba-1962-copy]")
    window.wait_for_selector("#really:focus")  # the keyboard is at the question
    assert window.locator("#told").evaluate("e => e.getBoundingClientRect().top") >= 0
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")  # keep
    window.wait_for_selector("#keep", state="detached")
    assert copy.exists()
    window.click("button.act[data-kind=delete][data-name=cuba-1962-copy]")
    window.click("#really")
    window.wait_for_selector("#undo")
    copy.write_text("crisis: new\n")
    window.click("#undo")
    window.wait_for_selector("text=there is a new file")
    copy.unlink()
    window.click("#undo")  # it can be used again
    window.wait_for_selector("text=Back again")
    assert 'title: "Cuba: mine"' in copy.read_text()


def test_what_a_file_says_is_never_markup(app: Running, window: Any) -> None:
    (app.folder / "hostile.yaml").write_text(
        f"crisis: hostile\ntitle: {json.dumps(HOSTILE)}\nzzz: 1\n")
    window.reload()
    row = window.wait_for_selector("#own a[href*=hostile]")
    assert "<script>" in row.inner_text() and "{{7*7}}" in row.inner_text()
    window.goto(app.case("hostile") + "&at=war.win_chance:0.5")
    window.wait_for_selector("text=They are left out, because the text has an error")
    window.click("#side a[data-value=text]")
    window.wait_for_selector("#errors .problem:has-text('An answer appears when')")
    assert window.title() != "owned"


@pytest.mark.parametrize("words", INJECTIONS)
def test_injections_are_shown_as_text(app: Running, window: Any, words: str) -> None:
    """Titles, dates, answers and file names that would be markup, code, a template or a link."""
    text = f"crisis: injected\ntitle: {json.dumps(words)}\ndate: {json.dumps(words)}\n"
    (app.folder / "injected.yaml").write_text(text)
    cache = app.folder / ".detente"
    cache.mkdir(exist_ok=True)
    (cache / "answers.json").write_text(
        json.dumps({hashlib.sha256(text.encode()).hexdigest(): words}))
    (app.folder / (words.replace("/", "") + ".yaml")).write_text("crisis: a")
    window.reload()
    row = window.locator("tr", has=window.locator("a[href='./?case=injected']"))
    row.wait_for()
    assert row.locator("th a").inner_text() == words
    assert row.locator("td").first.inner_text() == words
    assert row.locator(".answer-line").inner_text() == words
    window.click("#left_out details summary")
    assert words.replace("/", "") in window.locator("#left_out details").inner_text()
    assert window.evaluate("window.owned") is None and window.title() == "détente"
    assert window.locator("#content img, #content script[src], #content svg, #content iframe"
                          ).count() == 0
    assert {a.split(":")[0] for a in window.eval_on_selector_all(
        "#content a", "all => all.map(a => a.href)")} == {"http"}
    (app.folder / (words.replace("/", "") + ".yaml")).unlink()


@pytest.mark.parametrize("search", ["?case=%3Cscript%3Ewindow.owned=1%3C/script%3E",
                                    "?case=../../etc/passwd", "?case=%00", "?case=",
                                    "?case=javascript:alert(1)"])
def test_an_address_with_a_hostile_name_shows_a_message(
    app: Running, window: Any, search: str
) -> None:
    window.goto(app.address + search)
    window.wait_for_selector(".problem, table.entries")
    assert window.evaluate("window.owned") is None


def test_search_and_two_windows(app: Running, window: Any) -> None:
    """Thirteen crises have a field to search; a second window works beside the first."""
    for k in range(5):
        (app.folder / f"many-{k}.yaml").write_text(f"crisis: many-{k}\ntitle: Many {k}\n")
    window.reload()
    window.fill("#find", "fashoda 1898")
    window.wait_for_selector("#own :text('No crisis matches')")
    assert window.locator("#shipped tbody tr").count() == 1
    other = window.context.new_page()
    other.goto(app.address)
    other.fill("#find", "many 3")
    other.wait_for_selector("#shipped :text('No crisis matches')")
    assert other.locator("#own tbody tr").count() == 1
    assert window.locator("#shipped tbody tr").count() == 1
    other.close()


@pytest.mark.slow
def test_a_draft_from_data_is_asked_for_where_the_data_is(app: Running, window: Any) -> None:
    from detente.web.drafts import missing

    window.click("summary:has-text('Draft a crisis')")
    if missing():
        window.wait_for_selector("#drafting :text('not on this machine')")
        pytest.skip("the data is not downloaded")
    window.fill("#icb", "69")
    window.click("#draft")
    window.wait_for_selector("#drafted .working")
    window.wait_for_selector("#told a[href*=book-memel-1939]")
    assert (app.folder / "book-memel-1939.yaml").exists()
    assert (app.folder / "book-memel-1939.draws.csv").exists()
    window.fill("#icb", "99999")
    window.click("#draft")
    window.wait_for_selector("#drafted .problem")


def test_nothing_is_fetched_from_outside(app: Running, browser: Any) -> None:
    context = patient(browser)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app.key)
    page.wait_for_url(app.address)
    page.wait_for_selector("table.entries")
    page.goto(app.case("cuba-1962"))
    page.wait_for_selector(".live")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((app.address, "data:", "blob:"))] == []
    context.close()
