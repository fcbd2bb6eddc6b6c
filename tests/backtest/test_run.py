"""A backtest: the board, resuming, and the verdict."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from detente.backtest import registry, run, tasks
from detente.backtest.board import verdict
from detente.backtest.folder import check, save
from detente.backtest.forecaster import Fit
from detente.backtest.models.base import Base
from detente.backtest.run import backtest
from detente.backtest.splits import forward, kfold
from detente.backtest.tasks import one
from detente.errors import InputError, SolveError

pytest.importorskip("sklearn")


def test_the_table_adds_up(toy):
    found = backtest(toy, ["logit", "pool:logit+base"], scheme="kfold")
    sums = found.forecasts.groupby(["model", "crisis"])["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    happened = found.forecasts[found.forecasts["happened"]]
    assert len(happened) == len(toy) * 5
    by_hand = np.log(happened["probability"]).groupby(happened["model"]).mean()
    board = found.leaderboard.set_index("model")
    assert by_hand.to_dict() == pytest.approx(board["log_score"].to_dict())
    assert board["gain_time"]["logit"] == pytest.approx(
        board["log_score"]["logit"] - board["log_score"]["time"])
    assert board["reduction"]["base"] == 0
    bins = found.calibration.groupby(["model", "ending"])["n"].sum()
    assert set(bins) == {len(toy)}
    # endings follow x, so a logit that knows x beats the calendar beyond doubt
    assert board["gain_time_low"]["logit"] > 0


def test_hindsight_is_left_out(toy):
    found = backtest(toy, ["logit"], features="before", first=1930)
    assert "noise" not in found.table.features
    assert not found.params["parameter"].str.contains("noise").any()


def test_a_stopped_run_continues(toy, tmp_path, monkeypatch):
    """The second run fits only those splits that the first one did not reach."""
    whole = backtest(toy, ["logit"], first=1920)
    real, count = tasks.one, []

    def stops(*args):
        if len(count) == 5:
            raise KeyboardInterrupt
        count.append(args)
        return real(*args)

    monkeypatch.setattr(run, "one", stops)
    with pytest.raises(KeyboardInterrupt):
        backtest(toy, ["logit"], first=1920, out=tmp_path)
    monkeypatch.setattr(run, "one", lambda *args: (count.append(args), real(*args))[1])
    again = backtest(toy, ["logit"], first=1920, out=tmp_path)
    assert len(count) == 4 * 4  # four forecasters, four origins, none twice
    pd.testing.assert_frame_equal(again.leaderboard, whole.leaderboard)
    backtest(toy, ["logit"], first=1920, out=tmp_path)
    assert len(count) == 16
    other = toy.with_rows(toy.rows.assign(x=toy.rows["x"] + 1))
    backtest(other, ["logit"], first=1920, out=tmp_path)
    assert len(count) == 32  # another table: everything anew


def test_a_changed_model_is_fitted_anew(toy, tmp_path, monkeypatch):
    first = registry.stamp("logit")
    monkeypatch.setattr(registry.known()["logit"], "__file__", __file__)
    assert registry.stamp("logit") != first
    model = tmp_path / "mine.yaml"
    model.write_text("a: 1")
    before = registry.stamp(f"pool:base+logit:{model}")
    model.write_text("a: 2")
    assert registry.stamp(f"pool:base+logit:{model}") != before


@pytest.mark.parametrize("name", ["game:{}", "theory:{}", "pool:base+game:{}"])
def test_a_changed_crisis_beside_a_model_file_is_fitted_anew(tmp_path, name):
    crisis, model = tmp_path / "tree.yaml", tmp_path / "mine.yaml"
    model.write_text("model: mine\ncrisis: tree.yaml\n")
    crisis.write_text("precision: 5\n")
    before = registry.stamp(name.format(model))
    assert registry.stamp(name.format(model)) == before
    crisis.write_text("precision: 6\n")
    assert registry.stamp(name.format(model)) != before


def test_a_failed_fit_is_counted_and_scored_as_base_rates(toy, monkeypatch):
    from detente.backtest.models.recent import Recent

    def fails(self, table, *, seed):
        raise SolveError("no maximum")

    monkeypatch.setattr(Recent, "fit", fails)
    board = backtest(toy, ["base"], scheme="kfold").leaderboard.set_index("model")
    assert board["fits_failed"]["recent"] == 10 and board["fits_failed"]["base"] == 0
    assert board["log_score"]["recent"] == board["log_score"]["base"]


def test_numbers_that_are_no_probabilities_are_refused(toy, monkeypatch):
    monkeypatch.setattr(Base, "fit", lambda self, table, *, seed: Fit(
        lambda rows: np.full((len(rows), 3), 0.5)))
    with pytest.raises(InputError, match="no probabilities"):
        backtest(toy, ["base"], scheme="kfold")


def row(model, score, **gains):
    made = {"model": model, "log_score": score}
    for other in ("time", "logit", "theory"):
        mean, low, high = gains.get(other, (None, None, None))
        made |= {f"gain_{other}": mean, f"gain_{other}_low": low, f"gain_{other}_high": high}
    return made


@pytest.mark.parametrize(("gain", "said", "unsaid"), [
    ((0.01, -0.01, 0.03), "does not beat theory:a", "helps"),
    ((0.02, 0.01, 0.03), "speaks for the structure of the game", "does not"),
    ((-0.02, -0.03, -0.01), "scores worse than theory:a", "helps"),
])
def test_a_game_wins_only_beyond_its_theory(gain, said, unsaid):
    """Even a game that beats the calendar is not praised unless it beats its own covariates."""
    board = pd.DataFrame([
        row("game:a", -0.9, time=(0.1, 0.05, 0.15), theory=gain), row("time", -1.0),
        row("base", -1.1, time=(-0.1, -0.2, -0.05))])
    assert said in verdict(board, 400, 40) and unsaid not in verdict(board, 400, 40)


def test_every_game_that_beats_its_theory_is_named():
    board = pd.DataFrame([
        row("game:a", -0.9, time=(0.1, 0.0, 0.2), theory=(-0.01, -0.02, 0.01)),
        row("game:b", -0.95, time=(0.05, 0.0, 0.1), theory=(0.02, 0.01, 0.03)),
        row("time", -1.0)])
    assert "The best of 2 games, game:a, does not beat theory:a" in verdict(board, 400, 40)
    assert "game:b scores lower, but better than its own theory:b" in verdict(board, 400, 40)


def test_a_gain_that_includes_0_is_no_gain():
    board = pd.DataFrame([row("logit", -0.9, time=(0.1, -0.05, 0.25)), row("time", -1.0)])
    assert verdict(board, 400, 40).startswith("No forecaster beats the calendar")


@pytest.mark.parametrize(("crises", "pairs", "small"), [
    (49, 40, True), (400, 19, True), (50, 20, False)])
@pytest.mark.parametrize("low", [0.01, -0.01])
def test_a_small_sample_is_not_judged(crises, pairs, small, low):
    board = pd.DataFrame([
        row("game:a", -0.9, time=(0.1, 0.05, 0.15), theory=(0.02, low, 0.05)), row("time", -1.0)])
    said = verdict(board, crises, pairs)
    assert ("too small to judge" in said) == small == ("structure" not in said)


def test_the_verdict_counts_the_crises_and_pairs_that_were_forecast(toy):
    few = toy.with_rows(toy.rows[(toy.rows["year"] < 1950) | (toy.rows["challenger"] < 10)])
    last = few.rows[few.rows["year"] >= 1950]
    found = backtest(few, ["base"], first=1950)
    said = f"({len(last)} crises of {last['pair'].nunique()} pairs of states;"
    assert last["pair"].nunique() <= 10 and said in found.verdict


def test_the_folder_holds_all_files(toy, tmp_path):
    found = backtest(toy, ["logit"], first=1920, out=tmp_path / "a")
    save(found, tmp_path / "a")
    check(tmp_path / "a")
    read = pd.read_csv(tmp_path / "a" / "leaderboard.csv")
    assert read["log_score"].to_numpy() == pytest.approx(found.leaderboard["log_score"].to_numpy())
    settings = json.loads((tmp_path / "a" / "run.json").read_text())
    assert settings["table_sha256"] == tasks.table_hash(found.table)
    page = (tmp_path / "a" / "backtest.html").read_text()
    assert "Drift of parameters" in page
    (tmp_path / "a" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match=r"other files, such as letter\.txt"):
        check(tmp_path / "a")


def test_a_run_killed_while_it_wrote_continues(tmp_path):
    (tmp_path / ".detente-0123456789ab.part").write_text("half")
    check(tmp_path)


def test_missing_features_are_filled_from_training_rows(toy):
    """A test row's value changes no fit; the fill is the median of the training rows, by hand."""
    gap = toy.rows.assign(x=toy.rows["x"].where(toy.rows.index % 7 > 0))
    marked = toy.with_rows(gap)
    split = kfold(marked)[0]
    middle = gap["x"].iloc[split.train].median()
    filled = toy.with_rows(gap.assign(x=gap["x"].fillna(middle)))
    here = one("logit", marked, split, 0)
    assert (here.p == one("logit", filled, split, 0).p).all()
    away = gap.copy()
    first = split.test[gap["x"].iloc[split.test].notna()][0]
    away.loc[first, "x"] = 1e6
    there = one("logit", toy.with_rows(away), split, 0)
    others = split.test != first
    assert (there.p[others] == here.p[others]).all() and there.params == here.params


