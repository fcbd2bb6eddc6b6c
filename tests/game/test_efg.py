"""Gambit's file format: what is read, what is written, what is refused and where."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError, SizeError
from detente.game import efg
from detente.game.efg import parse_efg, read_efg
from detente.game.efg_write import format_efg, write_efg
from detente.game.extensive import ExtensiveGame

FILES = sorted((Path(__file__).parents[1] / "data" / "efg").glob("*.efg"))
EVERYTHING = next(f for f in FILES if f.stem == "everything")


def same(one: ExtensiveGame, other: ExtensiveGame, slack: float = 0.0) -> None:
    for name in ("parent", "move", "infoset", "set_player", "set_first", "set_number", "outcome"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("title", "comment", "players", "set_label", "move_label", "outcome_label",
                 "node_label"):
        assert getattr(one, name) == getattr(other, name), name
    assert np.array_equal(one.outcome_payoff, other.outcome_payoff)
    assert np.abs(one.chance - other.chance).max(initial=0.0) <= slack


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_reads_what_it_writes(file: Path, tmp_path: Path) -> None:
    game = read_efg(file)
    write_efg(game, tmp_path / "again.efg")
    again = read_efg(tmp_path / "again.efg")
    same(game, again, 1e-15)  # chances of a total that misses 1 by rounding are written exactly
    assert format_efg(again) == format_efg(game)
    assert [p.name for p in tmp_path.iterdir()] == ["again.efg"]


def test_everything_the_format_allows() -> None:
    game = read_efg(EVERYTHING)
    assert game.title == 'A "title" that wraps,\nover two lines'
    assert game.comment == "comment with { braces } and\nline ends"
    assert game.players == ('player "one"', "back\\slash", "third")
    assert game.set_label == ('weather "now"', "", "unsure", "off the path", "coin", "alone")
    assert game.set_number.tolist() == [7, 3, 2, 5, 8, 1]
    assert game.set_player.tolist() == [-1, 0, 1, 0, -1, 2]
    assert game.move_label[:6] == ("storm", "calm", "never", "else", "x", "")
    assert game.chance[:4] == pytest.approx([1 / 3, 1 / 2, 0, 1 / 6], abs=1e-15)
    assert game.outcome_number.tolist() == [2, 9, 4, 5, 6]
    assert game.outcome_label == ("paid on the way", "", "", "", "last")
    assert game.outcome_payoff[0].tolist() == [0.5, -0.25, 3.0]
    # Paths by hand: storm, x: outcome 2 at the root, then 9; the unsure set adds outcome 4.
    paid = dict(zip((tuple(game.history(int(z))) for z in game.leaves), game.leaf_payoff,
                    strict=True))
    assert paid["storm", "x"].tolist() == [1.5, -0.25, 3.0]
    assert paid["storm", "", "m"] == pytest.approx([0.5, -0.25 + 0.1 + 1, 3 - 2.5])
    assert paid["calm", "x", "r"].tolist() == [0.5, -0.25, 3.0]
    assert paid["never", "x", "heads"].tolist() == [2.0, -0.5, 6.0]
    assert paid["else", "only"] == pytest.approx([0.5 - 1 / 3, -0.25 + 2 / 3, 10.0])
    assert game.node_label[0] == "root" and "done" in game.node_label


def test_white_space_means_nothing() -> None:
    text = (Path(EVERYTHING).parent / "poker.efg").read_text()
    parts = text.split('"')  # what is outside quotes has an even place
    parts[::2] = [re.sub(r"\s+", "\r\n \t", part) for part in parts[::2]]
    same(parse_efg(text), parse_efg('"'.join(parts)))


def test_rounded_thirds_are_taken_for_thirds_and_written_as_such() -> None:
    text = 'EFG 2 R "" { "A" } c "" 1 "" { "a" .333333 "b" .333333 "c" .333333 } 0 ' + (
        't "" 1 "" { 1 } t "" 1 "" { 1 } t "" 1 "" { 1 }'
    )
    game = parse_efg(text)
    assert game.chance == pytest.approx([1 / 3] * 3, abs=1e-16)
    assert '"a" 1/3 "b" 1/3 "c" 1/3' in format_efg(game)


def test_old_files_in_latin_1_and_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = 'EFG 2 R "Größe" { "É" } t "" 1 "" { 1 }'
    (tmp_path / "old.efg").write_bytes(text.encode("latin-1"))
    (tmp_path / "new.efg").write_bytes(text.encode("utf-8-sig"))
    assert read_efg(tmp_path / "old.efg").title == read_efg(tmp_path / "new.efg").title == "Größe"


HEAD = 'EFG 2 R "t" { "A" "B" }\n'
FORK = 'p "" 1 1 "" { "l" "r" } 0\n'
END = 't "" 1 "" { 1 2 }\n'

WRONG = {
    "empty": ("", 1, 1, "the file ends"),
    "another format": ('NFG 1 R "t"', 1, 1, "EFG 2 R"),
    "version": ('EFG 3 R "t" { "A" }', 1, 5, "EFG 2 R"),
    "type": ('EFG 2 X "t" { "A" }', 1, 7, "R or D"),
    "no title": ('EFG 2 R { "A" }', 1, 9, "title"),
    "no players": ('EFG 2 R "t" { }', 1, 13, "at least one"),
    "open name": ('EFG 2 R "t" { "A', 1, 15, "without a closing quote"),
    "no nodes": (HEAD, 2, 1, "node"),
    "kind": (HEAD + 'q "" 1', 2, 1, "c, p or t"),
    "player 0": (HEAD + 'p "" 0 1 "" { "l" } 0', 2, 6, "1 to 2"),
    "player 3": (HEAD + 'p "" 3 1 "" { "l" } 0', 2, 1, "1 to 2"),
    "fraction of a set": (HEAD + 'p "" 1 1/2 "" { "l" } 0', 2, 8, "number"),
    "set not described": (HEAD + 'p "" 1 7 0', 2, 10, "not been described"),
    "no moves": (HEAD + 'p "" 1 1 "" { } 0', 2, 13, "without moves"),
    "outcome not described": (HEAD + 't "" 3', 2, 6, "not been described"),
    "payoffs of none": (HEAD + 't "" 0 "" { 1 2 }', 2, 6, "outcome 0"),
    "too few payoffs": (HEAD + 't "" 1 "" { 1 }', 2, 15, "fewer payoffs"),
    "too many payoffs": (HEAD + 't "" 1 "" { 1 2 3 }', 2, 17, "more payoffs"),
    "not a number": (HEAD + 't "" 1 "" { 1 two }', 2, 15, "found two"),
    "glued number": (HEAD + 't "" 1 "" { 1 2x }', 2, 15, "found 2x"),
    "not finite": (HEAD + 't "" 1 "" { 1 1e999 }', 2, 15, "too large"),
    "nan": (HEAD + 't "" 1 "" { 1 nan }', 2, 15, "found nan"),
    "over nothing": (HEAD + 't "" 1 "" { 1 1/0 }', 2, 15, "divides by zero"),
    "long number": (HEAD + 't "" 1 "" { 1 ' + "9" * 5000 + " }", 2, 15, "too large"),
    "chances": (HEAD + 'c "" 1 "" { "a" .5 "b" .4 } 0\n' + END * 2, 2, 11, "add up to 0.9"),
    "negative chance": (HEAD + 'c "" 1 "" { "a" -.5 "b" 1.5 } 0\n' + END * 2, 2, 17, "0 to 1"),
    "chance without number": (HEAD + 'c "" 1 "" { "a" "b" } 0', 2, 17, "probability"),
    "file ends early": (HEAD + FORK + END, 4, 1, "lacks 1 of its 2 moves"),
    "too many nodes": (HEAD + FORK + END * 3, 5, 1, "after the last node"),
    "other moves": (HEAD + FORK + 'p "" 1 1 "" { "l" "x" } 0\n' + END * 3, 3, 10, "other moves"),
    "more moves": (HEAD + FORK + 'p "" 1 1 "" { "l" } 0\n' + END * 3, 3, 10, "number of moves"),
    "other set name": (HEAD + FORK + 'p "" 1 1 "n" { "l" "r" } 0\n' + END * 3, 3, 10, "name"),
    "other payoffs": (HEAD + FORK + END + 't "" 1 "" { 1 3 }\n', 4, 6, "other payoffs"),
    "other outcome name": (HEAD + FORK + END + 't "" 1 "n" { 1 2 }\n', 4, 6, "another name"),
    "absent-minded": (HEAD + FORK + END + 'p "" 1 1 0\n' + END * 2, 4, 1, "perfect recall"),
    "forgets a move": (
        HEAD + FORK + 'p "" 1 2 "" { "l" "r" } 0\n' + END * 2 + 'p "" 1 2 0\n' + END * 2,
        6, 1, "perfect recall",
    ),
    "forgets what it knew": (
        HEAD + 'c "" 1 "" { "a" 1/2 "b" 1/2 } 0\np "" 1 1 "" { "l" } 0\np "" 1 3 "" { "l" } 0\n'
        + END + 'p "" 1 2 "" { "l" } 0\np "" 1 3 0\n' + END, 7, 1, "perfect recall",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_says_where_and_what_is_wrong(name: str) -> None:
    text, line, column, said = WRONG[name]
    with pytest.raises(InputError) as caught:
        parse_efg(text, "game.efg")
    message = str(caught.value)
    assert message.startswith(f"game.efg:{line}:{column}: "), message
    assert said in message and "\n" not in message and len(message) < 400


def test_what_a_terminal_would_obey_is_spelt_out() -> None:
    with pytest.raises(InputError) as caught:
        parse_efg('EFG 2 R \x1b[2J\x07')
    assert "found \\x1b[2J\\x07" in str(caught.value) and str(caught.value).isprintable()


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_efg(tmp_path / "none.efg")
    with pytest.raises(InputError, match="directory"):
        read_efg(tmp_path)


def test_absurd_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efg, "MAX_BYTES", 100)
    (tmp_path / "large.efg").write_text(HEAD + FORK * 10)
    with pytest.raises(SizeError, match="larger than"):
        read_efg(tmp_path / "large.efg")
    monkeypatch.setattr(efg, "MAX_NODES", 3)
    with pytest.raises(SizeError, match=r"g.efg:5:1: more than 3 nodes"):
        parse_efg(HEAD + 'p "" 1 1 "" { "a" "b" "c" } 0\n' + END * 3, "g.efg")
    monkeypatch.setattr(efg, "MAX_CELLS", 4)
    with pytest.raises(SizeError, match="nodes times players"):
        parse_efg(HEAD + FORK + END * 2)
    with pytest.raises(InputError, match="1,000 players"):
        parse_efg('EFG 2 R "" { ' + '"A" ' * 1_001 + "}")


def test_deep_trees_do_not_recurse() -> None:
    depth = 5_000
    text = HEAD + "".join(
        f'p "" {1 + k % 2} {k + 1} "" {{ "stop" "go" }} 0\nt "" 0\n' for k in range(depth)
    ) + 't "" 0\n'
    game = parse_efg(text)
    assert game.n_nodes == 2 * depth + 1 and int(game.depth.max()) == depth
    assert game.forgetful_set() is None
    assert format_efg(game).count("\n") == 2 * depth + 4


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)
NUMBERS = st.one_of(
    st.integers(-99, 99).map(str), st.fractions(-9, 9, max_denominator=60).map(str),
    # Payoffs that differ by less than 1e-300 are refused, so no number is near the smallest double.
    st.floats(-1e6, 1e6).map(lambda x: repr(x if abs(x) >= 1e-100 else 0.0)),
    st.sampled_from([".5", "-0.25", "+3", "1e-3", "2.", "1.E2"]),
)


@st.composite
def games(draw: st.DrawFn) -> str:
    """An ``.efg`` file with perfect recall: every set has one node, or all nodes of one chance."""
    players = draw(st.lists(WORDS, min_size=1, max_size=3))
    lines = [f"EFG 2 R {_quote(draw(WORDS))} {{ {' '.join(map(_quote, players))} }}",
             _quote(draw(WORDS))]
    outcomes: dict[int, str] = {}
    count = 0

    def outcome() -> str:
        k = draw(st.integers(0, 5))
        if k and k not in outcomes:
            paid = ", ".join(draw(NUMBERS) for _ in players)
            outcomes[k] = f"{_quote(draw(WORDS))} {{ {paid} }}"
        return "0" if k == 0 else f"{k} {outcomes[k]}"

    def node(depth: int) -> None:
        nonlocal count
        count += 1
        number = count
        kind = draw(st.sampled_from("tcp" if depth < 3 else "t"))
        if kind == "t":
            lines.append(f"t {_quote(draw(WORDS))} {outcome()}")
            return
        moves = [_quote(draw(WORDS)) for _ in range(draw(st.integers(1, 3)))]
        who = ""
        if kind == "c":
            parts = [draw(st.integers(0, 5)) for _ in moves]
            parts[0] += 1
            moves = [f"{m} {p}/{sum(parts)}" for m, p in zip(moves, parts, strict=True)]
        else:
            who = f"{draw(st.integers(1, len(players)))} "
        lines.append(
            f"{kind} {_quote(draw(WORDS))} {who}{number} {_quote(draw(WORDS))} "
            f"{{ {' '.join(moves)} }} {outcome()}"
        )
        for _ in moves:
            node(depth + 1)

    node(0)
    return "\n".join(lines)


def _quote(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


@settings(max_examples=60, deadline=None)
@given(games())
def test_any_game_survives_writing_and_reading(text: str) -> None:
    game = parse_efg(text)
    again = parse_efg(format_efg(game))
    same(game, again)


@settings(max_examples=120, deadline=None)
@given(games(), st.data())
def test_broken_files_never_raise_anything_else(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    to = data.draw(st.integers(at, min(len(text), at + 12)))
    put = data.draw(st.sampled_from(["", '"', "{", "}", "1", "p", "-", "\\", "1e9", "\x00", "é"]))
    try:
        parse_efg(text[:at] + put + text[to:])
    except InputError as wrong:
        assert wrong.line is not None and wrong.column is not None


@settings(max_examples=30, deadline=None)
@given(games(), st.integers(0, 2**32 - 1))
def test_new_numbers_are_written_with_all_their_digits(text: str, seed: int) -> None:
    game = parse_efg(text)
    rng = np.random.default_rng(seed)
    chance = game.chance.copy()
    for h in np.flatnonzero(game.set_player < 0):
        moves = slice(*game.set_first[h : h + 2])
        chance[moves] = rng.dirichlet(np.ones(moves.stop - moves.start))
    changed = game.with_numbers(
        outcome_payoff=rng.normal(size=game.outcome_payoff.shape), chance=chance
    )
    # Fractions with a denominator below 1e15 that add up to 1 may move a chance in the last place.
    same(changed, parse_efg(format_efg(changed)), 1e-14)


def test_unequal_weights_are_refused_unless_left_out() -> None:
    """The file without weights is the game in which every move of a menu has the same weight."""
    from detente.equilibrium.general.solve import solve_extensive

    game = parse_efg('EFG 2 R "" { "A" } p "" 1 1 "menu" { "a" "b" } 0 '
                     't "" 1 "x" { 0 } t "" 2 "y" { 1 }')
    uneven = game.with_numbers(weight=np.array([0.9, 0.1]))
    with pytest.raises(InputError, match=r"'menu' has unequal weights.*even=True"):
        format_efg(uneven)
    back = solve_extensive(parse_efg(format_efg(uneven, even=True)), 1.0)
    assert back.mix(0)["b"] == pytest.approx(1 / (1 + np.exp(-1.0)), abs=1e-12)
    assert solve_extensive(uneven, 1.0).mix(0)["b"] == pytest.approx(
        0.1 * np.e / (0.9 + 0.1 * np.e), abs=1e-12)
