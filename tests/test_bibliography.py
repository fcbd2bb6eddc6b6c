"""Docstrings and pages cite by key, and the bibliography holds exactly the keys that are cited."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIBLIOGRAPHY = ROOT / "docs" / "reference" / "bibliography.md"
KEY = re.compile(r"(?<!\w)\[([a-z]+(?:-[a-z]+)*-(?:18|19|20)\d\d[a-z]?)\](?!\()")
ENTRY = re.compile(r"^- `([^`]+)`: .*\((?:18|19|20)\d\d[a-z]?\)\. ", re.MULTILINE)


def cited() -> dict[str, str]:
    """Return every cited key with one file that cites it."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    return {
        key: str(file.relative_to(ROOT)) for file in files if file != BIBLIOGRAPHY
        for key in KEY.findall(file.read_text(encoding="utf-8"))
    }


def test_every_cited_key_has_an_entry_and_every_entry_is_cited():
    text = BIBLIOGRAPHY.read_text(encoding="utf-8")
    entries = ENTRY.findall(text)
    assert len(entries) == text.count("\n- ") > 30
    assert entries == sorted(set(entries))
    used = cited()
    assert {k: f for k, f in used.items() if k not in entries} == {}
    assert set(entries) - set(used) == set()


def test_a_key_names_the_year_of_its_entry():
    for line in BIBLIOGRAPHY.read_text(encoding="utf-8").splitlines():
        if match := ENTRY.match(line):
            assert f"({match[1].rsplit('-', 1)[1]})." in line
