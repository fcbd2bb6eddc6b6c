"""No page of the app has a fault that axe-core finds, in light and in dark colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Running, open_tab, patient

STEADY = ".recalculating, .recalculating * { opacity: 1 !important; transition: none !important }"
"""Shiny dims an answer while its successor is computed. WCAG 1.4.3 asks nothing of inactive parts,
and axe-core would find the fault or not depending on the moment at which it looks."""

RUN = "part => axe.run(part, {resultTypes: ['violations']})"
"""What passes is not listed: axe-core describes each element that it lists, which takes long."""


@pytest.mark.parametrize(("colours", "every"), [
    ("light", False), pytest.param("light", True, marks=pytest.mark.slow),
    pytest.param("dark", True, marks=pytest.mark.slow)])
def test_axe_finds_nothing(app: Running, browser: Any, colours: str, every: bool) -> None:
    """Every tab takes a minute and a half; a run of all tests looks at one tab of each group."""
    from detente.web.groups import grouped

    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    (app.folder / "mine.yaml").write_text(
        (Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8"))
    context = patient(browser, color_scheme=colours)
    page = context.new_page()
    found = []

    def check(where: str, part: str = "html") -> None:
        found.extend((where, v["impact"], v["id"], v["nodes"][0]["html"])
                     for v in page.evaluate(RUN, part)["violations"])

    page.goto(app.key)
    page.wait_for_url(app.address)  # the page with the key goes on by itself
    page.wait_for_selector("table.entries")
    page.evaluate(script)
    check("library")
    page.goto(app.case("mine"))
    page.evaluate(script)
    page.add_style_tag(content=STEADY)
    page.wait_for_selector("text=samples passed")
    check("case")
    check("groups", ".follows")
    shown = [tab.key for group in grouped() for tab in (group.tabs if every else group.tabs[:1])]
    for key in (*shown, "take-away"):
        open_tab(page, key)
        page.wait_for_selector(".right .tab-pane.active:visible")
        check(key, ".follows")
    page.set_viewport_size({"width": 390, "height": 800})
    check("menu", ".follows")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.click("#side a[data-value=text]")
    page.wait_for_selector("#text .pce-line")
    check("text", ".left")
    context.close()
    assert found == []
