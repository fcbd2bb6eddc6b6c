"""A sweep loses no row and redoes none, and its file does not depend on how it was made."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from detente.analysis.samples import draws
from detente.analysis.sweep import sweep
from detente.cases import loads
from detente.equilibrium import solve
from detente.errors import InputError, OutputError
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of
from tests.support.program import detente

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


def halted(case, place, rows=24, **settings):
    """Interrupt a sweep after some rows; return its parts, in order."""
    def tell(done, total, what):
        if done >= rows:
            raise HaltError

    with pytest.raises(HaltError):
        sweep(case, place, **{"samples": N, "seed": 5, "lam": 12.0, **settings}, tell=tell)
    return sorted(place.with_name(place.name + ".parts").glob("part-*"))


def flip(part):
    """Change one byte of a column's data; the length and the footer stay as they are."""
    data = bytearray(part.read_bytes())
    at = pq.ParquetFile(part).metadata.row_group(0).column(3)
    data[at.data_page_offset + at.total_compressed_size - 3] ^= 0xFF
    part.write_bytes(data)


@pytest.mark.parametrize("harm", [
    flip,
    lambda part: part.write_bytes(part.read_bytes()[:-20]),
    lambda part: part.write_bytes(b""),
    lambda part: (part.unlink(), part.mkdir()),
], ids=["one byte", "cut", "empty", "a folder"])
def test_a_damaged_part_is_named_and_solved_again(whole, case, tmp_path, harm):
    place = tmp_path / "a.parquet"
    bad = halted(case, place)[1]
    harm(bad)
    if bad.is_dir():  # nothing can be written there, so the message is about that
        with pytest.raises(OutputError, match="cannot write"):
            sweep(case, place, samples=N, seed=5, lam=12.0)
        return
    done = sweep(case, place, samples=N, seed=5, lam=12.0)
    assert done.resumed == 16 and len(done.notes) == 1
    assert str(bad) in done.notes[0] and "damaged" in done.notes[0]
    assert place.read_bytes() == whole.path.read_bytes()


def test_a_part_damaged_during_the_sweep(whole, case, tmp_path):
    """It was good at the beginning, and is found when the parts are joined."""
    place = tmp_path / "a.parquet"
    first = halted(case, place)[0]

    def tell(done, total, what):
        if done == N and not told:
            told.append(done)
            flip(first)

    told: list[int] = []
    done = sweep(case, place, samples=N, seed=5, lam=12.0, tell=tell)
    assert told and len(done.notes) == 1 and str(first) in done.notes[0]
    assert place.read_bytes() == whole.path.read_bytes()
    assert not place.with_name("a.parquet.parts").exists()


def test_parts_of_another_sweep_are_named_and_not_used(whole, case, tmp_path):
    """Also if the manifest is gone, or if a part is renamed to a name that this sweep uses."""
    place = tmp_path / "a.parquet"
    old = halted(case, place, seed=6)
    parts = old[0].parent
    (parts / "manifest.json").unlink()
    mine = halted(case, place, rows=8)
    wrong = next(p for p in mine if p not in old)
    wrong.write_bytes(old[0].read_bytes())
    done = sweep(case, place, samples=N, seed=5, lam=12.0)
    assert done.resumed == 0, "rows of seed 6 were used"
    assert place.read_bytes() == whole.path.read_bytes()
    assert sorted(parts.glob("part-*")) == old, "files of the other sweep are gone"
    assert any(old[0].name in note and "not of this sweep" in note for note in done.notes)


def test_a_second_sweep_is_told(case, tmp_path):
    place = tmp_path / "a.parquet"
    seen = []

    def tell(done, total, what):
        if done and not seen:
            ended = subprocess.run(
                [sys.executable, "-m", "detente", "sweep", str(case), "--samples", str(N),
                 "--seed", "5", "--lambda", "12", "--out", str(place)],
                capture_output=True, text=True, timeout=600)
            seen.append(ended)

    sweep(case, place, samples=N, seed=5, lam=12.0, tell=tell)
    (second,) = seen
    assert second.returncode == 2 and "Traceback" not in second.stderr
    assert f"another sweep writes this output (process {os.getpid()})" in second.stderr
    assert pq.read_metadata(place).num_rows == N


def test_a_killed_sweep_is_continued(whole, case, tmp_path):
    """A killed process holds no lock, and its finished parts are used."""
    place = tmp_path / "a.parquet"
    code = (f"import os, signal\nfrom detente.analysis.sweep import sweep\n"
            f"def tell(done, total, what):\n"
            f"    if done >= 16: os.kill(os.getpid(), signal.SIGKILL)\n"
            f"sweep({str(case)!r}, {str(place)!r}, samples={N}, seed=5, lam=12.0, tell=tell)")
    assert subprocess.run([sys.executable, "-c", code], timeout=600).returncode == -9
    assert (tmp_path / "a.parquet.parts" / ".lock").exists()
    done = sweep(case, place, samples=N, seed=5, lam=12.0)
    assert done.resumed == 16 and place.read_bytes() == whole.path.read_bytes()
    assert list(tmp_path.iterdir()) == [place]


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
    two = sorted(parts.glob("part-*"))
    assert not place.exists() and [p.name[-10:] for p in two] == ["00.parquet", "08.parquet"]
    (parts / ".part.half").write_bytes(b"PAR1")
    two[0].write_bytes(b"PAR1 not whole")
    kept = two[1].stat().st_mtime_ns
    second: list[int] = []
    with pytest.raises(HaltError):
        sweep(case, place, samples=N, seed=5, lam=12.0, tell=until(24, second))
    assert second[0] == 8, "the whole part was not found again"
    assert two[1].stat().st_mtime_ns == kept
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


def test_the_command_prints_titles_and_the_file_keeps_names(tmp_path):
    place = tmp_path / "titled.yaml"
    place.write_text(text_of(merged(SMALL, {"actors": {"aland": {"title": "Aland Republic"}}})))
    done = detente("sweep", "titled.yaml", "--samples", "8", "--out", "s.parquet", cwd=tmp_path)
    said = done.stdout.decode()
    assert done.returncode == 0 and "P(the Aland Republic concedes): mean" in said
    assert "P(bland concedes): mean" in said, "an actor without a title has its name"
    assert "P(aland concedes)" in pq.read_schema(tmp_path / "s.parquet").names
