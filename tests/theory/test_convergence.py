"""The engine's answers beyond the models' defaults, and the command."""

from __future__ import annotations

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


def test_the_command(tmp_path, capsys):
    import json

    assert main(["models"]) == 0
    assert "kydd-walter-2002" in capsys.readouterr().out
    file = tmp_path / "chart.svg"
    assert main(["models", "schultz-2001-types", "--set", "phi=0.3", "--chart", str(file),
                 "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parameters"]["phi"] == 0.3
    assert found["rate"] == "differences fall at least as 1/lambda"
    assert {r["quantity"] for r in found["rows"]} == {"bluff", "resist", "fight", "war"}
    assert file.read_text().startswith("<svg")
    assert main(["models", "powell-2004", "--set", "q=0.5"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "convergence: differences fall at least as ln(lambda)/lambda" in printed
    assert "about the difference: each offer stands" in printed
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
    assert drawn.startswith("<svg")
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
