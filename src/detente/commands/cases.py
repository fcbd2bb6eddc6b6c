"""``detente cases``: the shipped cases."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Annotated, Any

import typer

NAME = "cases"
HELP = "List the shipped cases."
EPILOG = "Example: detente run NAME, with a name from the list."

KEYS = ("title", "summary")


def command(
    book: Annotated[bool, typer.Option(
        "--book", help="List the casebook: crises with known ends, drafted by rules.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the shipped cases, or those of the casebook."""
    from detente.commands._common import emit_json

    found = list(casebook() if book else shipped())
    if as_json:
        emit_json(found)
        return
    width = max((len(case["name"]) for case in found), default=0)
    for case in found:
        typer.echo(f"{case['name']:<{width}}  {case['title']}")


def shipped() -> Iterator[dict[str, Any]]:
    """Yield each shipped case, in the order of the names.

    Keys: name, title, summary, path, and whether its events are shipped too.

    Examples
    --------
    >>> all(case["name"] and case["title"] for case in shipped())
    True
    """
    folder = resources.files("detente") / "cases"
    for case in sorted(folder.iterdir(), key=lambda entry: entry.name):
        file = case / f"{case.name}.yaml"
        if case.is_dir() and file.is_file():
            head = _head(file.read_text(encoding="utf-8"))
            title = head.get("title", case.name)
            yield {
                "name": case.name,
                "title": title,
                "summary": head.get("summary", ""),
                "path": str(file),
                "events": (case / f"{case.name}.events.yaml").is_file(),
            }


def casebook() -> Iterator[dict[str, Any]]:
    """Yield each crisis of the casebook, in the order of the years; keys as `shipped` and more.

    Further keys: the ICB number (None before 1918), the day, the template. Nothing says how a
    crisis ended.

    Examples
    --------
    >>> next(casebook())["name"]
    'book-fashoda-1898'
    """
    from detente.casebook.facts import facts, named
    from detente.cases.names import casebook as crises

    places = crises()
    for name in named():
        one = facts(name)
        yield {
            "name": name, "title": one.title, "summary": " ".join(one.summary.split()),
            "path": str(places[name]), "events": False, "icb": one.icb, "date": one.date,
            "template": one.template,
        }


def _head(text: str) -> dict[str, str]:
    r"""Read the top-level ``title`` and ``summary`` of a crisis file, and not the rest of it.

    Examples
    --------
    >>> _head("crisis: a\ntitle: The strait crisis\nactors: {title: no}")
    {'title': 'The strait crisis'}
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    found: dict[str, str] = {}
    depth, key = 0, None
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            kind = type(event).__name__
            if kind in ("MappingStartEvent", "SequenceStartEvent"):
                depth += 1
                key = None
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                depth -= 1
                key = None
            elif depth == 1 and kind == "ScalarEvent":
                if key is None:
                    key = event.value
                    continue
                if key in KEYS:
                    found[key] = " ".join(event.value.split())
                key = None
            if len(found) == len(KEYS):
                break
    except YAMLError:
        pass  # `detente check` says what is wrong with it
    return found
