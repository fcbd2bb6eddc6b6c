"""``detente check``: the content of a crisis file and the size of its game."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from detente.game.explore import Graph
    from detente.scenario.schema import Scenario

NAME = "check"
HELP = "Check a crisis file; show its actors, moves and size."
EPILOG = "Examples: detente check cuba-1962; detente check my-crisis.yaml --json"

MOST_MOVES = 8
TURN = ("hold", "escalate", "offer", "accept", "yield", "attack")
"""First words of the moves of a principal's own turn."""


def command(
    case: Annotated[str, typer.Argument(help="A crisis file, or the name of a shipped case.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check a crisis file; show its actors, moves and size."""
    from detente.commands._common import emit_json

    content = describe(case)
    if as_json:
        emit_json(content)
    else:
        from detente.render.wrap import fold, width_of_terminal

        width = width_of_terminal()
        for line in lines(content):
            whole = line == content["file"]  # a path that is broken cannot be copied
            typer.echo(line if whole else "\n".join(fold(line, width, _hanging(line, width))))


def describe(case: str) -> dict[str, Any]:
    """Return what a case contains, ready for JSON.

    Raises
    ------
    InputError
        If the file is wrong.
    SizeError
        If its public states are too many to count.
    """
    import warnings

    from detente.cases import InputWarning, find, read
    from detente.commands._common import progress
    from detente.game.compile import BUDGET
    from detente.game.explore import graph_of
    from detente.game.odds import odds_beyond
    from detente.scenario import numbers

    path = find(case)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        with progress("counting the public states"):
            case_file = read(path)
            scenario = case_file.scenario
            graph = graph_of(scenario)
            size = graph.size()
    rules = graph.rules
    remarks = [str(w.message) for w in caught if issubclass(w.category, InputWarning)]
    return {
        "case": scenario.crisis,
        "title": scenario.title,
        "file": str(path),
        "file_sha256": case_file.sha256,
        "actors": [_actor(scenario, name, size.types.get(name, 1)) for name in scenario.actors],
        "moves": list(_moves(scenario)),
        "labels": _labels(graph),
        "other_moves": _labels(graph, _turn_moves(scenario)),
        "outcomes": sorted(map(str, graph.outcomes)),
        "mechanisms": [{"kind": m.kind, "id": m.id} for m in scenario.mechanisms],
        "numbers": len(numbers(scenario)),
        "ranges": [
            {"path": p, "range": str(q)} for p, q in numbers(scenario).items() if q.is_range
        ],
        "levers": list(scenario.levers),
        "structures": _structures(scenario),
        "claims": [{"id": c.id, "says": c.says} for c in scenario.claims],
        "size": {
            "public_states": size.states,
            "nodes": size.nodes,
            "types": size.types,
            "budget": BUDGET,
            "multiplies": [{"what": what, "times": times} for what, times in size.multiplies],
        },
        "warnings": remarks + rules.remarks() + odds_beyond(graph),
    }


def _structures(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the structural alternatives with the size of their games; empty if there are none."""
    from detente.game.explore import graph_of
    from detente.scenario.alternatives import alternatives, single
    from detente.scenario.structural import restructured

    stated = alternatives(scenario)
    whole = 1.0 + sum(one.weight for one in stated)
    own = single(scenario)
    return [
        {"structure": one.label, "set": one.changes, "weight": one.weight / whole, "why": one.why,
         "nodes": graph_of(restructured(own, one.changes)).size().nodes}
        for one in stated
    ]


def _actor(scenario: Scenario, name: str, types: int) -> dict[str, Any]:
    actor = scenario.actors[name]
    return {
        "name": name,
        "title": actor.title,
        "role": actor.role,
        "sides_with": actor.sides_with,
        "types": types,
        "knows": [
            {
                "quantity": quantity,
                "types": spec.n_types,
                "values": list(spec.discretise().labels),
                "numbers": {path: str(q) for path, q in spec.numbers.items()},
            }
            for quantity, spec in actor.private.items()
        ],
    }


def _moves(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield what a principal can do in its turn on each rung, lowest first.

    ``by`` is the principal, None if the row holds for both.
    """
    if scenario.turns is None:
        return
    rows = {p: _own_moves(scenario, p) for p in scenario.principals}
    for place, rung in enumerate(scenario.rungs or (None,)):
        name = rung.name if rung is not None else None
        here = {p: row[place] for p, row in rows.items() if place in row}
        if len(here) == len(rows) and len({tuple(moves) for moves in here.values()}) == 1:
            yield {"rung": name, "by": None, "moves": next(iter(here.values()))}
        else:
            for principal, moves in here.items():
                yield {"rung": name, "by": principal, "moves": moves}


def _own_moves(scenario: Scenario, principal: str) -> dict[int, list[str]]:
    """Return the moves of one principal by the position of the rungs on which it can stand."""
    refused = scenario.actors[principal].will_not
    found = {}
    for place, rung in enumerate(scenario.rungs or (None,)):
        if rung is not None and rung.by not in (None, principal):
            continue
        above = scenario.rung_above(principal, place)
        kinds = {
            "escalate": above is not None, "offer": scenario.offers is not None,
            "accept": scenario.offers is not None, "yield": True,
            "attack": scenario.war is not None,
        }
        words = {"escalate": f"escalate to {scenario.rungs[above].name}" if above else ""}
        found[place] = ["hold", *(words.get(kind, kind) for kind, can in kinds.items()
                                  if can and kind not in refused)]
    return found


def _turn_moves(scenario: Scenario) -> set[tuple[str, str]]:
    """Return the actor and the verb of the moves that `_moves` lists by rung."""
    if scenario.turns is None:
        return set()
    return {(name, verb) for name, actor in scenario.actors.items()
            if actor.role == "principal" for verb in TURN}


def _labels(graph: Graph, without: Collection[tuple[str, str]] = ()) -> dict[str, list[str]]:
    """Return what each player and chance can do, in words; ``without`` some moves."""
    from detente.identifiers import ActionProfile

    found: dict[str, dict[str, None]] = {}
    for move in graph.moves:
        for act in move.acts if isinstance(move, ActionProfile) else (move,):
            if (act.actor, act.verb) not in without:
                found.setdefault(act.actor or "chance", {})[act.deed()] = None
    return {who: list(labels) for who, labels in found.items()}


def lines(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the content as lines for a terminal."""
    yield f"{content['title']} ({content['case']})"
    yield content["file"]
    yield from ("", "Actors")
    yield from _columns([_who(a) for a in content["actors"]])
    if content["moves"]:
        yield from ("", "Moves of a principal by rung")
        yield from _columns([
            ((m["rung"] or "-") + (f" ({m['by']})" if m["by"] else ""), ", ".join(m["moves"]))
            for m in content["moves"]])
    others = content["other_moves"]
    if others:
        yield from ("", "Other moves" if content["moves"] else "Moves")
        yield from _columns([(who, _few(labels)) for who, labels in others.items()])
    yield from ("", f"Outcomes: {', '.join(content['outcomes'])}")
    if content["mechanisms"]:
        yield "Mechanisms: " + ", ".join(m["id"] for m in content["mechanisms"])
    yield (
        f"Numbers: {content['numbers']}, of which {_count(content['ranges'], 'range')} and "
        f"{_count(content['levers'], 'lever')}; claims: {len(content['claims'])}"
    )
    yield from ("", "Size")
    size = content["size"]
    states, nodes = size["public_states"], size["nodes"]
    yield (f"  {states:,} public state{'' if states == 1 else 's'} "
           f"unfold{'s' if states == 1 else ''} into {nodes:,} node{'' if nodes == 1 else 's'}")
    if size["nodes"] > size["budget"]:
        yield f"  above the budget of {size['budget']:,}: `detente run` will refuse it"
    for row in content["structures"]:
        yield f"  {row['structure']} (weight {row['weight']:.0%}): {row['nodes']:,} nodes"
        if row["nodes"] > size["budget"]:
            yield f"  above the budget of {size['budget']:,}: `detente run` will refuse it"
    for row in size["multiplies"]:
        yield f"  without {row['what']!r}: {row['times']:,.1f} times smaller"
    for remark in content["warnings"]:
        yield f"\nWarning: {remark}"


def _who(actor: Mapping[str, Any]) -> tuple[str, str, str]:
    known = [
        f"{k['quantity']} ({_count(k['types'], 'type')}: {_few(k['values'], 5)})"
        for k in actor["knows"]
    ]
    if actor["knows"]:
        what = "alone knows its " + " and ".join(known)
        product = 1
        for k in actor["knows"]:
            product *= k["types"]
        if len(known) > 1 or actor["types"] > product:
            more = " with what mechanisms add" if actor["types"] > product else ""
            what += f", {_count(actor['types'], 'type')} in all{more}"
    elif actor["types"] > 1:
        what = f"has {actor['types']} types (by a mechanism)"
    else:
        what = "has no private information"
    role = actor["role"] + (f" on {actor['sides_with']}'s side" if actor["sides_with"] else "")
    return actor["name"], role, what


def _count(items: Sequence[Any] | Mapping[str, Any] | int, what: str) -> str:
    """Return a number and its noun, in the singular for one.

    Examples
    --------
    >>> _count(1, "lever"), _count(["a", "b"], "range")
    ('1 lever', '2 ranges')
    """
    n = items if isinstance(items, int) else len(items)
    return f"{n} {what}{'' if n == 1 else 's'}"


def _hanging(line: str, width: int) -> str:
    """Return the indent of the lines that continue a row: below its last column.

    Examples
    --------
    >>> len(_hanging("  armenia  principal  has no private information", 80))
    22
    """
    found = re.match(r"\s*(?:\S+(?: \S+)*\s{2,})*", line)
    start = len(found[0]) if found else 0
    return " " * (start if start <= 2 * width // 3 else 4)


def _few(items: Sequence[str], most: int = MOST_MOVES) -> str:
    if len(items) <= most:
        return ", ".join(items)
    return ", ".join(items[: most - 1]) + f", ... {items[-1]} ({len(items)})"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for row in rows:
        cells = [f"{cell:<{w}}" for cell, w in zip(row[:-1], widths, strict=True)]
        yield "  " + "  ".join([*cells, row[-1]])
