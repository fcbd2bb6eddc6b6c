"""The library in a real browser: write, duplicate, delete, bring back; titles are text."""

from __future__ import annotations

import json
from typing import Any

from tests.web.conftest import Running

HOSTILE = ("""<img src=x onerror="document.title='owned'">"""
           "<script>document.title='owned'</script>{{7*7}}")


def test_without_the_key_nothing_is_shown(app: Running, browser: Any) -> None:
    context = browser.new_context()
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
    window.wait_for_selector("#own a[href*=cuba-1962-copy]")
    copy = app.folder / "cuba-1962-copy.yaml"
    assert copy.exists()
    window.click("button.act[data-kind=delete][data-name=cuba-1962-copy]")
    window.click("#keep")
    window.wait_for_selector("#keep", state="detached")
    assert copy.exists()
    window.click("button.act[data-kind=delete][data-name=cuba-1962-copy]")
    window.click("#really")
    window.click("#undo")
    window.wait_for_selector("text=Back again")
    assert copy.exists()


def test_what_a_file_says_is_never_markup(app: Running, window: Any) -> None:
    (app.folder / "hostile.yaml").write_text(
        f"crisis: hostile\ntitle: {json.dumps(HOSTILE)}\nzzz: 1\n")
    window.reload()
    row = window.wait_for_selector("#own a[href*=hostile]")
    assert "<script>" in row.inner_text() and "{{7*7}}" in row.inner_text()
    window.goto(app.case("hostile"))
    window.click("#side a[data-value=text]")
    window.wait_for_selector("#errors .problem")
    assert window.title() != "owned"


def test_nothing_is_fetched_from_outside(app: Running, browser: Any) -> None:
    context = browser.new_context()
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
