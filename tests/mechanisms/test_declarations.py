"""A mechanism declares what others must know of it, and a misspelt path is an error."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, ClassVar, get_args

import pytest

import detente
from detente.analysis.offramps import parse_target
from detente.analysis.question import chance_of, mask_of, question_of
from detente.claims.names import Names
from detente.equilibrium import solve
from detente.errors import UnknownNumberError
from detente.game.compile import compile_scenario
from detente.game.explore import explore
from detente.identifiers import Outcome
from detente.mechanisms import forget, kinds, load, register
from detente.mechanisms.base import Mechanism
from detente.mechanisms.rules import Rules
from detente.scenario.schema import Scenario
from tests.conftest import make_crisis

WITH_OPTIONS = [kind for kind in kinds() if load(kind).optional]


def models(annotation: Any) -> list[Any]:
    """Return the classes that an annotation speaks of, with fields of their own."""
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [found for part in get_args(annotation) for found in models(part)]


def declared(model: Any, parts: list[str]) -> list[Any]:
    """Return the chains of fields that lead to a path; packages stand directly below ``offers``."""
    head, *rest = parts
    if head == "*":
        return declared(model, rest)
    fields = {(f.alias or name): f for name, f in model.model_fields.items()}
    if head not in fields and "packages" in fields:
        return [chain for inner in models(fields["packages"].annotation)
                for chain in declared(inner, parts)]
    if head not in fields:
        return []
    if not rest:
        return [[fields[head]]]
    return [[fields[head], *chain] for inner in models(fields[head].annotation)
            for chain in declared(inner, rest)]


@pytest.mark.parametrize("kind", WITH_OPTIONS)
def test_an_optional_number_exists_in_the_schema_and_may_be_left_out(kind):
    cls = load(kind)
    for path in cls.optional:
        chains = declared(getattr(cls, "Spec", Scenario), path.split("."))
        assert len(chains) == 1, path
        assert any(field.default is None for field in chains[0]), path


@pytest.mark.parametrize("kind", [kind for kind in kinds() if "Spec" in vars(load(kind))])
def test_every_number_that_an_entry_may_leave_out_is_declared(kind):
    cls = load(kind)
    for name, field in cls.Spec.model_fields.items():
        number = any(q in str(field.annotation) for q in ("Quantity", "ByActor"))
        if number and field.default is None and name not in cls.optional:
            # The vote asks which of its two numbers is given; it looks up that one alone.
            assert (kind, name) == ("ratification", "share_known")


def test_a_number_at_a_misspelt_path_is_an_error():
    rules = Rules(make_crisis())
    assert rules.num("war.win_chance").terms
    with pytest.raises(UnknownNumberError, match=r"did you mean 'war\.win_chance'"):
        rules.num("war.win_chanse")
    with pytest.raises(UnknownNumberError):
        rules.num("ladder.mobilisation.audience_costs", "aland")


def test_an_optional_number_that_is_left_out_has_its_neutral_value():
    rules = Rules(make_crisis(
        actors={"cland": {"role": "mediator"}},
        mechanisms=[{"mediator": {"actor": "cland", "proposes": 0.5}}],
    ))
    assert not rules.num("no_deal.cost", "aland")
    assert rules.num("mediator.attention").terms == {(): 1.0}
    with pytest.raises(UnknownNumberError):
        rules.num("mediator.atention")


def test_a_number_by_actor_is_zero_for_an_actor_left_out():
    rules = Rules(make_crisis(delay_cost={"aland": 0.02}))
    assert rules.num("delay_cost", "aland").terms
    assert not rules.num("delay_cost", "bland")


def test_a_private_quantity_that_no_mechanism_declares_is_an_error():
    rules = Rules(make_crisis())
    assert rules.known("aland", "war_cost").terms
    assert not rules.known("aland", "stake_weight")
    with pytest.raises(UnknownNumberError):
        rules.known("aland", "war_costs")


def test_a_mechanism_that_misspells_its_path_does_not_compile():
    class Misspelt(Mechanism):
        kind = "misspelt"

        def at_end(self, ending):
            return {"aland": self.rules.num("delay_costs", "aland")}

    rules = Rules(make_crisis())
    rules.mechanisms.append(Misspelt(rules, None, len(rules.mechanisms), "misspelt"))
    with pytest.raises(UnknownNumberError, match="delay_costs"):
        explore(rules)


def test_an_ending_declared_as_war_is_war_in_claims_and_in_the_answer():
    class Siege(Mechanism):
        kind = "siege"
        order = 96
        endings: ClassVar = {"siege": True}

        @classmethod
        def implied(cls, scenario):
            return True

        def outcome(self, ending):
            return "siege" if ending.outcome == "war" else None

    plain = Names.of_graph(explore(Rules(make_crisis())))
    register(Siege)
    try:
        with_siege = compile_scenario(make_crisis())
    finally:
        forget("siege")
    graph = with_siege.graph
    assert plain.wars == (Outcome("war"),)
    assert Names.of_graph(graph).wars == (Outcome("siege"),)
    # The report asks about the new ending: its probability is that of war without the mechanism.
    before, after = solve(compile_scenario(make_crisis()).tree, 40.0), solve(with_siege.tree, 40.0)
    assert question_of(after) == "war" == question_of(before)
    assert "war" not in after.outcomes()
    p = [chance_of(eq, mask_of(eq.game.outcome_names, "war", eq.game.wars))
         for eq in (before, after)]
    assert 0.0 < p[0] == pytest.approx(p[1], abs=1e-9)
    assert str(parse_target("0.1", after.game.outcome_names, after.game.wars)) == (
        "P(war) at most 0.1")
    # The new name leaves every payoff as it was.
    assert set(graph.pays) == set(explore(Rules(make_crisis())).pays)


def test_no_other_room_asks_for_a_kind_of_mechanism():
    """Only declarations are read elsewhere: nothing compares a `kind` with a mechanism's name."""
    package = Path(detente.__file__).parent
    files = [f for f in package.rglob("*.py")
             if f.relative_to(package).parts[0] not in ("mechanisms", "cases")]
    found = []
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Compare) and any(
                isinstance(part, ast.Constant) and part.value in kinds()
                for part in (node.left, *node.comparators)
            ):
                found.append((str(file.relative_to(package)), ast.unparse(node)))
    assert len(files) > 100
    assert not [x for x in found if ".kind" in x[1]], found