def test_a_feature_without_a_training_value_says_nothing(toy):
    rows = toy.rows.assign(x=toy.rows["x"].where(toy.rows["year"] >= 1920))
    split = forward(toy, first=1920, step=20)[0]
    found = one("logit", toy.with_rows(rows), split, 0)
    bare = one("logit", toy.with_rows(rows.assign(x=0.0)), split, 0)
    # The column is constant in training, so ridge gives it the coefficient 0 (to rounding).
    assert np.isfinite(found.p).all()
    assert found.p == pytest.approx(bare.p, abs=1e-6)


def test_a_pool_of_members_on_the_board_is_not_fitted_again(toy, monkeypatch):
    """Its forecast is the mean of theirs; probabilities below 1e-9 are raised, hence 1e-8."""
    from detente.backtest.models.pool import Pool

    name = "pool:base+time"
    fitted = one(name, toy, kfold(toy)[0], 0).p
    monkeypatch.delattr(Pool, "fit")
    found = backtest(toy, [name], scheme="kfold").forecasts
    p = {n: rows["probability"].to_numpy() for n, rows in found.groupby("model", sort=False)}
    assert p[name] == pytest.approx((p["base"] + p["time"]) / 2, abs=1e-8)
    here = found[(found["model"] == name) & (found["origin"] == "fold 0")]
    assert here["probability"].to_numpy() == pytest.approx(fitted.T.ravel(), abs=1e-8)


