"""``detente backtest`` as a user runs it: every run is a process of its own."""

import json
import os
import subprocess
import sys
from importlib.resources import files

import jsonschema
import pytest

from detente.backtest.document import schema
from detente.backtest.folder import held
from detente.history.outcomes.known import SOURCES
from tests.support.program import outputs


def run(folder, *words, code=0, **env):
    """Run detente in a folder and return its two outputs."""
    done = outputs(*words, cwd=folder, timeout=600, COLUMNS="80", **env)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def test_the_board_of_icb(load, tmp_path):
    pytest.importorskip("sklearn")
    for name in (*SOURCES, "icb-actor"):
        load(name)
    here = {"DETENTE_DATA_CACHE": str(load.folder)}
    words = ("backtest", "icb", "--models", "logit", "--from", "2000", "--step", "20",
             "--out", "board")
    out, _ = run(tmp_path, *words, **here)
    assert max(map(len, out.splitlines())) <= 80 and "over time" in out
    found = json.loads(run(tmp_path, *words, "--json", **here)[0])
    jsonschema.Draft202012Validator(schema()).validate(found)
    assert found["run"]["scored"] == sum(s["test"] for s in found["run"]["splits"])
    assert (tmp_path / "board" / "forecasts.parquet").is_file()
    shown, _ = run(tmp_path, "data", "crises", "icb", "--json", **here)
    listed = json.loads(shown)
    assert sum(y["crises"] for y in listed["years"]) == listed["rows"] == 486


HIDDEN = ("import sys; sys.modules['sklearn'] = None; from detente.__main__ import program; "
          "program()")


def test_without_scikit_learn_it_says_how_to_install_it(load, tmp_path):
    for name in (*SOURCES, "icb-actor"):
        load(name)
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, "backtest", "icb", "--models", "logit", "--from", "1990"],
        cwd=tmp_path, env={**os.environ, "DETENTE_DATA_CACHE": str(load.folder)},
        capture_output=True, text=True, timeout=600)
    said = " ".join(done.stderr.split())
    assert done.returncode == 2 and "Traceback" not in said
    assert "needs scikit-learn, which is not installed" in said and "[backtest]" in said


def test_a_scheduler_that_does_not_answer_is_said_in_one_line(load, tmp_path):
    pytest.importorskip("distributed")
    for name in (*SOURCES, "icb-actor"):
        load(name)
    _, err = run(tmp_path, "backtest", "icb", "--models", "base", "--from", "1990", "--scheduler",
                 "tcp://127.0.0.1:9", "--wait", "0.5", "--out", "board", code=2,
                 DETENTE_DATA_CACHE=str(load.folder))
    assert "no scheduler answers at tcp://127.0.0.1:9" in " ".join(err.split())
    assert not (tmp_path / "board").exists()  # an empty folder is not left behind


HOLD = ("import pathlib, time; from detente.backtest.folder import held\n"
        "with held(pathlib.Path('board')): print('held', flush=True); time.sleep(60)")


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of files there")
def test_one_backtest_per_folder_and_a_killed_one_blocks_none(tmp_path):
    """The second is refused while the first runs; after a kill its lock file says nothing."""
    words = ("backtest", "mid", "--models", "base", "--out", "board")
    here = {"DETENTE_DATA_CACHE": str(tmp_path / "none")}
    with subprocess.Popen([sys.executable, "-c", HOLD], cwd=tmp_path, stdout=subprocess.PIPE,
                          text=True) as first:
        try:
            assert first.stdout.readline() == "held\n"
            _, err = run(tmp_path, *words, code=2, **here)
            assert f"another backtest writes this output (process {first.pid})" in " ".join(
                err.split())
        finally:
            first.kill()
    assert (tmp_path / "board" / ".lock").is_file()
    with held(tmp_path / "board"):
        pass
    assert not (tmp_path / "board").exists()


def test_the_shipped_schema_is_that_of_the_types():
    shipped = json.loads((files("detente.backtest") / "backtest.schema.json").read_text())
    assert shipped == json.loads(json.dumps(schema())), "run: python -m detente.backtest.document"


@pytest.mark.parametrize(("words", "said"), [
    (("midd",), "did you mean 'mid'"), (("mid", "--models", "lojit"), "did you mean 'logit'"),
    (("mid", "--out", "full"), "other files, such as a.txt"),
    (("mid", "--scheme", "sideways"), "sideways"),
])
def test_wrong_input(tmp_path, words, said):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("mine")
    _, err = run(tmp_path, "backtest", *words, code=2, DETENTE_DATA_CACHE=str(tmp_path / "none"))
    assert said in err
