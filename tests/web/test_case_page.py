"""A case in a real browser: sliders, numbers, text with errors, saving, reloads, two windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Running, open_tab


@pytest.fixture
def case(app: Running, window: Any) -> Any:
    """A window with a crisis of one's own."""
    (app.folder / "mine.yaml").write_text(
        (Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8"))
    window.goto(app.case("mine"))
    window.wait_for_selector(".live")
    return window


def typed(page: Any, text: str) -> None:
    """Write a text at the beginning of the editor."""
    page.click("#side a[data-value=text]")
    page.locator("#text textarea").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type(text)


def probability(page: Any, outcome: str) -> str:
    """Return the words of an outcome's row."""
    return str(page.locator(".bars tr", has_text=outcome).inner_text())


def test_a_slider_moves_the_answer_and_one_click_goes_back(app: Running, case: Any) -> None:
    before = probability(case, "War")
    slider = case.locator("input.slider[data-path='war.win_chance']")
    slider.focus()
    case.keyboard.press("End")
    case.wait_for_selector("text=1 slider moved")
    case.wait_for_selector(".bars th:has-text('change')")
    assert probability(case, "War").split("\n")[0] != before
    address = case.locator("input.link")
    open_tab(case, "take-away")
    address.wait_for()
    assert "at=war.win_chance:0.7" in address.input_value()
    case.goto(address.input_value() + ",war.gone:0.5")  # the link holds the slider
    case.wait_for_selector("text=1 slider moved")
    case.wait_for_selector("text=sets war.gone, which the saved text does not have")
    case.click("#all_back")
    case.wait_for_selector("text=As saved")
    case.wait_for_selector(".bars th:has-text('change')", state="detached")
    assert probability(case, "War") == before
    assert (app.folder / "mine.yaml").read_text().count("0.5 to 0.7") == 1


def test_a_number_is_changed_in_the_text_and_saved(app: Running, case: Any) -> None:
    box = case.locator("input.written[data-path='war.win_chance']")
    box.fill("much")
    box.press("Tab")
    case.wait_for_selector("#refused .problem")
    assert "not a number" in case.inner_text("#refused")
    box = case.locator("input.written[data-path='war.win_chance']")
    box.fill("0.4 to 0.6")
    box.press("Tab")
    case.wait_for_selector("text=1 line changed")
    case.click("#save")
    case.wait_for_selector("text=As saved")
    text = (app.folder / "mine.yaml").read_text()
    assert "win_chance: 0.4 to 0.6  # even" in text and text.startswith("# A small crisis")


def test_what_was_entered_last_is_saved_too(app: Running, case: Any) -> None:
    """Saved at once: a number that is being put into the text, and letters that are not sent."""
    typed(case, "# first\n")
    case.wait_for_selector("#save")
    case.click("#side a[data-value=form]")
    case.locator("input.written[data-path='war.win_chance']").fill("0.43 to 0.6")
    case.click("#save")
    case.wait_for_selector("text=As saved")
    assert "0.43 to 0.6" in (app.folder / "mine.yaml").read_text()
    typed(case, "# second\n")
    case.wait_for_selector("#save")
    case.keyboard.type("# third")
    case.evaluate("document.querySelector('#save').click()")
    case.wait_for_selector("text=As saved")
    text = (app.folder / "mine.yaml").read_text()
    assert text.startswith("# second\n# third") and "0.43 to 0.6" in text


def test_changes_since_the_file_was_opened_stay_after_saving(app: Running, case: Any) -> None:
    text = (app.folder / "mine.yaml").read_text().replace(
        "win_chance: 0.5 to 0.7", "win_chance: {value: 0.5 to 0.7, because: a guess, source: x}"
    ) + "sources: [{id: x, cite: A book}]\n"
    (app.folder / "mine.yaml").write_text(text)
    case.reload()
    case.wait_for_selector(".live")
    box = "input.written[data-path='war.win_chance']"
    row = case.locator(".quantity", has=case.locator(box))
    assert case.locator("#since").count() == 0 and "changed" not in row.inner_text()
    case.fill(box, "0.4 to 0.6")
    case.locator(box).press("Tab")
    case.wait_for_selector("#since")
    case.click("#save")
    case.wait_for_selector("text=As saved")
    case.click("#since summary")
    assert "0.5 to 0.7, now 0.4 to 0.6" in case.inner_text("#since")
    assert "changed by hand (was 0.5 to 0.7); the reason and the source are" in row.inner_text()
    assert "changed by hand (was 0.5 to 0.7)" in (app.folder / "mine.yaml").read_text()
    case.fill(box, "0.5 to 0.7")
    case.locator(box).press("Tab")
    case.wait_for_function("!document.querySelector('.quantity.moved, .why')?.innerText"
                           ".includes('changed by hand')")
    case.wait_for_selector("#since li", state="detached")
    # A number that is changed in the text, and not its reason, is marked in the form.
    case.click("#side a[data-value=text]")
    case.locator("#text textarea").fill(text.replace("0.5 to 0.7", "0.45 to 0.7"))
    case.wait_for_selector("#since li", state="attached")
    case.click("#side a[data-value=form]")
    case.wait_for_selector(".why:has-text('Changed by you, was 0.5 to 0.7')")


def test_sliders_of_a_shipped_case_become_a_copy_that_opens(app: Running, window: Any) -> None:
    window.goto(app.case("fashoda-1898"))
    window.wait_for_selector(".live")
    assert "save a copy" in window.inner_text(".changes")
    slider = window.locator("input.slider").first
    path = slider.get_attribute("data-path")
    slider.focus()
    window.keyboard.press("End")
    window.wait_for_selector("text=1 slider moved")
    end = slider.get_attribute("max")
    pane = window.locator(".pane.left")
    assert pane.evaluate("e => { e.scrollTo(0, 1e6); return e.scrollTop }") > 500
    inside = """e => { const at = e.getBoundingClientRect();
        return at.top >= 0 && at.bottom <= window.innerHeight }"""
    assert window.locator("#save_sliders").evaluate(inside)  # what changed is always visible
    window.click("#save_sliders")
    window.wait_for_url("**/?case=fashoda-1898-copy")
    window.wait_for_selector("text=As saved.")
    number = window.locator(f"input.written[data-path='{path}']").input_value()
    assert float(number) == float(end)  # the value of the slider, without a range
    assert window.locator("#save_sliders").count() == 0
    assert "changed by hand" in (app.folder / "fashoda-1898-copy.yaml").read_text()
    window.goto(app.case("fashoda-1898"))  # the shipped case is as before
    window.wait_for_selector("text=A shipped case, unchanged")


def test_errors_are_listed_and_underlined_and_the_text_survives_a_reload(
    app: Running, case: Any
) -> None:
    typed(case, "zzz: 1\nyyy: 2\n")
    case.wait_for_selector("#errors .problem")
    assert "zzz" in case.inner_text("#errors") and "yyy" in case.inner_text("#errors")
    case.wait_for_selector(".pce-line.wrong[data-line='2']")
    assert case.locator(".pce-line.wrong").count() == 2
    assert case.locator(".live").count() == 1  # the last valid text still has its answer
    case.evaluate("Shiny.shinyapp.$socket.close()")  # as if the app had ended
    case.wait_for_selector("text=has lost this window")
    case.keyboard.type("xxx: 3\n")
    case.wait_for_timeout(400)  # after a pause of 250 ms the browser keeps what is typed
    place = app.folder / "mine.yaml"
    place.write_text(place.read_text() + "# of another program\n")
    case.reload()
    case.wait_for_selector("text=4 lines changed")
    case.wait_for_selector("text=has changed the file since then")
    case.click("#save")
    case.wait_for_selector(".question")  # the text is older than the file
    case.click("#leave")
    case.click("#side a[data-value=text]")
    case.wait_for_selector("#errors .problem")
    assert "xxx" in case.inner_text("#errors") and "# of another" in place.read_text()
    case.click("#discard")
    case.wait_for_selector("text=The file is valid")
    case.wait_for_selector("text=As saved")


def test_two_windows_on_one_file_say_so(app: Running, case: Any) -> None:
    other = case.context.new_page()
    other.goto(app.case("mine"))
    other.wait_for_selector(".live")
    for page, number in ((case, "0.41 to 0.6"), (other, "0.42 to 0.6")):
        box = page.locator("input.written[data-path='war.win_chance']")
        box.fill(number)
        box.press("Tab")
        page.wait_for_selector("text=1 line changed")
        page.click("#save")
        page.wait_for_selector("text=As saved" if page is case else ".question")
    assert "0.41 to 0.6" in (app.folder / "mine.yaml").read_text()
    other.click("#take_other")
    other.wait_for_selector("text=As saved")
    assert other.locator("input.written[data-path='war.win_chance']").input_value() == "0.41 to 0.6"


def test_deliberate_answer_samples_and_tabs_follow(app: Running, case: Any) -> None:
    case.wait_for_selector(".headline")  # the first answer compiles the solvers
    case.wait_for_selector("text=samples passed")
    for key in ("drivers", "paths", "assumptions"):
        open_tab(case, key)
        case.wait_for_selector(".right .tab-pane.active .tab-pane.active .findings h2")
        # The panes scroll, and not the page, which would lead to an empty part below them.
        assert case.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


@pytest.mark.slow
def test_a_slider_sends_the_answer_and_no_section_again(app: Running, case: Any) -> None:
    case.wait_for_selector("text=samples passed")
    received: list[str] = []
    other = case.context.new_page()
    other.on("websocket", lambda socket: socket.on(
        "framereceived", lambda frame: received.append(str(frame))))
    other.goto(app.case("mine"))
    other.wait_for_selector("text=samples passed")
    open_tab(other, "drivers")
    other.wait_for_selector(".right .tab-pane.active .tab-pane.active .findings h2")
    received.clear()
    other.locator("input.slider[data-path='war.win_chance']").focus()
    other.keyboard.press("End")
    other.wait_for_selector(".right .tab-pane.active .tab-pane.active .stale")
    words = other.inner_text(".right .tab-pane.active .tab-pane.active .stale")
    assert words.startswith("This is the result for the file as written.")
    # The answer, the bar and two lines; a section with charts alone is ten times as much.
    assert 0 < sum(map(len, received)) < 12_000
    # A result at moved sliders names them as the form does, and shows no path.
    open_tab(other, "tree")
    other.click("#tree-solve")
    other.wait_for_selector("#tree-place table.bars")
    other.click("#all_back")
    other.wait_for_selector("#tree-start .stale")
    words = other.inner_text("#tree-start .stale")
    assert " at 0.7. Ask again" in words and "win_chance" not in words


def test_a_report_is_taken_away(app: Running, case: Any) -> None:
    open_tab(case, "take-away")
    case.click("input[name=kind][value=json]")
    case.click("#make")
    with case.expect_download() as told:
        case.click("#made")
    text = Path(told.value.path()).read_text()
    assert text.startswith("{") and '"case": "mine"' in text
    with case.expect_download() as told:
        case.click("#file")
    assert Path(told.value.path()).read_text() == (app.folder / "mine.yaml").read_text()


def test_a_case_that_does_not_exist_says_so(app: Running, window: Any) -> None:
    for name in ("no-such-crisis", "..%2Fetc%2Fpasswd"):
        window.goto(app.case(name))
        window.wait_for_selector("#trouble .problem")


def test_it_fits_a_telephone(app: Running, case: Any) -> None:
    case.set_viewport_size({"width": 390, "height": 800})
    case.wait_for_selector("text=samples passed")
    assert case.evaluate("document.documentElement.scrollWidth") <= 390
    # Long tables are folded, apart from the first one of a section, and open with one click.
    case.select_option("select.tab-menu", "reasons drivers")
    case.wait_for_selector(".tab-pane.active .tab-pane.active details.fold")
    fold = case.locator(".tab-pane.active .tab-pane.active details.fold").first
    assert not fold.locator("table, p").first.is_visible()
    fold.locator("summary").click()
    assert fold.locator("table, p").first.is_visible()
    assert case.evaluate("document.documentElement.scrollWidth") <= 390
