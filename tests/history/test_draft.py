"""Drafts from data: the ending never enters, and every number follows from its formula."""

import io
import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

import detente as dt
from detente.casebook import covariates, document, drafting
from detente.casebook.facts import facts
from detente.casebook.write import WARNING, renamed
from detente.cases.names import casebook
from detente.history import database, read
from detente.history.outcomes.known import SOURCES
from detente.history.outcomes.tables import crises
from tests.support.program import outputs

NAME, ICB, PAIR = "book-memel-1939", 69, (255, 368)
ENDED = ("outcom", "viol", "outfor", "outevl", "outesr", "cenvio", "sevvio", "crismg", "majres",
         "subout", "forout", "exsat", "cenviosy", "sevviosy", "yrterm", "moterm", "daterm",
         "brexit")
"""Columns of ICB that are coded after the end of a crisis, or from what happened in it."""


@pytest.fixture(scope="module")
def folder(load):
    for name in (*SOURCES, "icb-actor", "icb-system"):
        load(name)
    return load.folder


@pytest.fixture(scope="module")
def made(folder):
    covariates.crises.cache_clear()
    return dt.draft(f"icb:{ICB}", folder=folder)


def test_other_endings_of_the_pair_leave_the_draft_as_it_is(made, folder, monkeypatch):
    """Every column on the end of the pair's crises is changed; the file of endings is not opened.

    Rows of other pairs in the same crises stay: they are other observations.
    """
    real, opened = read.load, []

    def tainted(name, place=None):
        table = real(name, place)
        if name in ("icb-actor", "icb-system"):
            actors = real("icb-actor", place)
            mine = actors["cracid"].isin(PAIR) & actors["southv"].isin(PAIR)
            rows = mine if name == "icb-actor" else table["crisno"].isin(actors[mine]["crisno"])
            assert rows.any()
            for column in set(ENDED) & set(table.columns):
                values = table[column].copy()
                values[rows] = values[rows] % 4 + 1
                table[column] = values
        return table

    bytes_of = Path.read_bytes
    monkeypatch.setattr(read, "load", tainted)
    monkeypatch.setattr(database, "load", tainted)
    monkeypatch.setattr(Path, "read_bytes", lambda self: opened.append(self) or bytes_of(self))
    monkeypatch.setattr("builtins.open", _watched(opened))
    covariates.crises.cache_clear()
    before = covariates.crises(folder)
    assert len(before) == 486
    again = dt.draft(f"icb:{ICB}", folder=folder)
    monkeypatch.undo()
    covariates.crises.cache_clear()
    assert again.text == made.text
    assert again.draws == made.draws
    assert again.reference == made.reference
    assert not [path for path in opened if "endings" in str(path)]
    untouched = covariates.crises(folder).set_index("crisis")["ending"]
    assert before.set_index("crisis")["ending"][ICB] != untouched[ICB]


def _watched(opened):
    import builtins

    real = builtins.open

    def watched(file, *args, **kwargs):
        opened.append(file)
        return real(file, *args, **kwargs)

    return watched


def test_the_shipped_file_is_the_draft(made):
    """Only rounding may differ: another library of linear algebra may move the last digit."""
    shipped, here = dt.compile(dt.load(NAME)), dt.compile(made.scenario())
    assert shipped.paths == here.paths
    for path in here.paths:
        one, two = (c.graph.rules.numbers[path] for c in (shipped, here))
        assert (one.low, one.high) == pytest.approx((two.low, two.high), rel=0.02)
    numbers = re.compile(r"-?\d[\d.e+-]*")
    text = casebook()[NAME].read_text(encoding="utf-8")
    assert numbers.sub("#", text) == numbers.sub("#", made.text)


def test_formulas_give_the_numbers_at_the_maximum(made):
    """The printed formula is evaluated at the printed covariates; the median of the draws is near.

    Laplace's approximation is symmetric in the index and the links are monotone, so the formula
    gives the median, up to the error of 64 draws: 4 standard errors of a median.
    """
    for path, formula in made.numbers.formulas.items():
        rule, _, at = formula.partition(" with ")
        values = dict(part.split(" = ") for part in at.split(", ")) if at else {}
        kind = "exp" if rule.startswith("exp(") else "logit"
        index = rule[4:-1] if kind == "exp" else rule.split("x = (")[1][:-1]
        first, *terms = index.split()
        eta = float(first) + sum(
            float(c) * float(values[name]) for c, name in (term.split("*") for term in terms))
        draws = made.numbers.draws[path].to_numpy()
        draws = np.log(draws) if kind == "exp" else np.log(draws / (1.0 - draws))
        error = 4 * 1.2533 * draws.std() / np.sqrt(len(draws))
        assert np.median(draws) == pytest.approx(eta, abs=error + 0.02), path


