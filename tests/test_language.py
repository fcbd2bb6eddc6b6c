"""Plain English: words that no user-facing text holds, and the form of sentences.

A room is in ``NOT_YET`` until its texts are rewritten; the set must shrink to the empty set.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.findings.registry import builtin

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "detente"
WORDS = (
    "nobody", "somebody", "anew", "nought", "seldom", "likeliest", "unasked", "whoever",
    "hangs on", "hang on", "sit badly", "blunders", "wherever", "whence", "lest", "hitherto",
    "in hand",
)
OPENING = re.compile(
    r"(?:^|[.!?]\s+)(?:What|Whoever|Of those|Those|That(?! is\b| does\b| was\b)) (?!if\b)[a-z]"
)
MARKUP = re.compile(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
RELATIVE = re.compile(r"\b(?:what|which|that|who|whose|where|when|how|if)\b", re.IGNORECASE)
ROOMS = (
    "findings", "commands", "render", "analysis", "claims", "equilibrium", "scenario", "mechanisms",
    "game", "cases", "history", "lenses", "theory", "follow", "play", "web", "ground", "docs",
    "models",
)
NOT_YET: set[str] = set()


def texts(room: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a room with its place."""
    if room in ("docs", "models"):
        for page in sorted((ROOT / "docs").rglob("*.md")):
            if (page.parent.name == "models") == (room == "models"):
                yield page.name, page.read_text()
        return
    for file in sorted((PACKAGE / room).rglob("*.yaml")):
        yield file.name, file.read_text()
    for file in sorted((PACKAGE / room).rglob("*.j2")):
        yield file.name, MARKUP.sub("\n", file.read_text())
    for file in sorted((PACKAGE / room).rglob("*.js")):
        yield file.name, file.read_text()
    files = PACKAGE.glob("*.py") if room == "ground" else (PACKAGE / room).rglob("*.py")
    for file in sorted(files):
        for token in tokenize.generate_tokens(io.StringIO(file.read_text()).readline):
            if token.type == tokenize.COMMENT:
                yield f"{file.relative_to(PACKAGE)}:{token.start[0]}", token.string.lstrip("# ")
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", node.value


def faults(room: str) -> list[str]:
    words = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)
    return [
        f"{place}: {hit[0]}" for place, text in texts(room)
        for hit in (*words.finditer(text), *OPENING.finditer(text))
    ]


def test_the_rule_sees_a_fault() -> None:
    assert OPENING.search("It is so. What is left out is added.")
    assert OPENING.search("Those that the search found are listed.")
    assert OPENING.search("That threats lose their force is seen here.")
    assert not OPENING.search("Outcomes are added.")
    assert not OPENING.search("That does not prove it.")
    assert RELATIVE.search("What opens a way out")


@pytest.mark.parametrize("room", [r for r in ROOMS if r not in NOT_YET])
def test_texts_are_plain(room: str) -> None:
    assert faults(room) == []


ENDING = re.compile(r"\b[Ee]ndings?\b")


def test_users_read_outcome_and_not_ending() -> None:
    """One word for how a crisis ends; `ending` stays the key of a rung in the crisis file."""
    found = []
    for room in ("findings", "commands", "claims", "analysis", "lenses", "web/tabs", "web/work"):
        for file in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if (isinstance(node, ast.Constant) and isinstance(node.value, str)
                        and " " in node.value.strip()
                        and ENDING.search(node.value.replace("endings :", ""))
                        and "--outcome ending" not in node.value):  # a column of the user's table
                    found.append(f"{file.relative_to(PACKAGE)}:{node.lineno}: {node.value}")
    assert found == []


def test_no_docstring_begins_with_a_relative_clause() -> None:
    """The first word is a verb or a noun, not "What", "That", "Whoever" or "Where"."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                first = (ast.get_docstring(node) or "").split(" ")[0]
                if first in ("What", "That", "Whoever", "Where", "Those", "Of"):
                    found.append(f"{file.relative_to(PACKAGE)}: {ast.get_docstring(node)}")
    assert found == []


def test_section_titles_are_nouns() -> None:
    titles = [finding.title for finding in builtin()]
    assert len(titles) > 10
    assert [title for title in titles if RELATIVE.search(title)] == []
