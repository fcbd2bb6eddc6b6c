"""Discretised games converge to the closed forms as grid and precision grow together."""

from __future__ import annotations

import pytest

from detente.cli import main
from detente.models import load

# The logit smoothing and the cells of a type shrink as 1/lambda and 1/grid. Their first-order
# parts may cancel, so a rate is asked of the worst difference over a factor of four: at least 2.
COARSE_AND_FINE = [
    ("fearon-1995", (10, 60.0), (40, 960.0)), ("schultz-2001", (15, 50.0), (60, 400.0)),
    ("iida-1993", (10, 60.0), (40, 1000.0)), ("fearon-1997-tied", (15, 50.0), (60, 400.0)),
    ("signorino-tarar-2006", (8, 10.0), (16, 200.0)),
    ("zagare-kilgour-2000", (2, 100.0), (2, 2000.0)), ("powell-1988", (2, 100.0), (2, 2000.0)),
    ("schultz-2001-types", (2, 100.0), (2, 2000.0)),
    ("kreps-wilson-1982", (2, 40.0), (2, 400.0)),
]


def worst(name, grid, lam):
    rows = load(name).compare(grid=grid, lam=lam)["rows"]
    return max(abs(r["difference"]) for r in rows if r["difference"] is not None)


@pytest.mark.parametrize(("name", "coarse", "fine"), COARSE_AND_FINE)
def test_finer_is_nearer(name, coarse, fine):
    assert worst(name, *fine) < worst(name, *coarse) / 2


@pytest.mark.slow
def test_three_equilibria_converge_at_second_order():
    """Doubling grid and lambda quarters the error (1/lambda^2 from the logit's variance)."""
    model = load("lewis-schultz-2003")
    form = model.closed_form()
    errors = []
    for grid, lam in ((200, 50.0), (400, 100.0)):
        found = model.solver(grid=grid, lam=lam)
        assert found.certified and found.values["equilibria"] == 3
        errors.append(max(abs(found.values[f"resist_{k}"] - form[f"resist_{k}"])
                          for k in (1, 2, 3)))
    assert errors[1] == pytest.approx(errors[0] / 4, rel=0.2)


@pytest.mark.parametrize(("delta", "expected"), [(0.1, 0.4), (0.2, 0.4), (0.3, 0.6)])
def test_the_chain_store_at_other_reputations(delta, expected):
    """P(fight at n*) = delta / b^(n* - 1), whatever the number of entrants."""
    found = load("kreps-wilson-1982").solver(N=3, delta=delta).values
    n = {0.1: 3, 0.2: 2, 0.3: 1}[delta]
    assert expected == pytest.approx(delta / 0.5 ** (n - 1)) or n == 1
    exact = load("kreps-wilson-1982").closed_form(N=3, delta=delta)
    assert found[f"fought_{n}"] == pytest.approx(exact[f"fought_{n}"], abs=0.005)


@pytest.mark.parametrize(("b", "credible"), [(0.3, 0.0), (0.5, 0.0), (0.56, 1.0), (1.0, 1.0)])
def test_only_a_partial_mediator_is_believed_by_the_engine_too(b, credible):
    """b_min is .5268: below it the mediator's message says nothing, above it is the truth."""
    model = load("kydd-2003")
    assert model.closed_form(b=b)["credible"] == credible
    expected = 0.5 * 0.05 if credible else 0.5  # half are strong; the signal errs in 5 of 100
    assert model.solver(b=b, lam=3000.0).values["war"] == pytest.approx(expected, abs=0.02)


def test_the_command(tmp_path, capsys):
    import json

    assert main(["models"]) == 0
    assert "kydd-walter-2002" in capsys.readouterr().out
    file = tmp_path / "chart.svg"
    assert main(["models", "schultz-2001-types", "--set", "phi=0.3", "--chart", str(file),
                 "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parameters"]["phi"] == 0.3
    assert {r["quantity"] for r in found["rows"]} == {"bluff", "resist", "fight", "war"}
    assert file.read_text().startswith("<svg")
    assert main(["models", "schultz-2001-types", "--set", "phi=1.3"]) == 2
    assert "0 < phi < 1" in capsys.readouterr().err
    assert main(["models", "schultz-2001", "--set", "W=1"]) == 2
    assert main(["models", "schultz-2001", "--set", "a"]) == 2
    assert main(["models", "shultz-2001"]) == 2
    assert "schultz-2001" in capsys.readouterr().err
