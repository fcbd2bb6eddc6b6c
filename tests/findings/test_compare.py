"""Comparisons: nothing differs from itself, and variants equal the files they stand for."""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.errors import InputError
from detente.findings.compare import compare
from tests.conftest import make_crisis, merged, text_of
from tests.findings.crisis import SMALL

MEDIATED = {
    "actors": {"union": {"role": "mediator"}},
    "turns": {"each": 1},
    "mechanisms": [{"mediator": {"actor": "union", "proposes": 0.5, "attention": "0.3 to 0.9"}}],
    "war": {"win_chance": "0.5 to 0.6"},
}
FEW = {"samples": 16, "seed": 3, "lam": 10.0}


def test_a_case_does_not_differ_from_itself():
    found = compare([make_crisis(**MEDIATED), make_crisis(**MEDIATED)], **FEW)
    assert [s.name for s in found.sides] == ["plain", "plain (2)"] and found.certified
    for row in found.rows():
        assert all(row[k] == 0.0 for k in row if k.startswith("difference")), row
    for row in found.drivers():
        one, two = row["points"].values()
        assert one == two


def test_variants_equal_the_files_they_stand_for():
    variants = {"alone": {"title": "no mediator", "without": ["mediator"]},
                "even": {"set": {"war.win_chance": 0.5}}}
    found = compare([make_crisis(**MEDIATED, variants=variants)], **FEW)
    assert [s.name for s in found.sides] == ["as it is", "no mediator", "even"]
    alone = {k: v for k, v in MEDIATED.items() if k != "mechanisms"}
    even = merged(MEDIATED, {"war": {"win_chance": 0.5}})
    files = compare([make_crisis(**x) for x in (MEDIATED, alone, even)], **FEW)
    for one, two in zip(found.sides, files.sides, strict=True):
        assert one.fallible.outcomes() == two.fallible.outcomes()
        assert one.deliberate.outcomes() == two.deliberate.outcomes()
        assert (one.batch.outcomes == two.batch.outcomes).all()
        assert one.slopes == two.slopes
    assert found.sides[0].batch.outcomes.shape[0] == 16
    assert any(abs(r["difference_fallible"]) > 1e-4 for r in found.rows())


def test_what_is_shared_is_drawn_alike():
    """The second case adds a range and narrows another: ranks of shared numbers are the same."""
    from detente.findings.compare import _common
    from detente.game.compile import compile_scenario

    one = compile_scenario(make_crisis(war={"win_chance": "0.4 to 0.6"}, delay_cost="0 to 0.1"))
    two = compile_scenario(make_crisis(
        war={"win_chance": "0.5 to 0.6"}, stake={"status_quo": "0.3 to 0.5"}))
    a, b = _common([one, two], 64, 0)
    rank = (a[:, one.paths.index("war.win_chance")] - 0.4) / 0.2
    other = (b[:, two.paths.index("war.win_chance")] - 0.5) / 0.1
    assert np.allclose(rank, other, atol=1e-12) and rank.std() > 0.2


def test_common_draws_narrow_the_difference():
    """Differences of shared draws vary less than differences of draws of their own."""
    found = compare([make_crisis(**MEDIATED), make_crisis(**merged(
        MEDIATED, {"delay_cost": 0.03}))], samples=64, seed=3, lam=10.0)
    one, two = (s.samples_of("war") for s in found.sides)
    assert (one - two).std() < 0.5 * (one - two[::-1]).std()


def test_one_case_without_variants():
    with pytest.raises(InputError, match="nothing to compare"):
        compare([make_crisis()])


def test_command(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(text_of(merged(SMALL, {
        "variants": {"costly": {"set": {"delay_cost": 0.1}}}})))
    app = application(command_modules("compare"))
    done = CliRunner().invoke(
        app, ["compare", "s.yaml", "--samples", "8", "--json", "--out", "c.html"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["cases"] == ["as it is", "costly"] and told["certified"]
    assert (tmp_path / "c.html").read_text().startswith("<!")
    done = CliRunner().invoke(app, ["compare", "s.yaml", "--samples", "8"])
    assert done.exit_code == 0 and "Differences from as it is" in done.output