def test_the_draft_says_what_it_is_and_not_how_it_ended(made, folder):
    assert WARNING in made.text.splitlines()[0]
    assert made.scenario().ended == ""
    pairs = covariates.crises(folder)["pair"]
    assert made.numbers.crises == len(pairs) - sum(pairs == facts(NAME).pair) < len(pairs)
    for forecast in made.reference.values():
        assert sum(forecast.values()) == pytest.approx(1.0, abs=1e-9)


def test_the_document_follows_the_published_schema(made):
    schema = json.loads(
        Path(document.__file__).with_name("draft.schema.json").read_text(encoding="utf-8"))
    assert schema == document.schema()
    found = json.loads(json.dumps(document.document(made)))
    jsonschema.validate(found, schema)
    held = pd.read_csv(io.StringIO(made.draws))
    assert set(found["numbers"]) == set(held.columns) == {
        renamed(path, made.facts) for path in made.numbers.draws}


def test_a_draft_knows_no_later_value(folder):
    """In 1947 neither India (750) nor Pakistan (770) had an index of the year before."""
    row = covariates.described(770, 750, 1947, folder).iloc[0]
    assert row[["capability", "democracy_challenger"]].isna().all()
    assert row["time"] == pytest.approx(0.47)  # the year is known


def test_other_crises_know_no_later_value(folder):
    """Their covariates are those of a backtest, which marks what was not known as missing.

    The median of all rows but the pair's own stands there, and no ending changes.
    """
    table = crises("icb", folder, filled=False).rows
    gone = table[["capability", "democracy_challenger", "democracy_target", "distance"]].isna()
    assert gone.any(axis=1).sum() > 10
    pair = facts(NAME).pair
    raw = covariates.described(255, 368, 1939, folder)
    known, row = covariates.others(pair, raw, folder)
    rest = table[table["pair"] != pair]
    assert not known.isna().any().any() and row.equals(raw.fillna(rest.median(numeric_only=True)))
    for name in gone:
        hidden = rest[name].isna()
        assert (known.loc[hidden, name] == np.median(rest.loc[~hidden, name])).all()
        assert known.loc[~hidden, name].equals(rest.loc[~hidden, name])
    assert list(known["ending"]) == list(rest["ending"])


@pytest.mark.slow
def test_an_uncoded_crisis_and_coded_features_give_a_file_that_loads(made, folder):
    found = dt.draft("icb:34", features="coded", template="militarised-bargaining", folder=folder)
    crisis = found.scenario()
    assert "gravity" in found.numbers.formulas["war.cost.target"]
    assert "hindsight" in " ".join(crisis.cannot)
    assert found.notes
    assert dt.solve(dt.compile(crisis)).certificate.certified


def test_wrong_sources_features_and_templates_are_named(folder):
    with pytest.raises(dt.InputError, match="did you mean 'book-memel-1939'"):
        dt.draft("book-memel-1938")
    with pytest.raises(dt.InputError, match="expected before or coded"):
        dt.draft("icb:69", features="after")
    with pytest.raises(dt.InputError, match="did you mean 'fait-accompli'"):
        dt.draft("icb:69", template="fait-accompl")
    with pytest.raises(dt.InputError, match="ICB has no crisis 9999"):
        dt.draft("icb:9999", folder=folder)
    with pytest.raises(dt.InputError, match="no coded features"):
        dt.draft("book-fashoda-1898", features="coded", folder=folder)


def test_the_command_names_what_is_wrong(tmp_path):
    (tmp_path / f"{NAME}.yaml").write_text("mine", encoding="utf-8")
    for words, said in ((["icb:69"], "does not carry detente's mark"),
                        (["memel"], "names no crisis")):
        ran = outputs("draft", "--from", *words, cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert said in ran.stderr and "Traceback" not in ran.stderr


@pytest.mark.slow
def test_the_command_writes_a_crisis_and_its_draws(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(folder))
    ran = outputs("draft", "--from", "icb:69", "--out", "mine.yaml", cwd=tmp_path)
    assert ran.returncode == 0
    assert "a starting point, not a forecast" in ran.stdout
    assert "base rates" in ran.stdout and "logit" in ran.stdout
    checked = outputs("check", "mine.yaml", cwd=tmp_path)
    assert checked.returncode == 0
    assert (tmp_path / "mine.draws.csv").read_text().count("\n") == 65
    assert drafting.called("icb:69") == NAME
