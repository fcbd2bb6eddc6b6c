"""``models NAME --set ...`` with mutated arguments: values, or a message with what is allowed.

``python -m pytest -m long tests/fuzz/test_models.py`` tries them for an hour.
"""

from __future__ import annotations

import json
import math
import time
import warnings

import numpy as np
import pytest

from detente.cli import main
from detente.theory import TABLE, load

QUICK = [name for name in TABLE if name not in {
    "fearon-1994", "lewis-schultz-2003", "bishop-cannings-1978", "carlsson-van-damme-1993",
    "signorino-tarar-2006-private", "powell-2006-gradual", "iida-1993-alternating",
    "smith-stam-2004", "kreps-wilson-1982", "powell-2004"}]
"""Models that a small grid makes quick."""
TEXTS = ["", "x", "nan", "inf", "-inf", "1e308", "-1e308", "1e-320", "0", "-0", "1_0", "0x10",
         "1,5", "٣", "9" * 400, "1e6", "1e7", "1e-6", "1e-7", "-1", "0.5", "1", "2", "3.5", "=",
         "1=2", " 2 "]
NAMES = ["lam", "grid", "lambda", "W", "", "p ", "__class__", "self", "values", "form", "é"]


def arguments(rng, names):
    """Return the arguments of a command, some of them wrong."""
    name = names[rng.integers(len(names))]
    model = load(name)
    known = [p.name for p in model.parameters]
    out = ["models", name if rng.random() < 0.98 else name + "x", "--json"]
    for _ in range(rng.integers(0, 3)):
        key = known[rng.integers(len(known))] if rng.random() < 0.8 else NAMES[
            rng.integers(len(NAMES))]
        near = next((p.default for p in model.parameters if p.name == key), 1.0)
        value = TEXTS[rng.integers(len(TEXTS))] if rng.random() < 0.6 else repr(
            float(near * rng.choice([0.5, 0.9, 1.1, 2.0, 1e3]) + rng.choice([0.0, 1e-9, -1e-9])))
        out += ["--set", f"{key}={value}"]
    out += ["--grid", str(rng.choice([1, 2, 3, 4, 5, 501]))]
    if rng.random() < 0.8:
        out += [f"--lambda={rng.choice(['0', '1', '5', '1e3', '1e308', 'nan', '-1', '1e-9'])}"]
    else:
        out += ["--lambda", "2"]
    return out


def attempt(seed, number, names, capsys):
    rng, done = np.random.default_rng(seed), {}
    for _ in range(number):
        given = arguments(rng, names)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = main(given)
        said = capsys.readouterr()
        done[code] = done.get(code, 0) + 1
        assert code in (0, 1, 2), (given, code, said.err)
        assert "Traceback" not in said.err
        if code == 2:
            assert said.out == "" and said.err.strip(), given
        else:
            found = json.loads(said.out, parse_constant=pytest.fail)
            assert found["certificate"]["certified"] == (code == 0)
            assert all(math.isfinite(v) for v in found["parameters"].values())
    return done


def test_mutated_arguments_give_values_or_a_message(capsys):
    done = attempt(5, 120, QUICK, capsys)
    assert done.get(0, 0) and done.get(2, 0)


@pytest.mark.long
def test_mutated_arguments_for_an_hour(capsys):
    end, seed = time.monotonic() + 3600, 1000
    while time.monotonic() < end:
        attempt(seed, 50, list(TABLE), capsys)
        seed += 1
