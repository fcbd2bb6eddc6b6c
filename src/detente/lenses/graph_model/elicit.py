"""An interactive session that asks for a graph model and shows the result of each answer.

It asks for decision makers, options, infeasible combinations, irreversible options, the status quo,
and each decision maker's preference statements in order of importance. After each answer it shows
the number of remaining states, or how the statements rank them, and at the end the equilibria. The
file is written once, after the last answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from detente.errors import DetenteError, InputError
from detente.lenses.graph_model.file import GraphCase, loads
from detente.lenses.graph_model.options import OptionForm
from detente.lenses.graph_model.stability import CONCEPTS, analyse
from detente.lenses.graph_model.statements import KEYWORDS

__all__ = ["elicit", "write_yaml"]

Ask = Callable[[str], str]
Say = Callable[[str], None]

_ID = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


def elicit(path: Path, ask: Ask, say: Say) -> tuple[GraphCase, str]:
    """Ask for a graph model.

    Parameters
    ----------
    path
        The file that the caller will write. It names the model.
    ask
        Asks the user a question and returns the answer.
    say
        Shows a remark to the user.

    Returns
    -------
    GraphCase, str
        The model, and the text of its file.

    Raises
    ------
    InputError
        The answers ended early, or 20 answers to one question were unusable.
    """
    say("An empty answer ends a list. Ids are short words such as `accept`. Ctrl-C stops.")
    data: dict[str, Any] = {"graph": _slug(path)}
    data["title"] = _until(ask, say, "Title of the conflict, in one line", lambda t: t)
    data["question"] = ask("Which question should the model answer? ").strip() or None
    data["decision_makers"] = _makers(ask, say)
    options = {m: list(entry["options"]) for m, entry in data["decision_makers"].items()}
    data["infeasible"] = _infeasible(ask, say, options)
    data["irreversible"] = _irreversible(ask, say, options)
    space = OptionForm(options, data["infeasible"], data["irreversible"]).space()
    columns = ", ".join(option for _, option in space.columns)
    say(f"{len(space.labels)} states, {space.moves.count} moves. Options in order: {columns}.")

    def state(text: str) -> str:
        hit = space.where(text).sum()
        if hit != 1:
            raise InputError(f"the pattern describes {hit} states",
                             expected="exactly one state, as a pattern such as YN…")
        return text

    data["status_quo"] = _until(ask, say, "Status quo, as a pattern of Y and N", state)
    for maker, entry in data["decision_makers"].items():
        entry["preferences"] = _statements(ask, say, maker, space)
    text = write_yaml(data)
    case = loads(text, str(path))
    found = analyse(case.model)
    for concept in CONCEPTS:
        names = found.names(concept)
        say(f"{concept}: {len(names)} equilibria: {', '.join(names[:8])}")
    return case, text


def _makers(ask: Ask, say: Say) -> dict[str, Any]:
    makers: dict[str, Any] = {}
    taken: set[str] = set()
    while True:
        name = ask(f"Decision maker {len(makers) + 1}: id (empty to end) ").strip()
        if not name:
            if makers:
                return makers
            say("At least one decision maker is needed.")
            continue
        if not _ID.match(name) or name in makers:
            say(f"{name!r} is already used or not an id. An id has letters, digits and _ and "
                "begins with a letter. Enter another id.")
            continue
        printed = ask("  printed name: ").strip() or name
        options: dict[str, str] = {}
        while True:
            option = ask(f"  option {len(options) + 1}: id (empty to end) ").strip()
            if not option:
                break
            if not _ID.match(option) or option in taken or option.casefold() in KEYWORDS \
                    or set(option.upper()) <= {"Y", "N"}:
                say(f"  {option!r} is already used or not an id. Enter another id.")
                continue
            options[option] = ask("    in words: ").strip() or option
            taken.add(option)
        makers[name] = {"name": printed, "options": options}
        say(f"  {len(taken)} options make at most {2 ** len(taken):,} states.")


def _infeasible(ask: Ask, say: Say, options: dict[str, list[str]]) -> list[str]:
    out: list[str] = []
    for text in _list(ask, "Which options cannot be combined? (such as `accept and delay`)"):
        try:
            left = len(OptionForm(options, [*out, text]).space().labels)
        except DetenteError as wrong:
            say(f"  {wrong}")
            continue
        out.append(text)
        say(f"  {left} states remain.")
    return out


def _irreversible(ask: Ask, say: Say, options: dict[str, list[str]]) -> list[str]:
    form = OptionForm(options)
    out: list[str] = []
    for option in _list(ask, "Which option cannot be undone once taken?"):
        try:
            form.number(option)
        except InputError as wrong:
            say(f"  {wrong}")
            continue
        out.append(option)
    return out


def _statements(ask: Ask, say: Say, maker: str, space: Any) -> list[dict[str, str]]:
    from detente.lenses.graph_model.preferences import Statement, by_statements

    out: list[dict[str, str]] = []
    held: list[Statement] = []
    while True:
        text = ask(f"{maker}: {'next' if out else 'most'} important statement? (empty to end) "
                   ).strip()
        if not text:
            if out:
                return out
            say("  At least one statement is needed.")
            continue
        try:
            held.append(Statement(space.where(text), text))
        except InputError as wrong:
            say(f"  {wrong}")
            continue
        reason = ask("  reason? ").strip()
        out.append({"says": text, **({"reason": reason} if reason else {})})
        order = by_statements(held).order()
        best, worst = (", ".join(space.labels[s] for s in order[k][:4]) for k in (0, -1))
        say(
            f"  true in {int(held[-1].holds.sum())} of {len(space.labels)} states; "
            f"{len(order)} levels in the ranking. Best: {best}. Worst: {worst}."
        )


def _list(ask: Ask, question: str) -> Iterator[str]:
    while text := ask(f"{question} (empty to end) ").strip():
        yield text


def _until(ask: Ask, say: Say, question: str, check: Callable[[str], str]) -> str:
    for _ in range(20):
        text = ask(f"{question}: ").strip()
        try:
            if text:
                return check(text)
        except InputError as wrong:
            say(f"  {wrong}")
    raise InputError(f"no valid answer to: {question}",
                     expected="an answer of the form asked for; start again")


def _slug(path: Path) -> str:
    name = path.name.split(".")[0]
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_") or "model"


def write_yaml(data: dict[str, Any]) -> str:
    """Return a graph model file as YAML text, without empty fields.

    Examples
    --------
    >>> print(write_yaml({"graph": "a", "title": "Two: cars", "infeasible": []}), end="")
    graph: a
    title: 'Two: cars'
    """
    from io import StringIO

    from ruamel.yaml import YAML

    out = StringIO()
    writer = YAML(typ="rt")
    writer.width = 100
    writer.dump({k: v for k, v in data.items() if v not in (None, [], {})}, out)
    return out.getvalue()
