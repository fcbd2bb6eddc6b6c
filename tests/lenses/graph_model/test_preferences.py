"""Statements, rankings and option forms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError, SizeError
from detente.lenses.graph_model import (
    OneWay,
    OptionForm,
    Statement,
    by_options,
    by_ranking,
    by_statements,
)
from detente.lenses.graph_model.model import UNKNOWN
from detente.lenses.graph_model.options import matches
from detente.lenses.graph_model.statements import evaluate

NAMES = ("a", "b", "c")
ROWS = list(itertools.product((False, True), repeat=3))
COLUMNS = {n: np.array([row[k] for row in ROWS]) for k, n in enumerate(NAMES)}

formulas = st.recursive(
    st.sampled_from(NAMES).map(lambda n: (n, n)),
    lambda inner: st.one_of(
        inner.map(lambda f: (f"not ({f[0]})", f"(not {f[1]})")),
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]}) and ({p[1][0]})",
                                               f"({p[0][1]} and {p[1][1]})")),
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]}) or ({p[1][0]})",
                                               f"({p[0][1]} or {p[1][1]})")),
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]}) if ({p[1][0]})",
                                               f"({p[0][1]} or not {p[1][1]})")),
        st.tuples(inner, inner).map(lambda p: (f"if ({p[0][0]}) then ({p[1][0]})",
                                               f"(not {p[0][1]} or {p[1][1]})")),
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]}) iff ({p[1][0]})",
                                               f"({p[0][1]} == {p[1][1]})")),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(formulas)
def test_statements_have_the_truth_table_of_python(pair):
    ours, python = pair
    if len(ours) > 300 or ours.count("(") > 40:
        return
    expected = [eval(python, {}, dict(zip(NAMES, row, strict=True))) for row in ROWS]
    assert evaluate(ours, COLUMNS).tolist() == expected


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("a and b or c", "(a and b) or c"),
        ("not a and b", "(not a) and b"),
        ("a or b if c", "(a or b) if c"),
        ("a if b iff c", "(a if b) iff c"),
        ("-1 & 2 | 3", "((not a) and b) or c"),
        ("a <-> b", "a iff b"),
        ("A_ if b", None),
    ],
)
def test_binding_and_signs(short, long):
    if long is None:
        with pytest.raises(InputError, match="names no option 'A_'"):
            evaluate(short, COLUMNS)
    else:
        assert (evaluate(short, COLUMNS) == evaluate(long, COLUMNS)).all()


def test_options_may_begin_like_words():
    columns = {n: COLUMNS[k] for n, k in (("iffy", "a"), ("order", "b"), ("notes", "c"))}
    expected = COLUMNS["a"] & COLUMNS["b"] & ~COLUMNS["c"]
    assert (evaluate("iffy AND order and not notes", columns) == expected).all()


@pytest.mark.parametrize(
    "text",
    ["a and", "(a", "a b", "a ++ b", "", "4", "0", "__import__('os')", "(" * 60 + "a" + ")" * 60,
     "a" * 3000],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(InputError):
        evaluate(text, COLUMNS)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10**6))
def test_option_prioritising_is_the_score_of_the_literature(k, seed):
    holds = np.random.default_rng(seed).random((k, 12)) < 0.5
    score = sum(2 ** (k - j - 1) * holds[j].astype(int) for j in range(k))
    rank = by_statements([Statement(h) for h in holds]).rank
    assert (np.sign(score[:, None] - score) == np.sign(rank[:, None] - rank)).all()


def test_two_hundred_statements_do_not_overflow():
    holds = np.random.default_rng(0).random((200, 64)) < 0.5
    rank = by_statements([Statement(h) for h in holds]).rank
    scores = [sum(2 ** (199 - j) for j in range(200) if holds[j, s]) for s in range(64)]
    assert np.argsort(rank).tolist() == np.argsort(np.array(scores, dtype=object)).tolist()


def test_strength_and_unknown_direction_of_statements():
    a, b = COLUMNS["a"], COLUMNS["b"]
    strong = by_statements([Statement(a, "a", strong=True), Statement(b)])
    top = int(strong.rank.argmax())
    assert strong.compare(top).tolist() == [-2] * 4 + [-1, -1, 0, 0]
    blurred = by_statements(
        [Statement(a), Statement(b, "b", unknown=True), Statement(COLUMNS["c"])]
    )
    # from a, b, c true: without a worse; the same a but another b unknown; c decides within
    assert blurred.compare(7).tolist() == [-1] * 4 + [UNKNOWN, UNKNOWN, -1, 0]
    with pytest.raises(InputError, match="follows one that is not strong"):
        by_statements([Statement(a), Statement(b, "b", strong=True)])


def test_rankings_must_be_complete():
    with pytest.raises(InputError, match="not ranked"):
        by_ranking([0, 1], 3)
    with pytest.raises(InputError, match="twice"):
        by_ranking([0, 1, [1, 2]], 3)


def test_states_moves_and_irreversible_options():
    form = OptionForm({"x": ["p", "q"], "y": ["r"]}, infeasible=["p and q"], kept=["p"],
                      dropped=["r"])  # fmt: skip
    space = form.space()
    assert space.labels == ("NN|N", "YN|N", "NY|N", "NN|Y", "YN|Y", "NY|Y")
    moves = {
        (i, a): {space.labels[b] for b in space.moves.of(i, s)}
        for i in (0, 1)
        for s, a in enumerate(space.labels)
    }
    assert moves[0, "NN|N"] == {"YN|N", "NY|N"}
    assert moves[0, "YN|N"] == set()  # p cannot be withdrawn, so q is out of reach
    assert moves[0, "NY|Y"] == {"NN|Y", "YN|Y"}
    assert moves[1, "NN|Y"] == {"NN|N"} and moves[1, "NN|N"] == set()


def test_one_way_moves_and_merged_states():
    form = OptionForm({"x": ["p", "q"], "y": ["r"]}, one_way=[OneWay("x", "YN-", "NY-")],
                      merged={"over": "p and q"})  # fmt: skip
    space = form.space()
    at = {label: s for s, label in enumerate(space.labels)}
    assert len(at) == 7 and space.labels[-1] == "over"
    from_p = {space.labels[t] for t in space.moves.of(0, at["YN|N"])}
    assert from_p == {"NN|N", "over"}
    assert {space.labels[t] for t in space.moves.of(0, at["over"])} == {
        f"{x}|{y}" for x in ("NN", "YN", "NY") for y in "NY"
    }
    assert space.moves.of(1, at["over"]).size == 0  # both members are one state
    assert space.where("p or q").sum() == 5
    with pytest.raises(InputError, match="some of the combinations"):
        space.where("r")


def test_options_of_one_name_must_be_qualified():
    form = OptionForm({"x": ["go"], "y": ["go"]}, infeasible=["x.go and y.go"])
    assert form.space().labels == ("N|N", "Y|N", "N|Y")
    with pytest.raises(InputError, match="'go'"):
        OptionForm({"x": ["go"], "y": ["go"]}, infeasible=["go"]).space()


def test_sizes_are_refused_before_they_hurt():
    with pytest.raises(SizeError, match="21 options"):
        OptionForm({"x": [f"o{k}" for k in range(21)]}).space()
    with pytest.raises(SizeError, match="moves"):
        OptionForm({"x": [f"o{k}" for k in range(16)]}).space()
    with pytest.raises(InputError, match="every combination"):
        OptionForm({"x": ["p"]}, infeasible=["true"]).space()


def test_patterns():
    codes = np.arange(8)
    columns = [("x", "p"), ("x", "q"), ("y", "r")]
    assert matches("Y- | N", codes, columns).nonzero()[0].tolist() == [1, 3]
    with pytest.raises(InputError, match="2 signs"):
        matches("YN", codes, columns)


def test_a_large_model_is_exact_too():
    """4,096 states by the backward search against the general relation, which searches forward."""
    from detente.lenses.graph_model import analyse, analyse_extended

    rng = np.random.default_rng(5)
    options = {d: [f"{d}{k}" for k in range(3)] for d in "abc"}
    names = [o for own in options.values() for o in own]
    preferences = {
        d: [("not " if rng.random() < 0.5 else "") + o for o in rng.permutation(names)]
        for d in options
    }
    model = by_options(OptionForm(options, kept=["a0", "b1"]), preferences)
    assert model.size == 512
    assert analyse(model).sets() == analyse_extended(model).sets()
