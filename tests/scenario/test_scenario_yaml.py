"""Reading YAML: values of YAML 1.2, places, limits, and nothing but plain data."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenario.yamlfile import parse_yaml, read_yaml


def test_scalars_are_those_of_yaml_1_2():
    # The core schema of YAML 1.2.2, section 10.3: yes, no, on, off and 1:30 are text.
    text = "[1, -2, 0o17, 0x1F, 1.5, 1e3, .5, .inf, -.inf, true, False, ~, null, yes, no, on, 1:30]"
    assert parse_yaml(text).data == [
        1, -2, 15, 31, 1.5, 1000.0, 0.5, math.inf, -math.inf, True, False, None, None, "yes", "no",
        "on", "1:30",
    ]
    assert math.isnan(parse_yaml("[.nan]").data[0])
    assert parse_yaml("d: 2031-04-02\nq: '3'").data == {"d": "2031-04-02", "q": "3"}


def test_marks_point_at_values_and_keys():
    doc = parse_yaml("a:\n  b: [1, {c: 2}]\nd: x\n")
    assert doc.mark(("a", "b", 1, "c")) == (2, 14)
    assert doc.mark(("a", "b", 1, "c"), key=True) == (2, 11)
    assert doc.mark(("a", "missing")) == (2, 3)  # the value that lacks it
    assert doc.mark(("a", "missing"), key=True) == (1, 1)  # its key
    assert doc.mark(("nowhere",)) == (1, 1)
    assert doc.field(("a", "b", 1, "c")) == "a.b.c"
    assert doc.field(("a", "b", 0)) == "a.b[0]"


def test_aliases_are_read_and_marked_where_they_were_written():
    doc = parse_yaml("a: &x {c: 1}\nb: *x\n")
    assert doc.data == {"a": {"c": 1}, "b": {"c": 1}}
    assert doc.mark(("b", "c")) == (1, 11)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("a: [1,", "not YAML", 1, 7),
        ("a: b: c", "not YAML", 1, 5),
        ("a: 1\n\tb: 2", "not YAML", 2, 1),
        ("a: *nope", "no anchor", 1, 4),
        ("a: &x\n  b: *x", "contains itself", 2, 6),
        ("a: 1\nb: \x07", "does not allow", 2, 4),
        ("a: !!python/object/apply:os.system [ls]", "tag", 1, 4),
        ("a: !secret x", "tag", 1, 4),
        ("a: 1\n---\nb: 2", "second document", 2, 1),
        ("? [1]\n: 2", "key", 1, 3),
        ("{a: 1, b: 2, a: 3}", "appears twice", 1, 14),
        ("'': 1", "empty key", 1, 1),
        (BOMB, "aliases are expanded", 6, None),
        ("- " * 60 + "x", "nested too deeply", 1, 81),
        ("[" * 100_000, "nested too deeply", 1, 41),
        ("{a: " * 10_000, "nested too deeply", 1, None),
        ("a: " + "9" * 5000, "digits", 1, 4),
    ],
    ids=lambda v: v[:20] if isinstance(v, str) else "",
)
def test_what_is_refused_and_where(text, message, line, column):
    with pytest.raises(InputError) as caught:
        parse_yaml(text, file="f.yaml")
    assert message in caught.value.message
    assert caught.value.line == line
    if column is not None:
        assert caught.value.column == column


def test_depth_counts_through_aliases():
    # Each line wraps the one before: 30 lines of 2 levels reach 60 levels in 30 x few nodes.
    lines = ["a0: &a0 [x]"] + [f"a{k}: &a{k} [[*a{k - 1}]]" for k in range(1, 30)]
    with pytest.raises(InputError, match="nested too deeply"):
        parse_yaml("\n".join(lines))


def test_files_that_cannot_be_read(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: \xe9t\xe9\n")
    with pytest.raises(InputError) as caught:
        read_yaml(latin)
    assert (caught.value.line, caught.value.column) == (2, 4) and "UTF-8" in str(caught.value)
    large = tmp_path / "large.yaml"
    large.write_text("a: " + "x" * 1_000_001)
    with pytest.raises(InputError, match="too large"):
        read_yaml(large)
    with pytest.raises(InputError, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="directory"):
        read_yaml(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml("a\0b")
    marked = tmp_path / "bom.yaml"
    marked.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(marked).data == {"a": 1}


@given(st.text(max_size=60))
def test_any_text_is_data_or_an_input_error(text):
    try:
        parse_yaml(text)
    except InputError as error:
        assert error.line is None or error.line >= 1


@pytest.mark.parametrize(("text", "line"), [
    ('a: 1\nb: "\\UFFFFFFFF"\n', 2),  # more than a C integer holds
    ('a: 1\n\nb: [x, "\\U00110000"]\n', 3),  # one more than the last character
    ("# a\n%YAML 1." + "9" * 5000 + "\n---\na: 1\n", 2),
])
def test_numbers_that_the_parser_cannot_hold_have_a_place(text, line):
    with pytest.raises(InputError) as caught:
        parse_yaml(text, file="c.yaml")
    assert (caught.value.file, caught.value.line) == ("c.yaml", line)
    assert caught.value.column


@pytest.mark.parametrize(("line", "column", "said"), [
    ("title: 'A' quarrel", 12, "text follows a closed quote or bracket"),
    ('title: "A" quarrel', 12, "text follows a closed quote or bracket"),
    ("title: 'it's a quarrel'", 12, "text follows a closed quote or bracket"),
    ("title: [a] quarrel", 12, "text follows a closed quote or bracket"),
    ("\ttitle: a", 1, "a tab indents the line"),
    ("title:\t{a: b}", 7, "a tab stands before a value"),
])
def test_quotes_and_tabs_are_told_from_wrong_indentation(line, column, said):
    with pytest.raises(InputError) as e:
        parse_yaml(f"crisis: a\n{line}\nturns: 1\n")
    assert said in str(e.value) and (e.value.line, e.value.column) == (2, column)


def test_wrong_indentation_is_still_told():
    with pytest.raises(InputError, match="the indentation differs from the lines above") as e:
        parse_yaml("a:\n    b: 1\n  c: 2\n")
    assert e.value.line == 3
