"""``detente fit`` and ``bargain`` on tables as a user runs them: a process each."""

import json

import numpy as np
import pytest

from tests.support.program import outputs

FORMULA = "go + fight ~ x | 0 | 0 | z"


def run(*words):
    done = outputs(*words, timeout=600)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def rows(change=lambda k, row: row, n=200):
    """Return a table of plays; ``change`` alters a row of cells, counted from 1."""
    rng = np.random.default_rng(5)
    lines = ["go,fight,x,z,country"]
    for k in range(1, n + 1):
        go, country = int(rng.random() < 0.6), str(rng.choice(["NA", "NO", "FR", "None"]))
        fight = go * int(rng.random() < 0.5)
        row = [str(go), str(fight), f"{rng.normal():.3f}", f"{rng.normal():.3f}", country]
        lines.append(",".join(change(k, row)))
    return "\n".join(lines) + "\n"


@pytest.fixture
def fit(tmp_path):
    def one(text, *words, formula=FORMULA):
        (tmp_path / "plays.csv").write_text(text)
        return run("fit", "egame12", "--data", tmp_path / "plays.csv", "--formula", formula, *words)

    return one


def test_the_kinds_are_printed_and_names_that_look_missing_are_names(fit):
    code, out, _ = fit(rows(), "--cluster", "country")
    assert code == 0 and "clustered by country (4 clusters)" in out and "rows 200" in out
    assert "columns: country category of 4, go whole number" in out and "x number" in out


def test_yes_and_no_and_names_with_dots_give_the_same_estimates(fit):
    def words(k, row):
        return ["yes" if row[0] == "1" else "no", "Yes" if row[1] == "1" else "No", *row[2:]]

    plain = json.loads(fit(rows(), "--json")[1])
    code, out, _ = fit(rows(words).replace(",x,z,", ",x,z.1,"), "--json",
                       formula="go + fight ~ x | 0 | 0 | `z.1`")
    other = json.loads(out)
    assert code == 0 and other["terms"][-1]["term"] == "z.1"
    assert [t["estimate"] for t in other["terms"]] == [t["estimate"] for t in plain["terms"]]


def stray(k, row):
    return [*row[:2], ".", *row[3:]] if k == 17 else row


def impossible(k, row):
    return ["0", "1", *row[2:]] if k in (3, 9) else row


@pytest.mark.parametrize(
    ("change", "words", "formula", "told"),
    [
        (stray, (), FORMULA, "plays.csv:18:3: column 'x', row 17: '.' is not a number"),
        (impossible, (), FORMULA, "impossible: fight is 1 although go 0 ends the game, in lines 4 "
         "and 10"),
        (lambda k, row: [*row[:4], "X"], ("--cluster", "country"), FORMULA, "one cluster"),
        (lambda k, row: row, (), "go + fight ~ log(fight) | 0 | 0 | z", "no finite value in lines"),
        (lambda k, row: [*row[:2], "7", *row[3:]], (), FORMULA, "x in u11 is constant"),
        (lambda k, row: row, (), "go + fight ~ x + I(2*x) | 0 | 0 | z", "collinear"),
        (lambda k, row: row, (), "go + fight ~ x | 0 | 0 | zz", "no column 'zz'"),
        (lambda k, row: row, ("--max-offer", "3"), FORMULA, "egame12 has no option --max-offer"),
        (lambda k, row: row, (), "country ~ x | 0 | 0 | z", "their order is not known"),
    ],
)
def test_bad_tables_and_formulas(fit, change, words, formula, told):
    code, out, err = fit(rows(change), *words, formula=formula)
    assert code == 2 and not out and told in err and "expected" in err


def test_more_coefficients_than_rows(fit):
    code, _, err = fit(rows(n=4), formula="go + fight ~ x + z | 0 | 0 | x + z")
    assert code == 2 and "6 coefficients, but only 4 rows" in err


def test_declared_missing_cells_are_left_out(fit):
    code, out, _ = fit(rows(stray), "--missing", "x=.", "--json")
    found = json.loads(out)
    assert code == 0 and (found["rows"], found["dropped"]) == (199, 1)
    assert "x number (1 missing)" in found["columns"][0]


def test_no_finite_maximum_is_exit_1_and_marked(fit):
    def ally(k, row):
        return [*(["0", "0"] if k % 10 == 0 else row[:2]), *row[2:4], str(int(k % 10 == 0))]

    code, out, _ = fit(rows(ally), "--json", formula="go + fight ~ x + country | 0 | 0 | z")
    found = json.loads(out)
    assert code == 1 and not found["converged"]
    term = next(t for t in found["terms"] if t["term"] == "country")
    assert term["limit"] == "+inf" and term["estimate"] is None
    assert any("all 20 rows" in w and "u11:country" in w for w in found["warnings"])


def test_the_options_of_the_ultimatum_game_are_honoured(tmp_path):
    rng = np.random.default_rng(2)
    offer = np.clip(rng.normal(4, 2, 150), 0, 10).round(3)
    accept = (offer + rng.logistic(size=150) > 3.5).astype(int)
    text = "offer,accept\n" + "".join(f"{o},{a}\n" for o, a in zip(offer, accept, strict=True))
    (tmp_path / "u.csv").write_text(text)
    words = ("fit", "ultimatum", "--data", tmp_path / "u.csv", "--max-offer", 10, "--json")
    both = json.loads(run(*words, "--formula", "offer + accept ~ 1 | 1")[1])
    offers = json.loads(run(*words, "--formula", "offer ~ 1 | 1", "--outcome", "offer")[1])
    held = json.loads(run(*words, "--formula", "offer + accept ~ 1 | 1", "--fix", "s2=1")[1])
    assert offers["loglik"] > both["loglik"] > held["loglik"]  # fewer data; fewer parameters
    assert len(both["terms"]) == 4 and [t["index"] for t in held["terms"]] == ["R1", "R2", "log s1"]
    assert run(*words, "--formula", "offer ~ 1 | 1", "--outcome", "war")[0] == 2


def test_bargain_refuses_thousands_and_reads_declared_cells(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('actor,position,salience,capability\nA,1000,n/a,"12,500"\nNA,2000,0.6,900\n')
    code, _, err = run("bargain", file)
    assert code == 2 and "t.csv:2:3" in err and "'n/a'" in err
    code, _, err = run("bargain", file, "--missing", "n/a")
    assert code == 2 and "t.csv:2:4" in err and "12500 or 12.500" in err
    file.write_text(file.read_text().replace('"12,500"', "12500"))
    code, out, _ = run("bargain", file, "--missing", "n/a", "--json", "--samples", 20)
    found = json.loads(out)
    # The salience of A is the median, 0.6, so capabilities alone weigh the positions.
    forecast = next(f for f in found["forecasts"] if f["model"] == "compromise")["forecast"]
    assert code == 0 and forecast == pytest.approx((12500 * 1000 + 900 * 2000) / 13400)
    assert "capability number" in found["columns"]
