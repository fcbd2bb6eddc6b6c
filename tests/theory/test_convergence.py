"""The engine's answers beyond the models' defaults, and the command."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from detente.cli import main
from detente.theory import load


@pytest.mark.parametrize(("delta", "n"), [(0.1, 3), (0.2, 2), (0.3, 1)])
def test_the_chain_store_at_other_reputations(delta, n):
    """P(fight at n*) = delta / b^(n* - 1), b = 1/2, whatever the number of entrants."""
    model = load("kreps-wilson-1982")
    assert model.closed_form(N=3, delta=delta)["n_star"] == n
    solved = model.solver(N=3, delta=delta)
    assert solved.certified
    assert solved.values[f"fought_{n}"] == pytest.approx(delta / 0.5 ** (n - 1), abs=0.005)


@pytest.mark.parametrize(("b", "credible"), [(0.3, 0.0), (0.5, 0.0), (0.56, 1.0), (1.0, 1.0)])
def test_only_a_partial_mediator_is_believed_by_the_engine_too(b, credible):
    """b_min is .5268: below it the mediator's message says nothing, above it is the truth."""
    model = load("kydd-2003")
    assert model.closed_form(b=b)["credible"] == credible
    expected = 0.5 * 0.05 if credible else 0.5  # half are strong; the signal errs in 5 of 100
    solved = model.solver(b=b, lam=3000.0)
    assert solved.certified
    assert solved.values["war"] == pytest.approx(expected, abs=0.02)


def test_convergence_is_measured_at_the_parameters_in_use():
    """Near the threshold of resolve the logit formula gives the error, which hardly falls.

    The challenger gains 3 r - 1 from keeping the status quo, so that it demands with probability
    1 / (1 + exp(lambda (3 r - 1))). At the default r = .4 the same formula gives 2e-9.
    """
    r = 1 / 3 + 0.001
    found = load("zagare-kilgour-2000-rudimentary").convergence(r=r, lam=400.0)
    assert [level["lambda"] for level in found] == [100.0, 200.0, 400.0]
    for level in found:
        exact = 1 / (1 + math.exp(level["lambda"] * (3 * r - 1)))
        assert level["largest_difference"] == pytest.approx(exact, rel=1e-6)


def test_convergence_of_a_mediator_who_is_not_credible_is_slow():
    """Below b_min no message is strictly best: the difference halves per doubling of lambda."""
    found = load("kydd-2003").convergence(lam=1000.0, b=0.5)
    assert all(level["certified"] for level in found)
    errors = [level["largest_difference"] for level in found]
    assert all(1.7 < coarse / fine < 2.3 for coarse, fine in pairwise(errors))


@pytest.mark.parametrize(("name", "given"), [
    ("schultz-2001", {"a": 0.9, "W_B": 1.0}), ("fearon-1995-binary", {"q": 0.3}),
    ("kydd-walter-2002", {"s": 0.3})])
def test_measured_convergence_is_that_of_the_closed_form(name, given):
    """Each level repeats a solve of its own, compared with the closed form by hand."""
    model = load(name)
    exact = model.closed_form(**given)
    levels = model.convergence(**given)
    assert len(levels) == 3
    for level in levels:
        solved = model.solver(grid=level["grid"], lam=level["lambda"], **given).values
        apart = max(abs(solved[q] - exact[q]) for q in solved if q in exact)
        assert level["largest_difference"] == pytest.approx(apart, rel=1e-6, abs=1e-12)
    if model.rate.along:
        assert levels[1]["grid"] * 2 == levels[2]["grid"]


def test_a_model_without_a_precision_to_vary_states_no_convergence(capsys):
    assert load("ochs-1995").convergence(lam=2.0) == []
    assert main(["models", "richardson-1960"]) == 0
    assert "convergence" not in capsys.readouterr().out.lower()


def test_the_command(tmp_path, capsys):
    import json

    assert main(["models"]) == 0
    assert "kydd-walter-2002" in capsys.readouterr().out
    file = tmp_path / "chart.svg"
    assert main(["models", "schultz-2001-types", "--set", "phi=0.3", "--chart", str(file),
                 "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parameters"]["phi"] == 0.3
    assert [level["lambda"] for level in found["convergence"]] == [500.0, 1000.0, 2000.0]
    assert {r["quantity"] for r in found["rows"]} == {"bluff", "resist", "fight", "war"}
    assert file.read_text().startswith("<!-- made with detente --><svg")
    assert main(["models", "powell-2004", "--set", "q=0.5"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Measured convergence" in printed
    assert "The difference: Each offer is" in printed
    assert main(["models", "schultz-2001-types", "--set", "phi=1.3"]) == 2
    assert "0 < phi < 1" in capsys.readouterr().err
    assert main(["models", "schultz-2001", "--set", "W=1"]) == 2
    assert main(["models", "schultz-2001", "--set", "a"]) == 2
    assert main(["models", "shultz-2001"]) == 2
    assert "schultz-2001" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "given", "quantity", "exact"), [
    ("kreps-wilson-1982", "N=20", "n_star", 3.0),
    ("carlsson-van-damme-1993", "rho=0.9999", "cutoff_1", 0.35)])
def test_the_closed_form_is_printed_where_the_game_is_too_large(
        capsys, name, given, quantity, exact):
    import json

    assert main(["models", name, "--set", given, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    rows = {r["quantity"]: r for r in found["rows"]}
    assert rows[quantity]["closed_form"] == pytest.approx(exact)
    assert rows[quantity]["solver"] is None
    assert not found["certificate"]["certified"]
    assert "the game was not solved" in found["certificate"]["note"]
    assert main(["models", name, "--set", given]) == 1
    assert "NOT CERTIFIED" in capsys.readouterr().out


def test_the_tree_is_drawn_where_it_is_small(tmp_path, capsys):
    file = tmp_path / "tree.svg"
    asked = ["models", "schultz-2001-types", "--tree", str(file)]
    assert main(asked) == 0
    drawn = file.read_text()
    capsys.readouterr()
    assert drawn.startswith("<!-- made with detente --><svg")
    for word in ("challenge", "concede", "resist", "fight", "back down", "tough", "weak"):
        assert word in drawn
    file.unlink()
    assert main(["models", "fearon-1995", "--tree", str(file)]) == 2
    said = capsys.readouterr().err
    assert "241 nodes" in said and "--grid 2" in said and not file.exists()
    assert main(["models", "fearon-1995", "--grid", "2", "--tree", str(file)]) in (0, 1)
    assert file.exists()
    assert main(["models", "richardson-1960", "--tree", str(tmp_path / "no.svg")]) == 2
    assert "no tree to draw" in capsys.readouterr().err
    assert not (tmp_path / "no.svg").exists()
    assert main(["models", "schultz-2001-types", "--tree", "tree.pdf"]) == 2
    assert main(["models", "schultz-2001", "--set", "a=0.5", "--set", "a=0.6"]) == 2
    assert "a is set twice" in capsys.readouterr().err
