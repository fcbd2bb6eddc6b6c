"""``detente backtest`` as a user runs it: every run is a process of its own."""

import json
import os
import subprocess
import sys
from importlib.resources import files

import jsonschema
import pytest

from detente.backtest.document import schema
from detente.history.outcomes.known import SOURCES


def run(folder, *words, code=0, **env):
    """Run detente in a folder and return its two outputs."""
    done = subprocess.run([sys.executable, "-m", "detente", *words], cwd=folder,
                          env={**os.environ, "COLUMNS": "80", **env}, capture_output=True,
                          text=True, timeout=600)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def test_the_board_of_icb(load, tmp_path):
    pytest.importorskip("sklearn")
    for name in (*SOURCES, "icb-actor"):
        load(name)
    here = {"DETENTE_DATA_CACHE": str(load.folder)}
    words = ("backtest", "icb", "--models", "logit", "--from", "1980", "--step", "20",
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
