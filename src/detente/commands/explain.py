"""``detente explain``: one entry of the reference: a key of the crisis file, or a mechanism."""

from __future__ import annotations

from typing import Annotated, Any, Optional

import typer

from detente.commands._options import AsJson

NAME = "explain"
HELP = "Explain a key of the crisis file, a mechanism or a term."


def command(
    key: Annotated[Optional[list[str]], typer.Argument(  # noqa: UP045
        help="For example war.win_chance, mediator, mediator.bias or audience cost; without it, "
             "every key is listed.")] = None,
    json: AsJson = False,
) -> None:
    """Explain a key of the crisis file, a mechanism, or a term of the reports.

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

    pages = mechanism_pages()
    return {
        "crisis file": [k for k in entries() if not _of_mechanism(k)],
        "mechanisms": [*pages, *(k for k in entries() if "." in k and _of_mechanism(k))],
        "terms": list(terms()),
    }


def _of_mechanism(key: str) -> bool:
    """Whether a key belongs to a mechanism that files list, not to a part of the file itself."""
    from detente.mechanisms import registry

    return key.split(".")[0] in registry()


def terms() -> dict[str, str]:
    """Return the glossary: term to meaning."""
    from importlib.resources import files

    from ruamel.yaml import YAML

    text = files("detente").joinpath("glossary.yaml").read_text(encoding="utf-8")
    return {row["term"]: " ".join(str(row["meaning"]).split())
            for row in YAML(typ="safe", pure=True).load(text)}


def find(key: str) -> dict[str, Any]:
    """Return the entry of a key.

    Raises
    ------
    InputError
        No such key; the message names the nearest one.
    """
    from detente.cases.reference import entries, mechanism_pages
    from detente.errors import InputError, nearest

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
    found = next((k for k in known if _matches(k, asked)), None)
    if found is not None:
        entry = known[found]
        below = [k for k in known if k.startswith(f"{found}.") and "." not in
                 k.removeprefix(f"{found}.").removeprefix("*.")]
        return {"key": found, "kind": "crisis file", "holds": entry.holds,
                "needed": entry.needed, "meaning": entry.meaning, "keys": below}
    term = next((t for t in meanings if t.lower() == asked.lower()), None)
    if term is not None:
        return {"key": term, "kind": "term", "meaning": meanings[term]}
    raise InputError(
        f"there is no key, mechanism or term {key!r}",
        expected="one that `detente explain` lists",
        nearest=nearest(asked, [*known, *pages, *meanings]),
    )


def _matches(key: str, asked: str) -> bool:
    """Whether a key with ``*`` for names of the file is the one asked for."""
    parts, given = key.split("."), asked.split(".")
    return len(parts) == len(given) and all(
        p in ("*", g) for p, g in zip(parts, given, strict=True)
    )


def shown(entry: dict[str, Any]) -> str:
    """Return an entry as lines for a terminal."""
    import textwrap

    lines = [entry["key"]]
    if "holds" in entry:
        lines.append(f"  holds: {entry['holds']}" + ("; required" if entry["needed"] else ""))
    meaning = entry["meaning"]
    if "mechanism" in entry["kind"]:
        lines += ["", meaning]
    elif meaning:
        lines += textwrap.wrap(meaning, 78, initial_indent="  ", subsequent_indent="  ")
    if entry.get("keys"):
        lines += ["", "  keys: " + textwrap.fill(
            ", ".join(entry["keys"]), 78, subsequent_indent="  ").lstrip()]
    return "\n".join(lines)
