"""The first screen of every shipped case: at most 30 lines of 80 columns, the top outcome first."""

from __future__ import annotations

import io
import re
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from detente.analysis.settings import Settings
from detente.cases.names import shipped
from detente.findings import brief
from detente.findings.found import Found
from detente.findings.report import report
from detente.render.terminal import show

LINES, COLUMNS = 30, 80
"""The bound of the first screen: a terminal of the usual size, with a line for the prompt."""

FEW = Settings(samples=16, deliberate_samples=4, starts=1, workers=1)


@cache
def first_screen(case: str) -> tuple[Any, list[str]]:
    """Return the analysis of a shipped case with few samples, and the lines of its brief."""
    found = Found(case, FEW)
    found.run()
    out = io.StringIO()
    show(report(found), Console(file=out, width=COLUMNS, highlight=False), full=False)
    return found, out.getvalue().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(shipped()))
class TestFirstScreen:
    def test_fits_a_terminal(self, case: str) -> None:
        _, lines = first_screen(case)
        assert len(lines) <= LINES, "\n".join(lines)
        assert max(map(len, lines)) <= COLUMNS

    def test_names_the_most_probable_outcome_first(self, case: str) -> None:
        found, lines = first_screen(case)
        text = " ".join(line.strip() for line in lines)
        both = found.deliberate.outcomes(), found.fallible.outcomes()
        likely = {name for outcomes in both for name in brief.close(outcomes)}
        for outcomes in both:
            top = max(outcomes, key=lambda name: outcomes[name])
            words = found.ending_words[top]
            answer = text[: text.index("[")]  # the headline, before the line of the checks
            assert words in answer
            for other, p in outcomes.items():  # no less probable outcome is named before it
                named = found.ending_words[other]
                if p < outcomes[top] - 1e-9 and other not in likely:
                    at = re.search(rf"\b{re.escape(named)}\b", answer[len(lines[0]):])
                    assert at is None or at.start() > answer[len(lines[0]):].index(words)

    def test_no_number_is_parted_from_its_unit(self, case: str) -> None:
        _, lines = first_screen(case)
        assert not [line for line in lines if line.lstrip().startswith("%")]


@pytest.mark.parametrize(("careful", "erring", "named"), [
    ({"war": 0.44, "settlement": 0.41, "status quo": 0.15}, {"war": 0.6, "settlement": 0.4},
     "war (44 %) or settlement (41 %)"),
    ({"war": 0.6, "settlement": 0.4}, {"war": 0.5, "settlement": 0.5},
     "war (50 %) or settlement (50 %)"),
])
def test_outcomes_within_five_points_share_the_headline(careful, erring, named):
    certificate = SimpleNamespace(certified=True)
    stub = SimpleNamespace(
        ending_words={k: k for k in careful},
        deliberate=SimpleNamespace(outcomes=lambda: careful, certificate=certificate),
        fallible=SimpleNamespace(outcomes=lambda: erring, certificate=certificate))
    text = brief.early(stub)
    assert text.startswith("No outcome is clearly the most probable. ")
    assert named in text


def test_the_terms_of_each_model_are_named():
    """The top terms of the fallible model come before others that are more probable in sum."""
    def row(package: str, careful: float, erring: float, outcome: str = "settlement") -> Any:
        return {"terms": f"{outcome}: {package}", "outcome": outcome, "package": package,
                "share": 0.5, "deliberate": careful, "fallible": erring}

    rows = [row("", 0.5, 0.4, "war"), row("treaty", 0.30, 0.02), row("pause", 0.2, 0.1),
            row("line", 0.0, 0.2)]
    stub = SimpleNamespace(once=lambda finding: rows)
    assert brief._terms(stub, {"war", "settlement"}) == (
        " Terms, deliberate / fallible: treaty (30 % / 2 %); line (0 % / 20 %).")
    assert brief._terms(stub, {"war"}) == ""


def test_a_number_whose_share_may_be_zero_does_not_matter_most(monkeypatch):
    from detente.findings import drivers

    found = [{"parameter": "cost", "share": 0.3, "low": 0.1, "high": 0.5},
             {"parameter": "idle", "share": 0.04, "low": 0.0, "high": 0.1}]
    stub = SimpleNamespace(
        ending_words={}, band=SimpleNamespace(certified=[True] * 64), compiled=SimpleNamespace(
            graph=SimpleNamespace(rules=SimpleNamespace(
                numbers={"cost": SimpleNamespace(is_range=True)}))))
    monkeypatch.setattr(drivers, "of_structure", lambda analysis, outcome: None)
    monkeypatch.setattr(brief, "drivers_of", lambda analysis: ("war", found))
    assert "cost 30 % (10 % to 50 %)." in brief.drivers_line(stub)
    assert "idle" not in brief.drivers_line(stub)
    monkeypatch.setattr(brief, "drivers_of", lambda analysis: ("war", found[1:]))
    assert brief.drivers_line(stub) == (
        "The 64 samples do not show which numbers matter most for the probability of war.")


def test_the_early_answer_needs_neither_samples_nor_other_structures():
    """It is there after both solutions at the centre, and names the probability in each model."""
    from detente.analysis.settings import Settings
    from detente.findings.brief import early
    from detente.findings.found import Found
    from detente.render.numbers import percent

    found = Found("kargil-1999", Settings())
    while found.step().name != "deliberate":
        pass
    words = early(found)
    one, two = found.deliberate.outcomes(), found.fallible.outcomes()
    for odds in (one, two):
        assert percent(max(odds.values())) in words
    assert ("The models disagree" in words) == (max(one, key=one.get) != max(two, key=two.get))
