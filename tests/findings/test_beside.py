"""Sections that are made while the claims are evaluated are those that are made afterwards."""

from __future__ import annotations

import pytest

from detente.analysis import Settings
from detente.errors import NotReadyError
from detente.findings.finding import Finding
from detente.findings.found import Found
from detente.findings.registry import register, unregister
from detente.findings.report import drawn_beside, report
from detente.render.html import page
from tests.conftest import make_crisis
from tests.findings.test_analysis import SMALL

SETTINGS = Settings(samples=32, deliberate_samples=8, starts=4, seed=3)


def fresh() -> Found:
    """Return an analysis whose claims alone are left."""
    made = Found(make_crisis(**SMALL | {"claims": [
        {"id": "war", "says": "It ends in war.", "source": "me", "holds_if": "P(war) > 0.5"}]}),
        SETTINGS)
    while (step := made.step()) is not None and step.name != "sampled":
        pass
    return made


def unmarked(text: str) -> str:
    """Return a page without the running numbers of its drawings."""
    import re

    return re.sub(r"\bd\d+-", "", text)


def test_the_page_is_the_same() -> None:
    one, two = fresh(), fresh()
    with drawn_beside(one):
        one.run()
    two.run()
    assert unmarked(page(report(one))) == unmarked(page(report(two)))


def test_sections_are_made_once_and_claims_are_not_asked_beside() -> None:
    asked: list[bool] = []

    def section(analysis: Found) -> None:
        asked.append(analysis._withheld)

    def claims(analysis: Found) -> None:
        _ = analysis.claims

    register(Finding("counted", "Counted", 5, section=section))
    register(Finding("claiming", "Claiming", 6, section=claims))
    try:
        found = fresh()
        with pytest.raises(NotReadyError, match="claims"):
            _ = found.beside().claims
        with drawn_beside(found):
            pass
        assert asked == [True]
        report(found.run())
        assert asked == [True]
    finally:
        unregister("counted")
        unregister("claiming")


def test_an_error_is_raised_by_the_report() -> None:
    def section(analysis: Found) -> None:
        raise ZeroDivisionError("of the finding")

    register(Finding("broken", "Broken", 5, section=section))
    try:
        found = fresh()
        with drawn_beside(found):
            found.run()
        with pytest.raises(ZeroDivisionError, match="of the finding"):
            report(found)
    finally:
        unregister("broken")


def test_an_interrupt_ends_it() -> None:
    found = fresh()
    with pytest.raises(KeyboardInterrupt), drawn_beside(found):
        raise KeyboardInterrupt
    assert report(found.run()).sections
