"""The options that a crisis offers for the slots of templates.

Each kind of slot is a function from a crisis and the value of the slot that it depends on (empty if
it depends on none) to the options. An option has the value that the claims language understands,
and words for the analyst.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from detente.claims.names import Names
from detente.errors import InputError
from detente.reading.templates.checked import checked
from detente.scenario.labels import labels, titles_of

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["KINDS", "Case", "Option", "written"]

PLAIN = re.compile(r"[A-Za-z][A-Za-z_]*(?: [A-Za-z_]+)*")
TAKEN = {"and", "or", "not", "then", "after", "for", "abs", "min", "max", "every", "each", "some"}


class Option(NamedTuple):
    """A value as the claims language writes it, and its words."""

    value: str
    words: str


@dataclass(frozen=True)
class Case:
    """A crisis with its names and titles."""

    scenario: Scenario
    names: Names
    titles: dict[str, str]

    @classmethod
    def of(cls, scenario: Scenario) -> Case:
        """Return a crisis with its names; its public states are explored once."""
        from detente.game.explore import graph_of

        return cls(scenario, Names.of_graph(graph_of(scenario)), dict(titles_of(scenario)))

    def title(self, actor: str) -> str:
        """Return an actor's title."""
        return self.titles.get(actor, actor)


def written(words: str) -> str:
    """Return words as one name of the claims language, in quotes if they need them.

    Examples
    --------
    >>> written("general alert"), written("pledge and trade"), written("offer 0.5")
    ('general_alert', "'pledge and trade'", "'offer 0.5'")
    """
    if PLAIN.fullmatch(words) and not TAKEN & set(words.lower().split()):
        return words.replace(" ", "_")
    return f'"{words}"' if "'" in words else f"'{words}'"


def _unique(options: Iterable[Option]) -> list[Option]:
    return list({o.value: o for o in options}.values())


def actors(case: Case, of: str) -> list[Option]:
    """Return the actors with moves, without the one named."""
    return [Option(a, case.title(a)) for a in case.names.players
            if case.names.moves.get(a) and a != of]


def moves(case: Case, of: str) -> list[Option]:
    """Return the moves of an actor; several with one verb also by the verb."""
    acts = case.names.moves.get(of, ())
    verbs = [act.verb for act in acts]
    groups = [Option(written(v), f"{v} (any)") for v in dict.fromkeys(verbs)
              if verbs.count(v) > 1 and PLAIN.fullmatch(v)]
    return _unique([*groups, *(Option(written(act.deed()), act.deed(case.titles))
                               for act in acts)])


def steps(case: Case, of: str) -> list[Option]:
    """Return the moves of an actor that leave the crisis open: holding, a rung, an offer."""
    return [o for o in moves(case, of)
            if o.words.split()[0] in ("hold", "escalate", "offer", "open", "closed", "mobilise")]


def openings(case: Case, of: str) -> list[Option]:
    """Return the offers of an actor."""
    return [o for o in moves(case, of) if o.words.split()[0] == "offer"]


def events(case: Case, of: str) -> list[Option]:
    """Return events that may happen before the end: moves, results of chance, mechanisms."""
    found = [Option(f"{a.value}.{m.value}", f"{a.words}: {m.words}")
             for a in actors(case, of) for m in moves(case, a.value)]
    found += [Option(f"happens({written(act.deed())})", act.deed(case.titles))
              for act in case.names.chances]
    return _unique(found)


def outcomes(case: Case, of: str) -> list[Option]:
    """Return the ways in which the crisis may end."""
    found = [Option("war", "any war")] if case.names.wars else []
    found += [Option(written(str(o)), o.words(case.titles)) for o in case.names.outcomes
              if str(o) != "war"]
    if any(o.kind == "concession" for o in case.names.outcomes):
        found.append(Option("concession", "a concession of either side"))
    return _unique(found)


def wars(case: Case, of: str) -> list[Option]:
    """Return war of any kind, if the crisis has it."""
    return [Option("war", "any war")] if case.names.wars else []


def agreements(case: Case, of: str) -> list[Option]:
    """Return the outcome of agreement."""
    return [Option(written(str(o)), o.words(case.titles)) for o in case.names.outcomes
            if o.kind == "settlement"]


def divided(case: Case, of: str) -> list[Option]:
    """Return the outcome of agreement, if it divides the stake."""
    shared = any(t.share is not None for t in case.names.terms)
    return agreements(case, of) if shared else []


def concessions(case: Case, of: str) -> list[Option]:
    """Return the concession of each actor."""
    return [Option(written(str(o)), o.words(case.titles)) for o in case.names.outcomes
            if o.kind == "concession"]


