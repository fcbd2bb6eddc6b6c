"""Questions about a desk's crisis: a claim, off-ramps, comparisons, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from detente.errors import InputError
from detente.web.moves import has_events
from detente.web.progress import Progress, told
from detente.web.show import html_of

if TYPE_CHECKING:
    from detente.web.source import Source

__all__ = ["Followed", "claim", "claims", "compare", "followed", "offramps"]

SAMPLES, DELIBERATE, POINTS = 256, 64, 13


@dataclass(frozen=True)
class Followed:
    """A crisis followed through events.

    Attributes
    ----------
    html : str
        The sections of the report.
    answer : str
    """

    html: str
    answer: str


def _sections(work: Callable[[Any], Any], show: Callable[[Any], Any]) -> Iterator[Any]:
    for item in told(work):
        yield item if isinstance(item, Progress) else html_of(show(item))


def claims(source: Source) -> Iterator[Any]:
    """Yield progress, then the section on the claims of the file."""
    from detente.analysis.claims.evaluate import evaluate
    from detente.findings.claims.section import show

    crisis = source.crisis()
    if not crisis.claims:
        yield html_of([])
        return
    yield from _sections(lambda tell: _evaluated(evaluate, crisis, tell), lambda c: [show(c)])


def claim(source: Source, says: str, holds_if: str) -> Iterator[Any]:
    """Yield progress, then the section on one claim that a person wrote."""
    from detente.analysis.claims.evaluate import evaluate
    from detente.findings.claims.section import show

    crisis = with_claim(source.crisis(), says, holds_if)
    yield from _sections(
        lambda tell: _evaluated(evaluate, crisis, tell),
        lambda c: [replace(show(c), title="Your claim", lead="A claim that you wrote, tested in "
                           "both models and over the ranges.")])


def with_claim(crisis: Any, says: str, holds_if: str) -> Any:
    """Return a crisis with one claim in the place of its own.

    Raises
    ------
    InputError
        The claim does not parse, or names a part that the crisis does not have.
    """
    from pydantic import ValidationError

    from detente.claims.document import check_claims
    from detente.scenario.beside import Claim
    from detente.scenario.problems import from_pydantic

    try:
        one = Claim.model_validate({"id": "asked", "says": says or holds_if, "holds_if": holds_if})
    except ValidationError as error:  # it is too long, say
        wrong = from_pydantic(error, Claim)[0]
        raise InputError(wrong.message, field=".".join(map(str, wrong.path)),
                         expected=wrong.expected) from None
    made = crisis.model_copy(update={"claims": [one]})
    check_claims(made)
    return made


def _evaluated(evaluate: Any, crisis: Any, tell: Any) -> Any:
    from detente.analysis.memo import Memo
    from detente.equilibrium import find_others, solve_deliberate
    from detente.game.compile import compile_scenario

    tell(0, 0, "solving")
    compiled = compile_scenario(crisis)
    memo = Memo(compiled)
    one = memo.fallible(compiled.lam)
    two = solve_deliberate(compiled.tree, one)
    others = find_others(compiled.tree, one, two, starts=4, seed=0, workers=1,
                         half=memo.fallible(compiled.lam / 2))
    return evaluate(compiled, one, two, others, samples=SAMPLES, deliberate_samples=DELIBERATE,
                    points=POINTS, memo=memo, workers=1, tell=tell)


def offramps(source: Source, target: str, levers: Sequence[str]) -> Iterator[Any]:
    """Yield progress, then the section on the off-ramps by some of the levers."""
    from detente.analysis.offramps.find import offramps as find
    from detente.findings.offramps import section

    crisis = source.crisis()
    chosen = {path: lever for path, lever in crisis.levers.items() if path in set(levers)}
    if not chosen:
        raise InputError("no lever is chosen", expected="at least one of the levers")
    crisis = crisis.model_copy(update={"levers": chosen})
    yield from _sections(lambda tell: find(crisis, target, workers=1, tell=tell),
                         lambda found: [section(found)])


def compare(source: Source, other: str, second: Source) -> Iterator[Any]:
    """Yield progress, then the comparison with the variants, the saved file or another case.

    Parameters
    ----------
    source
        The page's values.
    other
        ``variants``, ``saved`` or ``case``.
    second
        The saved file, or the other case.
    """
    from detente.analysis.compare import compare as between
    from detente.findings.compare import sections

    now = source.crisis()
    if other == "variants":
        cases = [now]
    else:
        # They are told apart by their files: a copy often keeps the name of its crisis.
        told = f"{second.name} (saved)" if other == "saved" else second.name
        there = second.crisis().model_copy(update={"variants": {}, "crisis": told})
        mine = now.model_copy(update={"variants": {}, "crisis": f"{source.name} (this page)"})
        cases = [there, mine]
    yield from _sections(lambda tell: between(cases, samples=SAMPLES, workers=1, tell=tell),
                         sections)


def followed(source: Source, events: str) -> Iterator[Any]:
    """Yield progress, then the crisis followed through the text of an events file."""
    from detente.follow.begin import begin
    from detente.follow.document import study
    from detente.follow.file import loads_events
    from detente.follow.sections import report

    if not has_events(events):
        yield Followed("", "No event is entered yet.")
        return
    crisis = source.crisis()

    def work(tell: Any) -> Followed:
        found = begin(crisis, loads_events(events, crisis), samples=SAMPLES, workers=1, tell=tell)
        told = report(study(found, rivals=False))
        shown = ([told.brief] if told.brief else []) + list(told.sections)
        return Followed(html_of(shown), told.answer)

    yield from told(work)