def changed(toy, **columns):
    """Return the table with other columns; None drops one."""
    gone = [name for name, values in columns.items() if values is None]
    kept = {name: values for name, values in columns.items() if values is not None}
    return replace(toy, rows=toy.rows.assign(**kept).drop(columns=gone))


def first(toy, name, value):
    """Return a column whose first value is another one."""
    return [value, *toy.rows[name].tolist()[1:]]


@pytest.mark.parametrize(("make", "words"), [
    (lambda t: t.with_rows(t.rows[:0]), "table made has no crises"),
    (lambda t: changed(t, pair=None), "no column 'pair'"),
    (lambda t: changed(t, x=None), "no column 'x'"),
    (lambda t: changed(t, ending=first(t, "ending", None)), "ending is missing in row 1"),
    (lambda t: changed(t, ending=first(t, "ending", "wat")), "did you mean 'war'"),
    (lambda t: changed(t, year=first(t, "year", np.nan)), "year is missing in row 1"),
    (lambda t: changed(t, year=first(t, "year", 1900.5)), "year is 1900.5 in row 1"),
    (lambda t: changed(t, pair=first(t, "pair", None)), "pair is missing in row 1"),
    (lambda t: changed(t, x=first(t, "x", -np.inf)), "x is -inf in row 1"),
    (lambda t: changed(t, x="strong"), "the column x holds words"),
    (lambda t: replace(t, endings=("war",)), "two different endings"),
])
@pytest.mark.parametrize("scheme", ["kfold", "forward"])
def test_a_table_that_cannot_be_scored_is_refused(toy, tmp_path, make, words, scheme):
    with pytest.raises(InputError, match=words):
        backtest(make(toy), ["logit"], scheme=scheme, out=tmp_path / "board")
    assert not list(tmp_path.iterdir())


def test_a_table_of_one_year_is_for_folds_only(toy):
    one_year = changed(toy, year=1914)
    with pytest.raises(InputError, match="crises of 1914 only"):
        backtest(one_year, ["base"], first=1914)
    assert len(backtest(one_year, ["base"], scheme="kfold").leaderboard) == 3


@pytest.mark.parametrize(("setting", "words"), [
    ({"seed": -1}, "--seed: -1 is not"), ({"step": 2.5}, "--step: 2.5 is not"),
    ({"first": "1930"}, "--from: '1930' is not"), ({"step": 0}, "--step: 0 is not"),
])
def test_settings_are_whole_numbers(toy, setting, words):
    with pytest.raises(InputError, match=words):
        backtest(toy, ["base"], **setting)


def test_a_feature_without_values_is_that_of_a_constant(toy):
    """Missing everywhere or the same everywhere: it explains nothing, and no fit fails."""
    boards = [backtest(changed(toy, x=value), ["logit"], scheme="kfold").leaderboard
              for value in (np.nan, 1.0)]
    assert boards[0]["log_score"].tolist() == pytest.approx(boards[1]["log_score"].tolist())
    assert not boards[0]["fits_failed"].any()
