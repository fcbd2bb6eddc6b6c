"""Checks of a stake with several issues, and of packages and demands that name their levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from detente.errors import nearest, one_of
from detente.scenario.efficient import MOST_COMBINATIONS
from detente.scenario.model import segment
from detente.scenario.parts.stake import Issue, weight_key
from detente.scenario.private import PrivateSpec
from detente.scenario.problems import Problem
from detente.scenario.quantity import Kind
from detente.scenario.schema import Scenario

__all__ = ["issues"]

Place = tuple[str | int, ...]


def issues(s: Scenario) -> Iterator[Problem]:
    """Yield every fault of the issues, and of what the rest of the file says about them."""
    if s.stake is None:
        return
    if not s.stake.issues:
        yield from _without(s)
        return
    if s.stake.status_quo is not None:
        yield Problem(("stake", "status_quo"), "the stake has issues, each with a status quo of "
                      "its own", "no `status_quo` beside `issues`; remove it", at_key=True)
    for name, issue in s.stake.issues.items():
        yield from _issue(s, name, issue)
    size = prod(len(issue.levels) for issue in s.stake.issues.values())
    if size > MOST_COMBINATIONS:
        yield Problem(("stake", "issues"), f"the issues have {size:,} combinations of levels",
                      f"at most {MOST_COMBINATIONS:,}; list fewer levels", at_key=True)
    if len({segment(name).replace("-", "_") for name in s.stake.issues}) < len(s.stake.issues):
        yield Problem(("stake", "issues"), "two issues have the same name in paths",
                      "names that differ in more than spaces, hyphens and underscores", at_key=True)
    yield from _weights(s)
    yield from _demands(s, s.stake.issues)
    yield from _offers(s, s.stake.issues)


def _without(s: Scenario) -> Iterator[Problem]:
    """Yield what needs issues in a file without them."""
    assert s.stake is not None
    if s.stake.status_quo is None:
        yield Problem(("stake", "status_quo"), "status_quo is missing",
                      "the share of `first` in the status quo, or `issues`", absent=True)
    for name, actor in s.actors.items():
        if isinstance(actor.demand, Mapping):
            yield Problem(("actors", name, "demand"), "the demand names levels, but the stake has "
                          "no issues", "a share between 0 and 1, or `stake.issues`", at_key=True)
    if s.offers is None:
        return
    if s.offers.efficient is not None:
        yield Problem(("offers", "efficient"), "the efficient set needs a stake with issues",
                      "`stake.issues`, or `shares` in place of this key", at_key=True)
    for k, package in enumerate(s.offers.packages or []):
        if package.levels is not None:
            yield Problem(("offers", "packages", k, "levels"), "the package names levels, but the "
                          "stake has no issues", "a `share`, or `stake.issues`", at_key=True)
        elif package.share is None:
            yield Problem(("offers", "packages", k, "share"), "share is missing",
                          "the share of the stake that `stake.first` receives", absent=True)


def _issue(s: Scenario, name: str, issue: Issue) -> Iterator[Problem]:
    at = ("stake", "issues", name)
    if isinstance(issue.status_quo, str) and issue.status_quo not in issue.levels:
        yield _no_level((*at, "status_quo"), name, issue.status_quo, issue)
    values: dict[str, float] = {}
    for level, share in issue.levels.items():
        if share.centre in values.values() and not share.is_range:
            twin = next(k for k, v in values.items() if v == share.centre)
            yield Problem((*at, "levels", level), f"the levels {twin!r} and {level!r} give the "
                          "same share", "a share of its own for each level", at_key=True)
        values[level] = share.centre
    if issue.weight is None or issue.weight.common is not None:
        return
    for actor in s.principals:
        given = actor in issue.weight.each
        private = weight_key(name) in s.actors[actor].private
        if not given and not private:
            yield Problem((*at, "weight"), f"{actor} has no weight on {name!r}",
                          f"a number here, or actors.{actor}.private.{weight_key(name)}",
                          at_key=True)
        elif given and private:
            yield Problem((*at, "weight", actor), f"the weight of {actor} is private and public",
                          "one of them", at_key=True)


def _weights(s: Scenario) -> Iterator[Problem]:
    """Yield actors whose weights may all be 0, or whose private weights are negative."""
    assert s.stake is not None and s.stake.issues
    for name, actor in s.actors.items():
        some = False
        for issue, spec in s.stake.issues.items():
            private = actor.private.get(weight_key(issue))
            public = None if spec.weight is None else spec.weight.of(name)
            if private is not None:
                low = _least(private)
                some |= low > 0
                if low < 0:
                    yield Problem(("actors", name, "private", weight_key(issue)),
                                  "the weight of some type is negative",
                                  "weights of at least 0 for every type", at_key=True)
            else:
                some |= public is None or public.low > 0
            if private is None and public is None and actor.sides_with is not None \
                    and weight_key(issue) in s.actors[str(actor.sides_with)].private:
                yield Problem(("stake", "issues", issue, "weight"),
                              f"{name} sides with {actor.sides_with}, whose weight on {issue!r} is "
                              "private", f"a weight of its own for {name}", at_key=True)
        if not some:
            yield Problem(("stake", "issues"), f"all weights of {name} may be 0",
                          "at least one issue whose weight is above 0 in all of its range",
                          at_key=True)


def _least(private: PrivateSpec) -> float:
    return min(q.low for q in private.numbers.values() if q.kind is not Kind.BELIEF)


def _demands(s: Scenario, known: Mapping[str, Issue]) -> Iterator[Problem]:
    for name, actor in s.actors.items():
        if actor.demand is None:
            continue
        at = ("actors", name, "demand")
        if not isinstance(actor.demand, Mapping):
            yield Problem(at, "the demand is a share, but the stake has issues",
                          "levels of issues, such as {" + _example(known) + "}", at_key=True)
            continue
        yield from _levels(at, actor.demand, known)
        if s.stake is None or name not in s.principals:
            continue
        for issue, level in actor.demand.items():
            if issue not in known or level not in known[issue].levels:
                continue
            sign = 1.0 if name == s.stake.first else -1.0
            asked, now = known[issue].levels[level], _now(known[issue])
            if now is not None and (sign * (asked.centre - now) < -1e-12):
                yield Problem((*at, issue), f"{name} demands {level!r}, which is worse for it than "
                              "the status quo", "a level at least as good as the status quo, or no "
                              "entry for this issue")


def _now(issue: Issue) -> float | None:
    quo = issue.status_quo
    if isinstance(quo, str):
        return issue.levels[quo].centre if quo in issue.levels else None
    return float(quo.centre)


def _offers(s: Scenario, known: Mapping[str, Issue]) -> Iterator[Problem]:
    if s.offers is None:
        return
    for key in ("shares", "shares_by"):
        if getattr(s.offers, key) is not None:
            yield Problem(("offers", key), "the stake has issues, so an offer is a package of "
                          "levels and not a share", "`packages` with `levels`, or `efficient`",
                          at_key=True)
    if not s.offers.packages and s.offers.efficient is None:
        yield Problem(("offers",), "the stake has issues, but no package is offered",
                      "`packages` with `levels`, or `efficient`", at_key=True)
    for k, package in enumerate(s.offers.packages or []):
        at = ("offers", "packages", k)
        if package.share is not None:
            yield Problem((*at, "share"), "the stake has issues, so a package is no share of the "
                          "stake", "`levels`, such as {" + _example(known) + "}", at_key=True)
        if package.levels is None:
            if package.share is None:
                yield Problem((*at, "levels"), "levels is missing",
                              "the level of each issue, such as {" + _example(known) + "}",
                              absent=True)
            continue
        yield from _levels((*at, "levels"), package.levels, known)


def _levels(at: Place, named: Mapping[str, str], known: Mapping[str, Issue]) -> Iterator[Problem]:
    for issue, level in named.items():
        if issue not in known:
            yield Problem((*at, issue), f"there is no issue {issue!r}", one_of(issue, list(known)),
                          nearest(issue, known), at_key=True)
        elif level not in known[issue].levels:
            yield _no_level((*at, issue), issue, level, known[issue])


def _no_level(at: Place, name: str, level: str, issue: Issue) -> Problem:
    return Problem(at, f"{name!r} has no level {level!r}", one_of(level, list(issue.levels)),
                   nearest(level, issue.levels))


def _example(known: Mapping[str, Issue]) -> str:
    name, issue = next(iter(known.items()))
    return f"{name}: {next(iter(issue.levels))}"