def parts(case: Case, of: str) -> list[Option]:
    """Return what can be left out: mechanisms, packages, all offers."""
    found = [Option(m, m.replace("_", " ")) for m in case.names.mechanisms]
    found += [Option(f"offers.{written(p)}", f"the offer of {p}") for p in case.names.packages]
    if any(openings(case, a) for a in case.names.moves):
        found.append(Option("offers", "all offers of the principals"))
    return [o for o in found if _left_out(case, o.value)]


def _left_out(case: Case, part: str) -> bool:
    return _valid(case, f"without: {part}")


def _valid(case: Case, variant: str) -> bool:
    """Whether the crisis of a variant is valid."""
    def able() -> bool:
        ending = written(str(case.names.outcomes[0]))
        try:
            checked(case.scenario, f"P({ending}, {variant}) < 0.5")
        except InputError:
            return False
        return True

    return case.scenario.once(f"reading: {variant}", able)


def _of_kind(*kinds: str) -> Callable[[Case, str], list[Option]]:
    def found(case: Case, of: str) -> list[Option]:
        own = {m.id for m in case.scenario.mechanisms if m.kind in kinds}
        return [o for o in parts(case, of) if o.value in own]

    return found


def numbers(case: Case, of: str) -> list[Option]:
    """Return the numbers of the file that have a range, without precision and habits."""
    return case.scenario.once("reading: numbers", lambda: _numbers(case))


def _numbers(case: Case) -> list[Option]:
    from detente.scenario.paths import numbers as of_file

    known = of_file(case.scenario)
    words = labels(known.values(), case.titles)
    return [Option(path, words.get(path, path)) for path in case.names.numbers
            if path in known and known[path].is_range
            and not path.startswith(("habits", "precision"))]


def quantities(case: Case, of: str) -> list[Option]:
    """Return the private quantities of an actor."""
    return [Option(q, q.replace("_", " ")) for q in case.names.types.get(of, {})]


def private(case: Case, of: str) -> list[Option]:
    """Return the actors with private information."""
    return [o for o in actors(case, of) if case.names.types.get(o.value)]


def ends(case: Case, of: str) -> list[Option]:
    """Return the words for the ends of a private quantity."""
    return [Option("low", "low"), Option("high", "high")]


def turns(case: Case, of: str) -> list[Option]:
    """Return other numbers of turns, one more and one fewer."""
    setting = case.names.settings.get("turns.each")
    now = getattr(case.scenario.turns, "each", None)
    if setting is None or not isinstance(now, int):
        return []
    return [Option(str(k), f"{k} turns each") for k in (now + 1, now - 1)
            if (setting.least or 1) <= k <= (setting.most or k)
            and _valid(case, f"with: turns.each = {k}")]


def first_strike(case: Case, of: str) -> list[Option]:
    """Return the advantage of the first strike, if the crisis has one."""
    return [o for o in numbers(case, of) if o.value.split(".")[:2] == ["war", "first_strike"]]


def states(case: Case, of: str) -> list[Option]:
    """Return the states of the ties file beside the case, without the one that is named."""
    return [Option(s, case.title(s)) for s in _outside(case, "states") if s != of]


def pairs_of_states(case: Case, of: str) -> list[Option]:
    """Return the pairs of states of the ties file, without the one that is named."""
    return [Option(f"{a.value}, {b.value}", f"{a.words} and {b.words}")
            for a, b in combinations(states(case, of), 2)]


def _outside(case: Case, what: str) -> Iterable[str]:
    outside = case.scenario.outside
    if outside is None:
        return ()
    try:
        return getattr(outside, what)() or ()
    except InputError:  # no ties file lies beside the case
        return ()


KINDS: dict[str, Callable[[Case, str], list[Option]]] = {
    "actor": actors, "private": private, "move": moves, "step": steps, "offer": openings,
    "event": events, "outcome": outcomes, "war": wars, "agreement": agreements,
    "division": divided, "concession": concessions, "part": parts,
    "mediator": _of_kind("mediator"), "spoiler": _of_kind("spoiler"),
    "path": numbers, "quantity": quantities, "end": ends, "turns": turns,
    "first strike": first_strike, "state": states, "other state": states,
    "pair of states": pairs_of_states,
    "shock": lambda case, of: [Option(s, s.replace("_", " ")) for s in _outside(case, "shocks")],
    "rate": lambda case, of: [Option(r, r.replace("-", " ")) for r in _outside(case, "rates")],
}
"""The kinds of slots; ``number`` is a number that the analyst sets."""
