"""The reader of text tables: every fault of a file has its place, and names stay names."""

import pytest

from detente.errors import InputError
from detente.tables import text
from detente.tables.kinds import Missing, key_column, text_column, typed_column
from detente.tables.text import parse_table, read_table


@pytest.mark.parametrize(
    ("raw", "place", "told"),
    [
        (b"", (1, None), "the file is empty"),
        (b"\n \n", (1, None), "the file is empty"),
        (b"x,x\n1,2\n", (1, 2), "two columns are called 'x'"),
        (b"x,y\n1,2\n\n3\n", (4, None), "the row has 1 cell, but the table has 2 columns"),
        (b"x,y\n1,2,3\n", (2, None), "row name"),  # as other programs write row names
        (b'x,y\n1,2\n"3,4\n', (3, None), "cannot be read as CSV"),
        (b'x,y\n"a\nb",2\n3\n', (4, None), "1 cell"),  # a quoted line end is no new row
        ("x,y\n1,Fran\u00e7ais\n".encode("latin-1"), (2, None), "not UTF-8"),
        ("x,y\n1,2\n".encode("utf-16"), (1, None), "UTF-16"),
        (b"x,y\n1,\x00\n", (2, None), "NUL"),
        (b"a;b,c\n1;2,3\n", (1, None), "separator is not clear"),
    ],
)
def test_faults_have_their_place(raw, place, told):
    with pytest.raises(InputError) as caught:
        parse_table(raw, "t.csv")
    assert told in caught.value.message + str(caught.value.expected)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("t.csv", *place)
    assert caught.value.expected


@pytest.mark.parametrize(
    "raw",
    [
        b"x,y z\n1,a\n2,b\n", b"x;y z\n1;a\n2;b\n", b"x\ty z\n1\ta\n2\tb\n",
        b"\xef\xbb\xbfx,y z\n1,a\n2,b\n", b"x,y z\r\n1,a\r\n2,b\r\n", b"x,y z\r1,a\r2,b\r",
        b'"x","y z"\n"1","a"\n\n2 , b \n', b'"","x","y z"\n"1",1,a\n"2",2,b\n',
    ],
)
def test_the_same_table_in_every_spelling(raw):
    table = parse_table(raw, "t.csv")
    assert table.names == ("x", "y z") and table.rows == (("1", "a"), ("2", "b"))


def test_a_separator_inside_quotes_is_text():
    table = parse_table(b'x;"a;b";c\n1;"2,5";"3;4"\n', "t.csv")
    assert table.names == ("x", "a;b", "c") and table.rows == (("1", "2,5", "3;4"),)


def test_limits(monkeypatch, tmp_path):
    monkeypatch.setattr(text, "MAX_CELLS", 4)
    with pytest.raises(InputError, match="at most 4 cells"):
        parse_table(b"x,y\n1,2\n3,4\n5,6\n", "t.csv")
    monkeypatch.setattr(text, "MAX_COLUMNS", 1)
    with pytest.raises(InputError, match="at most 1 columns"):
        parse_table(b"x,y\n1,2\n", "t.csv")
    monkeypatch.setattr(text, "MAX_BYTES", 10)
    (tmp_path / "big.csv").write_bytes(b"x\n" + b"1\n" * 10)
    with pytest.raises(InputError, match="at most 10 bytes"):
        read_table(tmp_path / "big.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_table(tmp_path)


def column(cells, mark=",", missing=(), read=typed_column):
    lines = ["x" + mark + "n"] + [f'"{c}"{mark}1' for c in cells]
    table = parse_table("\n".join(lines).encode(), "t.csv")
    return read(table, "x", Missing.declared(missing, table.names))


@pytest.mark.parametrize(
    ("cells", "words", "values"),
    [
        (["1", "-2", ""], "x whole number (1 missing)", (1, -2, None)),
        (["1.0", "2"], "x whole number", (1, 2)),
        ([".5", "1e-3", "+2."], "x number", (0.5, 0.001, 2.0)),
        (["yes", "No", "YES"], "x yes/no (yes = 1)", (1, 0, 1)),
        (["TRUE", "false"], "x yes/no (true = 1)", (1, 0)),
        (["NO", "NA", "None", "nan", "null"], "x category of 5",
         ("NO", "NA", "None", "nan", "null")),
        (["10-20", "2020-01-01", "12:30"], "x category of 3", ("10-20", "2020-01-01", "12:30")),
        (["", ""], "x empty (2 missing)", (None, None)),
        ([f"name {k}" for k in range(21)], "x text", tuple(f"name {k}" for k in range(21))),
    ],
)
def test_kinds(cells, words, values):
    found = column(cells)
    assert found.words() == words and found.values == values


@pytest.mark.parametrize(
    ("cells", "row", "told"),
    [
        (["1", "2", "."], 3, 'declare it with --missing "x=."'),
        (["1", "NA", "2"], 2, "'NA' is not a number"),
        (["nan", "2", "3"], 1, "'nan' is not a number"),
        (["900", "12,500", "3"], 2, "12500 or 12.500"),
        (["1,000", "2,000", "3,000"], 1, "1000 or 1.000"),
        (["0,5", "0,7", "1,2"], 1, "0.5"),
        (["5%", "7%"], 1, "0.05"),
        (["8\x1c%", "7%"], 1, "0.08"),
        (["1", "2 000", "3"], 2, "not a number"),
        (["1", "$5"], 2, "not a number"),
        (["1", "1e999"], 2, "not a number"),
        (["1", "0x10"], 2, "not a number"),
        (["\u22125", "3"], 1, "-5"),
        (["FR", "DE", "2", "IT"], 3, "3 of the 4 cells are text"),
        (["high", "5%", "low"], 2, "looks like one"),
        (["yes", "no", "-"], 3, "not a name"),
        (["A", "?", "B"], 2, "not a name"),
        (["A", "#N/A", "B"], 2, "spreadsheet"),
        (["1", "#DIV/0!", "2"], 2, "spreadsheet"),
    ],
)
def test_doubtful_cells_are_refused_with_their_place(cells, row, told):
    with pytest.raises(InputError) as caught:
        column(cells)
    wrong = caught.value
    assert (wrong.line, wrong.column) == (row + 1, 1) and f"row {row}" in wrong.message
    assert told in str(wrong) and "column 'x'" in wrong.message


def test_decimal_commas_only_where_they_are_clear():
    assert column(["0,5", "1,250"], ";").values == (0.5, 1.25)
    for cells in (["1,000", "2,500"], ["0,5", "0.7"], ["1,000,000", "0,5"]):
        with pytest.raises(InputError, match="not a number"):
            column(cells, ";")


def test_missing_cells_are_those_declared():
    assert column(["1", "."], missing=["."]).values == (1, None)
    assert column(["1", "NA"], missing=["x=NA"]).values == (1, None)
    assert column(["A=1", "B"], missing=["A=1"]).values == (None, "B")  # no column is called A
    with pytest.raises(InputError, match="empty text"):
        column(["1"], missing=[" "])


def test_names_and_groups():
    assert column(["1", "", "war"], read=text_column).values == ("1", None, "war")
    assert column(["01", "1.0", "1"], read=key_column).values == ("1", "1", "1")
    assert column(["01", "1", "FR"], read=key_column).values == ("01", "1", "FR")
    big = ["9007199254740993", "9007199254740992"]  # equal as doubles
    assert column(big, read=key_column).levels == 2
    with pytest.raises(InputError, match="not a name"):
        column(["A", "."], read=key_column)
