"""Export of a map as Argdown text.

Argdown is a plain format for debates: a statement has a title in square brackets and its text, and
below it, indented, the statements that attack (``-``) and support (``+``) it. Mutual attacks are
written once in each direction. The text holds the analyst's paraphrases only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from detente.reading.map import ArgumentMap, name_of

__all__ = ["argdown", "read_argdown"]

SIGNS = {"attack": "-", "support": "+"}
SPECIAL = re.compile(r"([\[\]<>#@{}*_]|/(?=/))")  # two slashes begin a comment
STATEMENT = re.compile(r"^\[(?P<name>[^\]]+)\]: (?P<text>.*?)(?: \{(?P<data>.*)\})?$")
RELATION = re.compile(r"^  (?P<sign>[-+]) \[(?P<name>[^\]]+)\]$")


def argdown(mapped: ArgumentMap, title: str = "Argument map") -> str:
    """Return a map as Argdown text.

    Parameters
    ----------
    mapped
        The map.
    title
        For the head of the document.

    Examples
    --------
    >>> from detente.reading.records import Claim, Relation
    >>> one, two = Claim(1, 1, "Aland", "The strait is ours."), Claim(2, 2, "Bland", "It is not.")
    >>> print(argdown(ArgumentMap((one, two), (Relation(2, 1, "attack", "confirmed"),))))
    ===
    title: "Argument map"
    ===
    <BLANKLINE>
    [c1]: The strait is ours. {author: "Aland", standing: "does not stand"}
      - [c2]
    <BLANKLINE>
    [c2]: It is not. {author: "Bland", standing: "stands"}
    <BLANKLINE>
    """
    lines = ["===", f"title: {json.dumps(title, ensure_ascii=False)}", "===", ""]
    for claim in mapped.claims:
        data = f"author: {_quoted(claim.author)}, standing: {_quoted(mapped.standing(claim.id))}"
        lines.append(f"[{name_of(claim.id)}]: {_escaped(claim.paraphrase)} {{{data}}}")
        pairs = sorted({(r.kind, r.from_claim) for r in mapped.relations
                        if r.to_claim == claim.id})
        lines += [f"  {SIGNS[kind]} [{name_of(other)}]" for kind, other in pairs]
        lines.append("")
    return "\n".join(lines)


def read_argdown(text: str) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    """Return the statements by name, and the relations, of a text that `argdown` wrote.

    Returns
    -------
    statements, relations
        Words by name; and (from, to, kind).
    """
    statements: dict[str, str] = {}
    relations: set[tuple[str, str, str]] = set()
    last = ""
    for line in _body(text.split("\n")):
        if (found := STATEMENT.match(line)) is not None:
            last = found["name"]
            statements[last] = re.sub(r"\\(.)", r"\1", found["text"])
        elif (found := RELATION.match(line)) is not None:
            kind = next(k for k, sign in SIGNS.items() if sign == found["sign"])
            relations.add((found["name"], last, kind))
    return statements, relations


def _body(lines: list[str]) -> Iterable[str]:
    """Return the lines after the head."""
    return lines[lines.index("===", 1) + 1:] if lines[:1] == ["==="] else lines


def _escaped(words: str) -> str:
    """Return words in one line, with the signs that Argdown reads escaped."""
    return SPECIAL.sub(r"\\\1", " ".join(words.replace("\\", "\\\\").split()))


def _quoted(words: str) -> str:
    return json.dumps(" ".join(words.split()), ensure_ascii=False)
