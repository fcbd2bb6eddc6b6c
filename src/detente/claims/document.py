"""Check the claims of a file; errors name the line and the column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.claims import syntax as s
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import left_out, rebuilt, refuse_changes, variants_in, words
from detente.errors import InputError, together

if TYPE_CHECKING:
    from detente.game.explore import Graph
    from detente.scenario.schema import Scenario
    from detente.scenario.yamlfile import Document

__all__ = ["check_claims"]


def check_claims(
    scenario: Scenario,
    document: Document | str | Path | None = None,
    *,
    graph: Graph | None = None,
) -> dict[str, s.Expr]:
    """Parse and check every claim of a crisis.

    The claims are checked once per scenario and kept with it.

    Parameters
    ----------
    scenario
        The crisis.
    document
        The file it was read from (or its path), for line and column.
    graph
        Its public states, if they are explored already.

    Returns
    -------
    dict of str to syntax tree
        The checked claims by id; claims without ``holds_if`` are left out.

    Raises
    ------
    InputError
        If a claim is wrong: file, line, column, the claim, what was expected and the nearest name.
        If several are wrong it is an `detente.errors.InputErrors`.
    """
    return dict(scenario.once("claims", lambda: _checked(scenario, document, graph)))


def _checked(
    scenario: Scenario, document: Document | str | Path | None, graph: Graph | None
) -> dict[str, s.Expr]:
    asked = [(k, c) for k, c in enumerate(scenario.claims) if c.holds_if is not None]
    if not asked:
        return {}
    errors: dict[int, InputError] = {}
    parsed: dict[int, s.Expr] = {}
    for k, claim in asked:
        try:
            parsed[k] = parse(claim.holds_if or "")
        except InputError as wrong:
            errors[k] = placed(wrong, claim, k, document)
    if graph is None and parsed:
        from detente.game.explore import graph_of

        graph = graph_of(scenario)
    out = {}
    if graph is not None:
        names = Names.of_graph(graph)
        for k, expr in parsed.items():
            claim = scenario.claims[k]
            try:
                checked = check(expr, names)
                same_types(checked, graph)
                refuse_changes(checked, graph.rules.numbers)
                out[claim.id] = checked
            except InputError as wrong:
                errors[k] = placed(wrong, claim, k, document)
    found = together([errors[k] for k in sorted(errors)])
    if found is not None:
        raise found
    return out


def same_types(claim: s.Expr, graph: Graph) -> None:
    """Refuse invalid variants, and comparisons of types that differ between variants."""
    from detente.mechanisms.rules import rules_of

    for key in variants_in(claim):
        if all(isinstance(v, s.Change) for v in key):
            continue
        rules = rules_of(rebuilt(graph.rules.scenario, key))
        for v in key:
            if isinstance(v, s.Change) and v.path not in rules.numbers:
                raise left_out(v)
        for x in s.walk(claim):
            if isinstance(x, s.Types) and isinstance(x.level, s.Level) and x.quantity is not None \
                    and x.level.word not in ("low", "middle", "high") \
                    and x.quantity in rules.quantities(x.actor) \
                    and len(rules.attributes(x.actor, x.quantity)) \
                    != len(graph.rules.attributes(x.actor, x.quantity)):
                raise InputError(
                    f"{words(key)} {x.actor} has other types than {x.level.word!r}",
                    line=x.at[0], column=x.at[1], expected="low, middle or high",
                )
            if not isinstance(x, s.Value | s.Choice) or x.who.level is not None:
                continue
            actor = x.who.actor
            if rules.n_types(actor) != graph.rules.n_types(actor):
                raise InputError(
                    f"{words(key)} {actor} has {rules.n_types(actor)} types, "
                    f"with it {graph.rules.n_types(actor)}",
                    line=x.at[0], column=x.at[1], expected="named types, such as "
                    f"{actor}.{next(iter(graph.rules.quantities(actor)), 'quantity')} high",
                )


def placed(
    wrong: InputError, claim: Any, position: int, document: Document | str | Path | None
) -> InputError:
    """Return an error of a claim with its place in the file."""
    from detente.scenario.yamlfile import Document, read_yaml

    if isinstance(document, str | Path):
        document = read_yaml(document)
    if wrong.file is not None:  # in another file, such as the ties file beside the case
        return wrong
    field = f"claims.{claim.id}.holds_if"
    row, column = wrong.line or 1, wrong.column or 1
    if not isinstance(document, Document):
        return InputError(wrong.message, line=row, column=column, field=field,
                          expected=wrong.expected, nearest=wrong.nearest, remedy=wrong.remedy)
    line, start = document.mark(("claims", position, "holds_if"))
    text = claim.holds_if or ""
    inside = _offset(document.text, line, start, text)
    where = "" if inside is not None else f" (line {row}, column {column} of the claim)"
    return InputError(
        wrong.message + where, file=document.file, line=line,
        column=start if inside is None else start + inside + column - 1, field=field,
        expected=wrong.expected, nearest=wrong.nearest, remedy=wrong.remedy,
    )


def _offset(file: str, line: int, column: int, claim: str) -> int | None:
    """Return the distance from the mark to the claim's first character.

    It is 1 for a quoted claim, and None if the claim is not written on one line.
    """
    lines = file.splitlines()
    if line > len(lines):
        return None
    written = lines[line - 1][column - 1 :]
    for offset in (0, 1):
        if written[offset:].startswith(claim):
            return offset
    return None
