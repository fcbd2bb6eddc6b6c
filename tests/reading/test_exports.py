"""Argdown and AIF: round trips over random maps, and their structure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.reading.aif import aif, read_aif
from detente.reading.argdown import argdown, read_argdown
from detente.reading.map import ArgumentMap, map_of
from detente.reading.records import Claim, Relation
from tests.reading.threads import exchange, leaks

words = st.text("abc é漢🙂[]<>{}#@*_\\:-+\"'=").map(lambda s: " ".join(s.split()) or "words")
"""Words with every sign that Argdown reads."""


@st.composite
def maps(draw: Any) -> ArgumentMap:
    n = draw(st.integers(1, 5))
    claims = tuple(Claim(k, k, draw(words), draw(words)) for k in range(1, n + 1))
    pairs = [(a, b) for a in range(1, n + 1) for b in range(1, n + 1) if a != b]
    chosen = draw(st.sets(st.tuples(
        st.sampled_from(pairs), st.sampled_from(["attack", "support"]),
        st.sampled_from(["confirmed", "computed"])))) if pairs else set()
    return ArgumentMap(claims, tuple(Relation(*p, kind, origin) for p, kind, origin in chosen))


def meant(mapped: ArgumentMap) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    return ({f"c{c.id}": c.paraphrase for c in mapped.claims},
            {(f"c{r.from_claim}", f"c{r.to_claim}", r.kind) for r in mapped.relations})


@given(maps())
@settings(deadline=None)
def test_round_trips(mapped: ArgumentMap) -> None:
    assert read_argdown(argdown(mapped)) == meant(mapped)
    assert read_aif(aif(mapped)) == meant(mapped)


@given(maps())
@settings(deadline=None)
def test_aif_joins_claims_through_schemes_only(mapped: ArgumentMap) -> None:
    made = aif(mapped)
    kinds = {n["nodeID"]: n["type"] for n in made["nodes"]}
    assert len(kinds) == len(made["nodes"])
    assert set(kinds.values()) <= {"I", "CA", "RA"}
    for edge in made["edges"]:
        assert (kinds[edge["fromID"]] == "I") != (kinds[edge["toID"]] == "I")


def test_argdown_lines(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.relate(2, 1, "attack", "confirmed")
        text = argdown(map_of(session))
    for line in text.split("===\n")[2].splitlines():
        assert re.fullmatch(r"|\[c\d\]: .+ \{author: \".*\", standing: \".*\"\}|  [-+] \[c\d\]",
                            line), line
    assert leaks(text) == []


def test_wrong_aif() -> None:
    node = [{"nodeID": "c1", "text": "a", "type": "I"}, {"nodeID": "s1", "text": "", "type": "CA"}]
    with pytest.raises(InputError, match="not listed"):
        read_aif({"nodes": node, "edges": [{"edgeID": "e1", "fromID": "c1", "toID": "x"}]})
    with pytest.raises(InputError, match="two nodes of one kind"):
        read_aif({"nodes": node, "edges": [{"edgeID": "e1", "fromID": "c1", "toID": "c1"}]})
    with pytest.raises(InputError, match="lacks a premise"):
        read_aif({"nodes": node, "edges": [{"edgeID": "e1", "fromID": "c1", "toID": "s1"}]})
