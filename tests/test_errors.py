"""Errors have three parts, list the allowed names, and stay linear in the number of mistakes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from detente import errors
from detente.cases import loads
from detente.errors import MOST_NAMED, InputError, few_searches, nearest, one_of

PACKAGE = Path(__file__).parents[1] / "src" / "detente"
CRISIS = """crisis: a
title: A
actors: {{aland: {{role: principal}}, bland: {{role: principal}}}}
sources:
{sources}
delay_cost: {{aland: 0.1, bland: 0.1}}
{more}
"""


def detente(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "detente.cli", *words], capture_output=True, text=True, timeout=600
    )


def test_every_input_error_says_what_is_allowed() -> None:
    """The call states `expected` or `remedy`; errors that copy another one are left out."""
    silent = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", None)
            given = {k.arg for k in node.keywords}
            if (name in ("InputError", "SizeError", "wrong")
                    and not given & {"expected", "remedy", None}):
                silent.append(f"{file.relative_to(PACKAGE)}:{node.lineno}")
    assert silent == []


def test_few_names_are_all_listed_and_of_many_the_nearest() -> None:
    assert one_of("x", []) is None
    assert one_of("x", ["a"]) == "a"
    assert one_of("wra", ["turns", "war"]) == "one of turns, war"
    many = [f"name{k}" for k in range(50)]
    said = one_of("nam37", many)
    assert said is not None and said.startswith("one of name37, ")
    assert len(re.findall(r"name\d+", said)) == MOST_NAMED
    assert said.endswith("(50 in all)")


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Return the list of comparisons made: the name, and the known names it is compared with."""
    made: list[tuple[str, list[str]]] = []
    real = errors.get_close_matches

    def counting(name: str, known: list[str], **rest: Any) -> list[str]:
        made.append((name, known))
        return real(name, known, **rest)

    monkeypatch.setattr(errors, "get_close_matches", counting)
    return made


def test_a_very_long_name_is_not_compared(compared: list[tuple[str, list[str]]]) -> None:
    long = "a" * 200_000
    assert nearest(long, [long + "b"]) is None and nearest("a", [long]) is None
    assert [known for _, known in compared] == [[]]


def test_searches_are_limited_inside_and_only_there() -> None:
    with few_searches(2):
        with few_searches(100):
            assert [nearest("wra", ["war"]) for _ in range(3)] == ["war", "war", None]
        assert nearest("wra", ["war"]) is None
    assert nearest("wra", ["war"]) == "war"


def misspelt(n: int) -> str:
    """Return a crisis file with n sources and n misspelt references to them."""
    sources = "\n".join(f"  - {{id: source{k:05d}, cite: b}}" for k in range(n))
    more = "claims:\n" + "\n".join(
        f"  - {{id: c{k:05d}, says: s, source: suorce{k:05d}, cannot: c}}" for k in range(n))
    return CRISIS.format(sources=sources, more=more)


def test_the_cost_of_many_mistakes_is_linear(compared: list[tuple[str, list[str]]]) -> None:
    """n mistakes about n names were n^2 comparisons; now few mistakes look for a neighbour."""
    made = []
    for n in (200, 800):
        compared.clear()
        with pytest.raises(InputError):
            loads(misspelt(n))
        made.append(len(compared))
    assert 0 < made[0] == made[1] < 200


@pytest.mark.parametrize(("words", "said"), [
    (("models", "fearon-1995", "--set", "q=1"), ("has no parameter 'q'", "expected one of ")),
    (("models", "fearon-1996"), ("no model is called", "expected one of fearon-1995", "did you")),
    (("check", "cuba-1926"), ("no shipped case", "one of ", "did you mean 'cuba-1962'")),
    (("data", "show", "war1801"), ("no data set", "`detente data list`", "did you mean 'war1800'")),
])
def test_unknown_names_on_the_command_line(words: tuple[str, ...], said: tuple[str, ...]) -> None:
    ran = detente(*words)
    assert ran.returncode == 2
    assert all(part in ran.stderr for part in said), ran.stderr


@pytest.mark.parametrize(("name", "text", "said"), [
    ("crisis.yaml", "crisis: a\ntitle: A\nactros: {}\n",
     ("unknown key 'actros'", "actors", "in all)", "did you mean 'actors'")),
    ("crisis.yaml", "crisis: a\ntitle: A\nactors: {a: {rol: principal}}\n",
     ("unknown key 'rol'", "expected one of", "role", "did you mean 'role'")),
    ("a.graph.yaml", "graph: a\ntitle: A\ndecison_makers: {}\n",
     ("unknown key 'decison_makers'", "expected one of", "did you mean 'decision_makers'")),
    ("a.positions.yaml", "title: A\nactors: {}\nissue: {}\n",
     ("unknown key 'issue'", "expected one of", "did you mean 'issues'")),
])
def test_unknown_keys_of_files(tmp_path: Path, name: str, text: str, said: tuple[str, ...]) -> None:
    place = tmp_path / name
    place.write_text(text)
    command = {"crisis.yaml": "check", "a.graph.yaml": "graph"}.get(name, "bargain")
    ran = detente(command, str(place))
    assert ran.returncode == 2
    assert all(part in ran.stderr for part in said), ran.stderr
