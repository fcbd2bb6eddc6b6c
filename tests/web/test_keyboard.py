"""One piece of work with the keyboard alone: open a case, move a slider, save, test a claim."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.web.conftest import Running

NOW = "document.activeElement"


def tab_to(page: Any, what: str, most: int = 60, key: str = "Tab") -> None:
    """Press a key until an element has the focus, which must be visible then."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"what => {NOW}.matches(what)", what):
            assert page.evaluate(f"{NOW}.checkVisibility()")
            return
    raise AssertionError(f"{what} is not reached; the focus is at "
                         + page.evaluate(f"{NOW}.outerHTML.slice(0, 200)"))


def test_from_the_library_to_a_claim(app: Running, window: Any) -> None:
    place = app.folder / "mine.yaml"
    place.write_text((Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8"))
    window.reload()
    window.wait_for_selector("a[href='./?case=mine']")
    tab_to(window, "a[href='./?case=mine']")
    window.keyboard.press("Enter")
    window.wait_for_selector(".live")
    window.wait_for_selector("input.slider")
    tab_to(window, "input.slider[data-path='war.win_chance']")
    for _ in range(10):
        window.keyboard.press("ArrowRight")
    window.wait_for_selector("text=1 slider moved")
    window.wait_for_selector(".bars th:has-text('change')")
    tab_to(window, "#write_sliders", key="Shift+Tab")
    window.keyboard.press("Enter")
    window.wait_for_selector("#save")
    tab_to(window, "#save")
    window.keyboard.press("Enter")
    window.wait_for_selector("text=As saved")
    assert re.search(r"win_chance: 0\.6\d*  # even", place.read_text())
    window.reload()
    window.wait_for_selector(".live")
    tab_to(window, "a.skip[href='#answer']", 3)
    window.keyboard.press("Enter")
    tab_to(window, "#tab a.nav-link.active", 15)
    for _ in range(2):
        window.keyboard.press("ArrowRight")
    window.keyboard.press("Enter")
    window.wait_for_selector("#tab a.active[data-value=questions]")
    tab_to(window, "#claims-holds", 10)
    window.keyboard.type("P(war) < 0.9")
    window.wait_for_selector("#claims-judged .fine")
    tab_to(window, "#claims-ask", 15)
    window.keyboard.press("Enter")
    window.wait_for_selector("#claims-asked .findings")
    assert "verdict" in window.inner_text("#claims-asked").lower()
