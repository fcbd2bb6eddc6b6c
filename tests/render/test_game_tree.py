"""The drawn game: every node and move of the tree is there once, and words keep apart."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.equilibrium import solve
from detente.errors import SizeError
from detente.game import PublicTree, chance, chance_by_type, decide, end, together, tree
from detente.game.drawing import MOST
from detente.game.drawing import draw as game_tree
from detente.render.charts.game_tree import wide

SVG = "{http://www.w3.org/2000/svg}"


def parts(svg: str, kind: str) -> list[ET.Element]:
    return [g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == kind]


def boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Return the room (left, top, right, bottom) that every text takes, by its own measure."""
    found = []
    for node in ET.fromstring(svg).iter(f"{SVG}text"):
        size, words = float(node.get("font-size", "12")), node.text or ""
        room, x, y = wide(words) * size / 12, float(node.get("x", "0")), float(node.get("y", "0"))
        room *= 1.08 if node.get("font-weight") == "bold" else 1
        x -= room / 2 if node.get("text-anchor") == "middle" else 0
        found.append((x, y - 0.75 * size, x + room, y + 0.2 * size, words))
    return found


def overlaps(found: list[tuple[float, float, float, float, str]]) -> list[tuple[str, str]]:
    return [(a[4], b[4]) for k, a in enumerate(found) for b in found[k + 1:]
            if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]


TYPES: dict[str, Any] = {"aland": {"tough": 0.3, "weak": 0.7}, "bland": 1, "cland": {
    str(k): 1 / 6 for k in range(6)}}


@st.composite
def specs(draw: st.DrawFn, depth: int = 3) -> Any:
    """Return any small game: every kind of node, uneven branches, long and short names."""
    kind = draw(st.sampled_from(["end", "decide", "chance", "by type", "together"]))
    if depth == 0 or kind == "end":
        number = st.integers(-9, 9)
        return end(draw(st.sampled_from(["war", "status quo", "a settlement of some kind"])),
                   aland=[draw(number) / 7, draw(number)], bland=draw(number) / 4,
                   cland=[k / 3 for k in range(6)])
    if kind == "together":
        menus = {"aland": ["go", "wait"], "bland": ["go", "wait"]}
        return together(menus, {(a, b): draw(specs(depth=0)) for a in menus["aland"]
                                for b in menus["bland"]})
    names = [f"move {'x' * draw(st.integers(0, 12))}{k}" for k in range(draw(st.integers(1, 3)))]
    after = {name: draw(specs(depth=depth - 1)) for name in names}
    if kind == "decide":
        return decide(draw(st.sampled_from(list(TYPES))), after)
    if kind == "chance":
        return chance({name: (1 / len(names), spec) for name, spec in after.items()})
    odds = [[1 / len(names)] * 2] * len(names)
    return chance_by_type("aland", {n: (p, s) for p, (n, s) in zip(odds, after.items(),
                                                                  strict=True)})


@settings(max_examples=40, deadline=None)
@given(specs())
def test_every_node_and_move_is_drawn_once_and_no_words_meet(spec: Any) -> None:
    game = tree(TYPES, spec)
    for eq in (None, solve(game, 5.0)):
        svg = game_tree(game, eq).svg
        assert svg is not None
        moves = parts(svg, "move")
        assert sorted(int(m.attrib["data-into"]) for m in moves) == list(range(1, game.n_nodes))
        assert all(int(m.attrib["data-from"]) == game.parent[int(m.attrib["data-into"])]
                   for m in moves)
        movers = {int(m.attrib["data-node"]): m for m in parts(svg, "mover")}
        assert sorted(movers) == [k for k in range(game.n_nodes) if game.count[k]]
        for node, drawn in movers.items():
            who = int(game.mover[node])
            assert who < 0 or drawn.findtext(f"{SVG}text") == game.players[who]
        assert len(ET.fromstring(svg).findall(f"{SVG}rect")) == len(game.leaves)
        found, width = boxes(svg), float(ET.fromstring(svg).attrib["width"])
        assert overlaps(found) == []
        assert all(box[0] >= 0 and box[2] <= width for box in found)


@settings(max_examples=20, deadline=None)
@given(specs())
def test_the_moves_of_a_node_sum_to_one(spec: Any) -> None:
    game = tree(TYPES, spec)
    svg = game_tree(game, solve(game, 5.0)).svg
    assert svg is not None
    sums: dict[str, float] = {}
    for move in parts(svg, "move"):
        at = move.attrib["data-from"]
        sums[at] = sums.get(at, 0.0) + float(move.attrib["data-probability"])
    # written to six digits, at most four moves a node
    assert all(total == pytest.approx(1, abs=4e-6) for total in sums.values())


