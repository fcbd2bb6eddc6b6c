"""A sweep loses no row and redoes none, and its file does not depend on how it was made."""

from __future__ import annotations

import json
import os
import signal

import numpy as np
import pytest

from detente.analysis.samples import draws
from detente.analysis.sweep import sweep
from detente.cases import loads
from detente.equilibrium import solve
from detente.errors import InputError
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL
from tests.conftest import make_crisis, merged, text_of

pq = pytest.importorskip("pyarrow.parquet")
N = 40


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    place = tmp_path_factory.mktemp("case") / "small.yaml"
    place.write_text(text_of(SMALL))
    return place


@pytest.fixture(scope="module")
def whole(case, tmp_path_factory):
    place = tmp_path_factory.mktemp("whole") / "all.parquet"
    return sweep(case, place, samples=N, seed=5, lam=12.0, workers=1)


def test_rows_are_the_samples_and_their_games(whole, case):
    rows = pq.read_table(whole.path).to_pandas()
    compiled = compile_scenario(loads(case.read_text()))
    theta = draws(compiled, N, 5)
    assert rows["sample"].tolist() == list(range(N)) and rows["certified"].all()
    assert (rows["residual"] <= 1e-8).all()
    for path in ("war.win_chance", "war.cost", "actors.aland.private.war_cost.high"):
        assert (rows[path].to_numpy() == theta[:, compiled.paths.index(path)]).all()
    for k in (0, 17, N - 1):  # solved from nothing, one by one
        for name, p in solve(compiled.game(theta[k]), 12.0).outcomes().items():
            assert rows[f"P({name})"][k] == pytest.approx(p, abs=1e-6)


def test_workers_leave_no_trace(whole, case, tmp_path):
    other = sweep(case, tmp_path / "two.parquet", samples=N, seed=5, lam=12.0, workers=2)
    assert other.path.read_bytes() == whole.path.read_bytes()


class HaltError(Exception):
    pass


def test_resumed_equals_uninterrupted(whole, case, tmp_path):
    """Interrupted twice, with a part half written and another damaged."""
    place = tmp_path / "again.parquet"
    parts = tmp_path / "again.parquet.parts"

    def until(limit, seen):
        def tell(done, total, what):
            seen.append(done)
            if done >= limit:
                raise HaltError
        return tell

    first: list[int] = []
    with pytest.raises(HaltError):
        sweep(case, place, samples=N, seed=5, lam=12.0, tell=until(16, first))
    assert not place.exists() and sorted(p.name for p in parts.glob("part-*")) == [
        "part-000000000000.parquet", "part-000000000008.parquet"]
    (parts / ".part.half").write_bytes(b"PAR1")
    (parts / "part-000000000000.parquet").write_bytes(b"PAR1 not whole")
    kept = (parts / "part-000000000008.parquet").stat().st_mtime_ns
    second: list[int] = []
    with pytest.raises(HaltError):
        sweep(case, place, samples=N, seed=5, lam=12.0, tell=until(24, second))
    assert second[0] == 8, "the whole part was not found again"
    assert (parts / "part-000000000008.parquet").stat().st_mtime_ns == kept
    done = sweep(case, place, samples=N, seed=5, lam=12.0)
    assert done.resumed == 24 and not parts.exists()
    assert place.read_bytes() == whole.path.read_bytes()
    assert list(tmp_path.iterdir()) == [place]
    before = place.stat().st_mtime_ns
    assert sweep(case, place, samples=N, seed=5, lam=12.0).resumed == N
    assert place.stat().st_mtime_ns == before


@pytest.mark.parametrize(("change", "field"), [
    ({"seed": 6}, "seed"), ({"lam": 13.0}, "lambda"), ({"samples": N + 8}, "samples")])
def test_another_sweep_is_refused(case, tmp_path, change, field):
    place = tmp_path / "a.parquet"
    usual = {"samples": N, "seed": 5, "lam": 12.0}

    def tell(done, total, what):
        if done:
            raise HaltError

    with pytest.raises(HaltError):
        sweep(case, place, **usual, tell=tell)
    with pytest.raises(InputError) as told:
        sweep(case, place, **{**usual, **change})
    assert told.value.field == field


def test_a_changed_file_is_refused(whole, tmp_path):
    other = tmp_path / "small.yaml"
    other.write_text(text_of(merged(SMALL, {"delay_cost": 0.03})))
    with pytest.raises(InputError, match="another version of the case's file"):
        sweep(other, whole.path, samples=N, seed=5, lam=12.0)
    stranger = tmp_path / "notes.parquet"
    stranger.write_text("mine")
    with pytest.raises(InputError, match="not a sweep"):
        sweep(other, stranger, samples=N)
    assert stranger.read_text() == "mine"


def test_command(case, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    monkeypatch.chdir(tmp_path)
    app = application(command_modules("sweep"))
    done = CliRunner().invoke(
        app, ["sweep", str(case), "--samples", "8", "--out", "s.parquet", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["rows"] == told["certified"] == 8
    assert sum(p["mean"] for p in told["outcomes"].values()) == pytest.approx(1, abs=1e-9)


def test_without_a_scheduler(monkeypatch, tmp_path):
    pytest.importorskip("distributed")
    monkeypatch.setattr("detente.analysis.sweep_dask.TIMEOUT", "1s")
    with pytest.raises(InputError, match="no scheduler answers"):
        sweep(make_crisis(), tmp_path / "a.parquet", samples=8, scheduler="tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker(case, whole, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster, distributed.Client(cluster) as client:
        killed: list[int] = []

        def tell(done, total, what):
            if done and not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        found = sweep(case, tmp_path / "c.parquet", samples=N, seed=5, lam=12.0,
                      scheduler=cluster.scheduler_address, tell=tell)
        assert killed
    assert found.n == N
    assert found.path.read_bytes() == whole.path.read_bytes()
    rows = pq.read_table(found.path)["sample"].to_numpy()
    assert np.array_equal(rows, np.arange(N))
