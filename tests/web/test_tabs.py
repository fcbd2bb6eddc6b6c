"""Each interactive tab in a real browser: tree, claims, off-ramps, compare, follow, play."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Running, open_tab

HOSTILE = ("<img src=x onerror=\\\"document.title='owned'\\\">"
           "<script>document.title='owned'</script>{{7*7}}")


@pytest.fixture
def case(app: Running, window: Any) -> Any:
    """A window with a crisis that has levers, a variant, a package and hostile titles."""
    text = (Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8")
    text = text.replace("title: Aland", f'title: "Aland {HOSTILE}"') + (
        'levers: {war.win_chance: {from: 0.3, to: 0.8}}\n'
        f'variants: {{other: {{title: "{HOSTILE}", set: {{war.win_chance: 0.5}}}}}}\n'
        f'claims:\n  - {{id: one, says: "{HOSTILE}", holds_if: "P(war) < 0.5"}}\n')
    (app.folder / "tabs.yaml").write_text(text.replace("crisis: mine", "crisis: tabs"))
    window.goto(app.case("tabs"))
    window.wait_for_selector(".live")
    yield window
    assert window.title() != "owned"


def tab(page: Any, key: str) -> None:
    open_tab(page, key)


def test_the_tree_is_walked_down_and_back(case: Any) -> None:
    tab(case, "tree")
    case.click("#tree-solve")
    case.wait_for_selector("#tree-place table.bars")
    assert "100 %" in case.inner_text("#tree-place")
    case.locator("#tree-place table.bars tbody button", has_text="hold").first.click()
    case.wait_for_selector("#tree-place .crumbs li:nth-child(2)")
    case.locator("#tree-place table.bars tbody button").last.click()
    case.wait_for_selector("#tree-place .crumbs li:nth-child(3)")
    case.locator("#tree-place .crumbs button").first.click()
    case.wait_for_selector("#tree-place .crumbs li:nth-child(2)", state="detached")
    tab(case, "paths")
    drawn = case.locator("#paths-shown text[data-node]:has-text('Bland'):visible").last
    drawn.wait_for()
    words = str(drawn.text_content()).removesuffix(" …")
    drawn.click()
    assert words.startswith("Bland: ")
    place = case.locator("#tree-place .crumbs [aria-current]", has_text=words)  # not the start
    place.wait_for()


def test_a_claim_is_written_mended_asked_and_added(app: Running, case: Any) -> None:
    tab(case, "claims")
    case.fill("#claims-says", "War is improbable.")
    case.click("#claims-ask")
    case.wait_for_selector("#claims-judged .problem:has-text('no condition yet')")
    case.fill("#claims-holds", "P(wart) < 0.2")
    case.wait_for_selector("#claims-judged .problem:has-text(\"'war'\")")  # the nearest name
    case.fill("#claims-holds", "P(war) < 0.2 and P(settle")
    case.locator("#claims-holds").press("End")
    case.locator("#claims-holds").type("m")
    case.click(".offers button:has-text('settlement')")
    assert case.input_value("#claims-holds") == "P(war) < 0.2 and P(settlement"
    case.locator("#claims-holds").type(") > 0.3")
    case.wait_for_selector("#claims-judged .fine")
    case.click("#claims-ask")
    case.wait_for_selector("#claims-asked .findings")
    assert "verdict" in case.inner_text("#claims-asked").lower()
    case.fill("#claims-says", "A quiet end: likely.")
    case.click("#claims-add")
    case.wait_for_selector("text=3 lines changed")
    case.click("#save")
    case.wait_for_selector("text=As saved")
    text = (app.folder / "tabs.yaml").read_text()
    assert 'says: "A quiet end: likely."' in text and text.startswith("# A small crisis")


def test_off_ramps_are_found(case: Any) -> None:
    tab(case, "offramps")
    case.wait_for_selector("#offramps-seek")
    case.fill("#offramps-level", "")
    case.click("#offramps-seek")
    case.wait_for_selector("#offramps-found .problem:has-text('from 0 to 100')")
    case.fill("#offramps-level", "1")
    case.click("#offramps-seek")
    case.wait_for_selector("#offramps-found .findings")
    assert "P(war)" in case.inner_text("#offramps-found")


def test_values_are_compared_with_the_saved_file(case: Any) -> None:
    slider = case.locator("input.slider[data-path='war.win_chance']")
    slider.focus()
    case.keyboard.press("End")
    case.wait_for_selector("text=1 slider moved")
    tab(case, "compare")
    case.wait_for_selector("#compare-other")
    case.click("#compare-compare")
    case.wait_for_selector("#compare-found .findings")
    assert "tabs (this page)" in case.inner_text("#compare-found")


def test_another_crisis_of_the_folder_is_compared_and_no_path_is_read(
    app: Running, case: Any
) -> None:
    text = (Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8")
    (app.folder / "second.yaml").write_text(text.replace("crisis: mine", "crisis: second"))
    case.reload()
    case.wait_for_selector(".live")
    tab(case, "compare")
    case.select_option("#compare-other", "case:second")
    case.click("#compare-compare")
    case.wait_for_selector("#compare-found .findings")
    assert "second" in case.inner_text("#compare-found")
    case.evaluate("window.Shiny.setInputValue('compare-other', 'case:../../etc/passwd')")
    case.click("#compare-compare")
    case.wait_for_selector("#compare-found .problem:has-text('cannot name a crisis')")


def test_events_are_chosen_from_the_menu(app: Running, case: Any) -> None:
    tab(case, "follow")
    case.click("#follow-follow")
    for k in (1, 2):
        case.wait_for_selector("#follow-next .menu button")
        case.fill("#follow-day", f"2026-01-0{k}")
        case.locator("#follow-day").press("Tab")
        case.locator("#follow-next .menu button", has_text="hold").first.click()
        case.wait_for_function(
            "k => document.querySelector('#follow-events').value.split('move:').length === k + 1",
            arg=k)
        case.wait_for_selector("#follow-found .working", state="detached")
        case.wait_for_selector(f"#follow-found .headline:has-text('{k} Jan')")
    case.click("#follow-save")
    case.wait_for_selector("text=Saved beside the crisis")
    assert (app.folder / "tabs.events.yaml").read_text().count("move:") == 2
    holds = "k => document.querySelector('#follow-events').value.split('move:').length === k + 1"
    case.click("#follow-take_back")
    case.wait_for_function(holds, arg=1)
    case.click("#follow-empty")
    case.wait_for_function(holds, arg=0)
    case.wait_for_selector("#follow-next .menu button:has-text('Aland')")
    case.click("#follow-reload")
    case.wait_for_function(holds, arg=2)


def test_a_game_is_played_to_its_debrief(case: Any) -> None:
    tab(case, "play")
    case.click("#play-begin")
    for _ in range(6):
        case.wait_for_selector("#play-game .menu, #play-game .findings:has-text('Debrief')")
        if case.locator("#play-game .menu").count() == 0:
            break
        before = case.inner_text("#play-game")
        case.locator("#play-game .menu button", has_text="hold").or_(
            case.locator("#play-game .menu button").first).first.click()
        case.wait_for_function(
            "before => document.querySelector('#play-game').innerText !== before", arg=before)
    case.wait_for_selector("#play-game .findings:has-text('Debrief')")
    assert "own decisions" in case.inner_text("#play-game")
    assert "The crisis has ended" in case.inner_text("#play-game")
    assert "private information was" in case.inner_text("#play-game")


def test_stated_beliefs_are_scored_in_the_debrief(case: Any) -> None:
    tab(case, "play")
    case.select_option("#play-seat_0", "equilibrium")
    case.select_option("#play-seat_1", "a person here")  # Aland's war cost is hidden from Bland
    case.check("#play-elicit")
    case.click("#play-begin")
    case.wait_for_selector("#play-belief_0")
    case.fill("#play-belief_0", "140")
    case.click("#play-state")
    case.wait_for_selector("#play-wrong .problem:has-text('not a probability')")
    case.fill("#play-belief_0", "35")
    case.click("#play-state")
    case.wait_for_selector("#play-game .menu")
    assert "beliefs in the equilibrium" not in case.inner_text("#play-game")
    case.locator("#play-game .menu button").first.click()
    case.wait_for_selector("#play-skip, #play-game .findings:has-text('Debrief')")
    if case.locator("#play-skip").count():
        case.click("#play-skip")
        case.click("#play-stop")
    case.wait_for_selector("#play-game .findings:has-text('Stated beliefs')")
    assert re.search(r"35\s%", case.inner_text("#play-game"))


def test_two_persons_hand_the_screen_over(case: Any) -> None:
    tab(case, "play")
    case.select_option("#play-seat_1", "a person here")
    case.click("#play-begin")
    case.wait_for_selector("#play-ready")
    assert "Briefing" not in case.inner_text("#play-game")  # nothing private before
    case.click("#play-ready")
    case.wait_for_selector("#play-game .menu")
    case.locator("#play-game .menu button").first.dblclick()
    case.wait_for_selector("#play-ready")
    assert case.locator("#play-game .moves li").count() == 1  # the other seat has not moved
    assert case.locator("#play-game .menu").count() == 0
    case.click("#play-ready")
    case.click("#play-stop")
    case.wait_for_selector("#play-game .findings:has-text('Debrief')")


def test_groups_hold_every_tab_in_one_row_and_a_telephone_has_a_menu(case: Any) -> None:
    rows = "all => new Set(all.map(a => a.getBoundingClientRect().top)).size"
    for group in case.locator("#tab > li > a").all():
        group.click()
        assert case.eval_on_selector_all(".follows .nav-link:visible", rows) <= 2
    tab(case, "play")
    menu = case.locator(".tab-menu")
    assert not menu.is_visible() and menu.input_value() == "events play"
    case.set_viewport_size({"width": 390, "height": 800})
    menu.wait_for()
    assert case.locator(".follows .nav-link:visible").count() == 0
    slider = case.locator("input.slider").first
    slider.focus()
    slider.press("Home")
    case.wait_for_selector(".bars th:has-text('change')")  # the widest form of the table
    assert case.evaluate("document.documentElement.scrollWidth") <= 390
    menu.select_option("questions claims")
    case.wait_for_selector("#claims-holds")
    assert not case.locator("#play-begin").is_visible()
    menu.select_option("take-away")
    case.wait_for_selector("#make")
    case.set_viewport_size({"width": 1280, "height": 800})
    assert case.locator("#tab a.active").inner_text() == "Take away"


def test_the_shipped_reference_forecast_stands_beside_a_crisis_of_the_casebook(
    app: Running, window: Any
) -> None:
    window.goto(app.case("book-fashoda-1898"))
    window.wait_for_selector(".live")
    open_tab(window, "history")
    window.wait_for_selector("#history_reference-kept .findings")
    words = window.inner_text("#history_reference-kept")
    assert re.search(r"war\s+20\s%\s+32\s%\s+39\s%", words)  # as references.json has them
    window.wait_for_selector("#history_reference-choice .note:has-text('not on this machine'), "
                             "#history_reference-ask")


@pytest.mark.slow
def test_two_states_and_a_year_have_a_reference_forecast(app: Running, case: Any) -> None:
    from detente.web.drafts import missing

    if missing():
        pytest.skip("the data is not downloaded")
    tab(case, "history")
    case.click("#history_reference-ask")
    case.wait_for_selector("#history_reference-found .problem:has-text('a state or the year')")
    case.select_option("#history_reference-challenger", "365")
    case.select_option("#history_reference-target", "2")
    case.fill("#history_reference-year", "1962")
    case.click("#history_reference-ask")
    case.wait_for_selector("#history_reference-found .findings")
    assert "crises of other pairs" in case.inner_text("#history_reference-found")