def crisis() -> PublicTree:
    """Return 4c: A is tough with .2, else weak."""
    from detente.theory.audience import crisis as build

    return build({"tough": 0.2, "weak": 0.8}, np.array([0.1, -1.5]), {"B": 1.0},
                 np.array([-0.8]), 0.5)


def test_the_lines_carry_the_published_probabilities() -> None:
    """Model 4c: the weak bluff with .2, B resists with 2/3, a resisted challenge is fought 5/9."""
    game = crisis()
    drawn = game_tree(game, solve(game, 2000.0))
    assert drawn.svg is not None
    said = {m.findtext(f"{SVG}text"): m for m in parts(drawn.svg, "move")}
    assert {"challenge: 36 %", "resist: 67 %", "fight: 56 %"} <= set(said)
    below = said["challenge: 36 %"].findall(f"{SVG}text")[1].text
    assert below == "tough 100 %, weak 20 %"
    assert said["fight: 56 %"].findall(f"{SVG}text")[1].text == "tough only"
    assert "war" in drawn.svg and "A 0.1 / −1.5, B −0.8" in drawn.svg
    thick = {k.split(": ")[0]: float(next(m.iter(f"{SVG}path")).attrib["stroke-width"])
             for k, m in said.items() if k}
    # a line is 1 pixel for never and 7 for surely, written to a tenth
    assert thick["resist"] == pytest.approx(1 + 6 * 2 / 3, abs=0.06)


def test_without_an_equilibrium_only_chance_has_odds() -> None:
    game = tree({"A": 1}, chance({"rain": (0.25, end("wet")), "sun": (0.75, decide("A", {
        "go": end("gone", A=1), "stay": end("dry")}))}))
    svg = game_tree(game).svg
    assert svg is not None
    told = {m.findtext(f"{SVG}text"): m.get("data-probability") for m in parts(svg, "move")}
    assert told == {"rain: 25 %": "0.250000", "sun: 75 %": "0.750000", "go": None, "stay": None}


def test_what_is_never_reached_is_faint() -> None:
    game = tree({"A": 1, "B": 1}, decide("A", {"no": end("none", A=1), "yes": decide("B", {
        "x": end("x", A=-5, B=1), "y": end("y", A=-5)})}))
    svg = game_tree(game, solve(game, 40.0)).svg
    assert svg is not None
    looks = {int(m.attrib["data-into"]): next(m.iter(f"{SVG}path")).attrib["opacity"]
             for m in parts(svg, "move")}
    assert float(looks[1]) > float(looks[2]) == float(looks[3])


def test_payoffs_that_depend_on_both_types_show_their_range() -> None:
    game = crisis()
    table = np.arange(8.0).reshape(4, 2, 1) / 8
    svg = game_tree(game.with_numbers(joint_payoff=(table, -table))).svg
    assert svg is not None
    words = [b[4] for b in boxes(svg)]
    assert "A 0 / 0.125, B 0 / −0.125" in words and "A 0.75 / 0.875, B −0.75 / −0.875" in words


def test_names_are_escaped() -> None:
    game = tree({"<A&B>": 1}, decide("<A&B>", {"<script>": end("</svg>"), "b": end("b")}))
    svg = game_tree(game).svg
    assert svg is not None
    assert "<script>" in [b[4] for b in boxes(svg)]
    assert [m.attrib["data-mover"] for m in parts(svg, "mover")] == ["<A&B>"]


def test_only_small_games_of_the_same_tree_are_drawn() -> None:
    game = tree({"A": 1}, decide("A", {f"{k}": end("x") for k in range(MOST)}))
    with pytest.raises(SizeError, match=f"{MOST + 1} nodes"):
        game_tree(game)
    assert game_tree(game, most=MOST + 1).svg
    with pytest.raises(ValueError, match="another game"):
        game_tree(crisis(), solve(game, 1.0))


def test_a_word_s_room_is_never_too_little() -> None:
    """Arial's published advance widths (units of 1/2048 em) for the letters most used."""
    arial = {"a": 1139, "e": 1139, "i": 455, "m": 1706, "w": 1479, "s": 1024, "t": 569, "r": 682,
             "A": 1366, "M": 1706, "0": 1139, "%": 1821, " ": 569, "W": 1933, "G": 1593,
             "−": 1196, "&": 1366, "O": 1593, "Q": 1593, "f": 569, "k": 1024, "<": 1196}
    for letter, units in arial.items():
        assert wide(letter * 10) >= 10 * 12 * units / 2048 - 1e-9, letter
    assert math.isclose(wide("ab"), wide("a") + wide("b"))
