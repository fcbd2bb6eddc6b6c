"""``detente explain``: one entry of the reference: a key of a file, a mechanism or a term."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from detente.commands._options import AsJson

if TYPE_CHECKING:
    from detente.cases.reference import Entry

NAME = "explain"
HELP = "Explain a key of the crisis file or the events file, a mechanism or a term."
EPILOG = (
    "Examples: detente explain war.win_chance; detente explain mediator; detente explain "
    "events.learned; detente explain audience cost"
)


def command(
    key: Annotated[Optional[list[str]], typer.Argument(  # noqa: UP045
        help="For example war.win_chance, mediator, mediator.bias or audience cost; without it, "
             "every key is listed.")] = None,
    json: AsJson = False,
) -> None:
    """Explain a key of the crisis file or the events file, a mechanism, or a term of the reports.

    A name of the file, such as an actor or a rung, may stand for the * in a key: `detente explain
    ladder.mobilisation.risk` explains ladder.*.risk.
    """
    from detente.commands._common import emit_json

    if not key:
        found = keys()
        if json:
            emit_json(found)
            return
        for group, names in found.items():
            typer.echo(f"{group}:\n  " + "\n  ".join(names) + "\n")
        typer.echo("Explain one of them: detente explain KEY")
        return
    entry = find(" ".join(key))
    if json:
        emit_json(entry)
    else:
        typer.echo(shown(entry))


def keys() -> dict[str, list[str]]:
    """Return everything that can be explained, by group."""
    from detente.cases.reference import entries, mechanism_pages
    from detente.follow.reference import entries as of_events

    pages = mechanism_pages()
    return {
        "crisis file": [k for k in entries() if not _of_mechanism(k)],
        "events file": list(of_events()),
        "mechanisms": [*pages, *(k for k in entries() if "." in k and _of_mechanism(k))],
        "terms": list(terms()),
    }


def _of_mechanism(key: str) -> bool:
    """Whether a key belongs to a mechanism that files list, not to a part of the file itself."""
    from detente.mechanisms import registry

    return key.split(".")[0] in registry()


@cache
def _glossary() -> list[dict[str, Any]]:
    from importlib.resources import files

    from ruamel.yaml import YAML

    text = files("detente").joinpath("glossary.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(text)
    return found


def terms() -> dict[str, str]:
    """Return the glossary: term to meaning."""
    return {row["term"]: " ".join(str(row["meaning"]).split()) for row in _glossary()}


def _other_names() -> dict[str, str]:
    """Return the other names of terms, in lower case, each with its term."""
    return {name.lower(): row["term"] for row in _glossary() for name in row.get("also", ())}


def find(key: str) -> dict[str, Any]:
    """Return the entry of a key.

    Raises
    ------
    InputError
        No such key; the message names the nearest one.
    """
    from detente.cases.reference import entries, mechanism_pages
    from detente.errors import InputError, nearest, one_of
    from detente.follow.reference import entries as of_events

    asked = " ".join(key.split()).replace(" ", "_") if "." in key else " ".join(key.split())
    pages, known, meanings = mechanism_pages(), entries(), terms()
    if asked in pages or asked.replace(" ", "_") in pages:
        kind = asked if asked in pages else asked.replace(" ", "_")
        fields = [k for k in known if k.startswith(f"{kind}.")]
        made: dict[str, Any] = {
            "key": kind, "kind": "mechanism", "meaning": pages[kind], "keys": fields}
        if kind in known and not _of_mechanism(kind):  # a part of the file has the same name
            entry = known[kind]
            made |= {"kind": "crisis file and mechanism", "holds": entry.holds,
                     "needed": entry.needed, "meaning": f"{entry.meaning}\n\n{pages[kind]}"}
        return made
    told = _of_file("crisis file", known, asked)
    if told is not None:
        if asked.lower() in meanings:
            told["term"] = meanings[asked.lower()]
        return told
    told = _of_file("events file", of_events(), asked)
    if told is not None:
        return told
    others = _other_names()
    named = asked.lower().replace("_", " ")
    term = next((t for t in meanings if t.lower() in (named, others.get(named))), None)
    if term is None:  # some outcomes have a name of the file in them: "aland concedes"
        words = named.split()
        term = others.get(words[-1] if words[-1] == "concedes" else words[0]) if words else None
    if term is not None:
        return {"key": term, "kind": "term", "meaning": meanings[term]}
    told = _of_file("events file", of_events(), f"events.{asked}")  # `learned` alone
    if told is not None:
        return told
    ends = [k for k in known if k.endswith(f".{asked}")]  # `ultimatum` of a package
    if len(ends) == 1 and (told := _of_file("crisis file", known, ends[0])) is not None:
        return told
    known_words = [*known, *of_events(), *pages, *meanings, *others]
    raise InputError(
        f"there is no key, mechanism or term {key!r}",
        expected=one_of(asked, known_words),
        nearest=nearest(asked, known_words),
        remedy="`detente explain` lists them",
    )


def _of_file(kind: str, known: Mapping[str, Entry], asked: str) -> dict[str, Any] | None:
    """Return the entry of a key of a kind of file, None if it has no such key."""
    found = next((k for k in known if _matches(k, asked)), None)
    if found is None:
        return None
    entry = known[found]
    below = [k for k in known if k.startswith(f"{found}.") and "." not in
             k.removeprefix(f"{found}.").removeprefix("*.")]
    return {"key": found, "kind": kind, "holds": entry.holds, "needed": entry.needed,
            "meaning": entry.meaning, "keys": below}


def _matches(key: str, asked: str) -> bool:
    """Whether a key with ``*`` for names of the file is the one asked for."""
    parts, given = key.split("."), asked.split(".")
    return len(parts) == len(given) and all(
        p in ("*", g) for p, g in zip(parts, given, strict=True)
    )


def shown(entry: dict[str, Any]) -> str:
    """Return an entry as lines for a terminal."""
    lines = [entry["key"]]
    if "holds" in entry:
        lines += _wrapped(f"holds: {entry['holds']}" + ("; required" if entry["needed"] else ""))
    meaning = entry["meaning"]
    if "mechanism" in entry["kind"]:
        lines += ["", meaning]
    elif meaning:
        for part in meaning.splitlines():
            lines += _wrapped(part)
    if entry.get("term"):
        lines += ["", *_wrapped(f"As a term of the reports: {entry['term']}")]
    if entry.get("keys"):
        lines += ["", *_wrapped("keys: " + ", ".join(entry["keys"]))]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    """Return a text as indented lines of at most 78 letters; code in backticks stays together."""
    import re
    import textwrap

    whole = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", "\0"), text)
    found = textwrap.wrap(whole, 78, initial_indent="  ", subsequent_indent="  ",
                          break_on_hyphens=False)
    return [line.replace("\0", " ") for line in found]
