"""A number that is changed through the form changes only itself and the mark in its reason.

The files are the shipped cases and one with many ways to write YAML (`nasty.yaml`), with the line
breaks of Unix and of Windows. A second parser mode, that of ruamel's round trip, reads each text
before and after: its events hold every value, quoting style, anchor and flow style.
"""

from __future__ import annotations

import random
import warnings
from pathlib import Path
from typing import Any

import pytest

from detente.cases import shipped
from detente.cases.load import loads
from detente.scenario.paths import numbers, where
from detente.web.editing import node_at, span_of, value_span
from detente.web.endings import with_endings
from detente.web.marking import with_change

warnings.simplefilter("ignore")
NASTY = Path(__file__).parent / "nasty.yaml"
SOME = 4
"""Numbers per shipped case; a change takes a twentieth of a second."""


def texts() -> dict[str, tuple[str, Path, int]]:
    """Return each text, its file, and how many of its numbers are changed."""
    nasty = NASTY.read_text(encoding="utf-8")
    found = {name: (path.read_text(encoding="utf-8"), path, SOME)
             for name, path in sorted(shipped().items())}
    return {**found, "nasty": (nasty, NASTY, 100),
            "nasty of Windows": (nasty.replace("\n", "\r\n"), NASTY, 100)}


def events(text: str) -> list[tuple[Any, ...]]:
    """Return what a parser reads: kinds, values, styles, anchors and comments, in order."""
    from ruamel.yaml import YAML

    return [(type(e).__name__, getattr(e, "value", None), getattr(e, "style", None),
             getattr(e, "anchor", None), getattr(e, "flow_style", None), comments(e))
            for e in YAML(typ="rt", pure=True).parse(text)]


def comments(event: Any) -> list[str]:
    """Return the comments that the round trip would keep with an event."""
    found, left = [], [getattr(event, "comment", None)]
    while left:
        one = left.pop(0)
        if isinstance(one, list | tuple):
            left[:0] = one
        elif one is not None and hasattr(one, "value"):
            found.append(str(one.value))
    return found


@pytest.mark.parametrize("name", texts())
def test_only_the_number_and_its_reason_change(name: str) -> None:
    text, path, most = texts()[name]
    crisis = loads(text, case=path)
    places, given = where(crisis), numbers(crisis, defaults=False)
    dice = random.Random(name)
    chosen = sorted(dice.sample(sorted(given), min(most, len(given))))
    before = events(text)
    changed = 0
    for key in chosen:
        node = node_at(text, places[key])
        if node is None or node.anchor:
            continue  # it is shared, and the form refuses to change it: see test_editing
        start, end = value_span(node)
        was = text[start:end]
        made = with_change(text, places[key], new := f"{dice.random():.3g} to 2.5e0")
        begin, stop = span_of(text, places[key])  # type: ignore[misc]
        assert made[:begin] == text[:begin] and made.endswith(text[stop:].lstrip()), key
        after = events(made)
        if len(after) > len(before):  # the number has a source and no reason: one is added
            at = next(k for k, e in enumerate(after) if "changed by hand" in str(e[1]))
            assert after[at - 1][1] == "because"
            del after[at - 1:at + 1]
        differ = [(one, two) for one, two in zip(before, after, strict=True) if one != two]
        # The number, and its reason if it has one; another kind of quotes only for the reason.
        assert 1 <= len(differ) <= 2, key
        values = {two[1]: one for one, two in differ}
        number = values.pop(new)
        assert number[1] == was.strip("'\"") and all(
            "changed by hand" in words and words.endswith(one[1]) for words, one in values.items())
        assert all(one[5] == two[5] for one, two in differ)
        assert with_change(made, places[key], was.strip("'\"")) == text, key  # to the letter
        changed += 1
    assert changed >= min(most, len(given)) - 1


def test_a_text_of_the_editor_keeps_the_line_breaks_of_the_file() -> None:
    text = NASTY.read_text(encoding="utf-8").replace("\n", "\r\n")
    seen = text.replace("\r\n", "\n")  # a browser's editor knows only LF
    assert with_endings(text, seen) == text
    assert with_endings(text, seen.replace("role: principal ", "role: x\n")) == text.replace(
        "role: principal ", "role: x\r\n")
    mixed = "a\r\nb\nc\rd"
    assert with_endings(mixed, "a\nb\nc\nd") == mixed
    assert with_endings(mixed, "a\nz\nc\nd\n").startswith("a\r\nz")
