"""``P(war)`` is the probability of any war in every output of a case with several kinds of war."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis.question import ALONE, chance_of, columns, mask_of
from detente.analysis.sweep import Job
from detente.cases import find, load, shipped
from detente.game.compile import compile_scenario


def several():
    """Yield the shipped cases with several kinds of war."""
    for name in shipped():
        compiled = compile_scenario(load(find(name)))
        kinds = [n for n in compiled.tree.outcome_names if n in compiled.tree.wars]
        if len(kinds) > 1:
            yield name, compiled, kinds


def test_one_definition_in_all_columns():
    from detente.analysis.offramps import parse_target
    from detente.claims.names import Names

    seen = 0
    for name, compiled, kinds in several():
        seen += 1
        tree = compiled.tree
        rng = np.random.default_rng(seen)
        p = rng.dirichlet(np.ones(len(tree.outcome_names)), 5)
        any_war = sum(p[:, tree.outcome_names.index(k)] for k in kinds)
        found = columns(tree.outcome_names, p, tree.wars)
        assert found["war"] == pytest.approx(any_war, abs=1e-12), name
        if "war" in kinds:
            assert found[ALONE].tolist() == p[:, tree.outcome_names.index("war")].tolist()
        # the sweep's table, the target of off-ramps, claims, and the mask of drivers and indices
        assert Job(compiled.scenario, 4, 0).probabilities(p).keys() == found.keys()
        target = parse_target("P(war) at most 0.1", tree.outcome_names, tree.wars)
        assert target.mask.tolist() == mask_of(tree.outcome_names, "war", tree.wars).tolist()
        assert {o.kind for o in Names.of_graph(compiled.graph).wars} >= set(kinds)
        parts = [x for k, x in found.items() if k != "war"]
        assert sum(parts) == pytest.approx(np.ones(5), abs=1e-12)
    assert seen, "some shipped case has several kinds of war"


def test_a_sweep_says_any_war_as_a_single_solution_does(tmp_path):
    """Each row solved alone: the column P(war) is the sum over its violent outcomes."""
    import pyarrow.parquet as pq

    from detente.analysis.precision import fixed
    from detente.analysis.sweep import sweep
    from detente.equilibrium import solve

    name, compiled, kinds = min(several(), key=lambda found: found[1].tree.n_nodes)
    done = sweep(name, tmp_path / "a.parquet", samples=2, lam=5.0)
    rows = pq.read_table(done.path).to_pydict()
    job = Job(fixed(compiled.scenario, 5.0), 2, done.about["seed"])
    mask = mask_of(compiled.tree.outcome_names, "war", compiled.tree.wars)
    for k in range(2):
        alone = solve(compiled.game(job.theta[k]), 5.0)
        assert rows["P(war)"][k] == pytest.approx(chance_of(alone, mask), abs=1e-6)
        assert rows["P(war)"][k] == pytest.approx(
            sum(rows[f"P({ALONE if x == 'war' else x})"][k] for x in kinds), abs=1e-12)
