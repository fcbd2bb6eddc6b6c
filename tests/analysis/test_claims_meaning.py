"""What claims mean, against closed forms, published figures and enumeration of every history."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from detente.analysis.claims.facts import facts, valued
from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.solved import World
from detente.analysis.claims.solving import Point
from detente.cases import loads
from detente.claims.check import check
from detente.claims.histories import Histories
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import Lab
from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.profiles import Profiles
from detente.game import decide, end, together, tree
from detente.game.compile import compile_scenario
from detente.identifiers import Outcome, Terms
from tests.analysis.crisis import SMALL
from tests.conftest import text_of
from tests.equilibrium.games import signalling
from tests.equilibrium.test_fallible_exact import entry_deterrence

SOLVED = 1e-8
"""Solvers leave residuals below 1e-9; values add a few of them."""
PRINTED = 1e-6


def of_game(game, eq):
    """Return a function from the text of a number to its value, and one for a condition."""
    world = World(Histories(game), Profiles.of(eq))
    names = Names.of_tree(game)

    def number(text):
        claim = check(parse(f"{text} > 0"), names)
        return Meaning(claim, lambda v: world).number(claim.terms[0]).ravel()

    def holds(text):
        return Meaning(check(parse(text), names), lambda v: world).truth().holds[0]

    return number, holds


@pytest.mark.parametrize("lam", [0.5, 2.0])
def test_terms_and_expected_share_in_closed_form(lam):
    """One side takes 0.6 or 0.4 of the stake, or fights: one logit choice of three moves."""
    settled, war = Outcome("settlement"), Outcome("war")
    game = tree({"aland": 1, "bland": 1}, decide("aland", {
        "offer 0.6": decide("bland", {"accept": end("x", aland=0.6, bland=0.4)}),
        "offer 0.4": end("y", aland=0.4, bland=0.6),
        "attack": end("war", aland=0.3)}))
    kinds = {"x": settled, "y": settled, "war": war}
    game = replace(  # every leaf has an outcome of its own, so terms have the outcomes' numbers
        game, terms=game.outcome, outcome_kinds=tuple(kinds[n] for n in game.outcome_names),
        term_kinds=tuple({"x": Terms(settled, "generous", 0.6), "y": Terms(settled, "", 0.4),
                          "war": Terms(war)}[n] for n in game.outcome_names))
    number, holds = of_game(game, solve(game, lam))
    w = [math.exp(lam * x) for x in (0.6, 0.4, 0.3)]
    both = w[0] + w[1]
    truth = {
        "P(settlement: generous)": w[0] / sum(w), "P(settlement: 0.4)": w[1] / sum(w),
        "P(settlement: 60% | settlement)": w[0] / both,
        "P(aland.'offer 0.6' then settlement: generous)": w[0] / sum(w),
        "P(war | not settlement: generous)": w[2] / (w[1] + w[2]),
        "share | settlement": (0.6 * w[0] + 0.4 * w[1]) / both,
        "share | (settlement or war)": (0.6 * w[0] + 0.4 * w[1]) / both,
        "(share | settlement: generous) - 0.6": 0.0,
    }
    for text, value in truth.items():
        assert number(text)[0] == pytest.approx(value, abs=SOLVED), text
    assert np.isnan(number("share | war")[0])  # a war divides nothing
    assert holds("share | settlement > 0.5") == float(truth["share | settlement"] > 0.5)


@pytest.mark.parametrize("lam", [0.5, 1.0, 5.0])
def test_entry_deterrence_in_closed_form(lam):
    game = entry_deterrence()
    number, holds = of_game(game, solve(game, lam))
    fight = 1 / (1 + math.exp(2 * lam))
    enter = 1 / (1 + math.exp(-lam * (1 - 2 * fight)))
    truth = {
        "P(entrant.in)": enter, "P(fought)": enter * fight, "P(fought | entrant.in)": fight,
        "P(entrant.in then incumbent.fight)": enter * fight,
        "P(not fought)": 1 - enter * fight, "P(fought or shared)": enter,
        "choice(incumbent, fight)": fight, "value(entrant, in)": 1 - 2 * fight,
        "best_other(entrant, in)": 0.0, "value(incumbent, fight)": -1.0,
        "value(incumbent | entrant.in)": 1 - 2 * fight, "value(entrant)": enter * (1 - 2 * fight),
        "value(incumbent | entrant.out)": 2.0,
    }
    for text, expected in truth.items():
        assert number(text)[0] == pytest.approx(expected, abs=SOLVED), text
    assert holds("value(incumbent, fight) > best_other(incumbent, fight)") == 0
    assert holds("value(entrant, in) > value(entrant, out)") == 1


# Crisis signalling (solver figures printed to 12 digits): P(resist), P(challenge | tough),
# P(challenge | weak), P(fight | resisted).
FIGURES = {1.0: (0.589005362746, 0.585324224356, 0.489522538094, 0.355636043292),
           10.0: (0.742348330403, 0.964697191538, 0.243136120871, 0.496766109659)}


@pytest.mark.parametrize("lam", FIGURES)
def test_signalling_against_its_figures(lam):
    game = signalling()
    number, holds = of_game(game, solve(game, lam))
    resist, tough, weak, fight = FIGURES[lam]
    challenge = 0.2 * tough + 0.8 * weak
    stands = {w: 1 / (1 + math.exp(-lam * (w + 0.5))) for w in (0.1, -1.5)}
    worth = {w: (1 - resist) + resist * (p * w - (1 - p) * 0.5) for w, p in stands.items()}
    by_type = number("value(A, challenge)")
    assert by_type == pytest.approx([worth[0.1], worth[-1.5]], abs=PRINTED)
    truth = {
        "P(A.challenge)": challenge, "P(B.resist | A.challenge)": resist,
        "P(war)": challenge * resist * fight, "P(war | B.resist)": fight,
        "belief(B, A tough | A.challenge)": 0.2 * tough / challenge,
        "belief(B, A.type tough after B.resist)": 0.2 * tough / challenge,
        "prior(B, A tough)": 0.2,
        # The decision to fight comes after resistance, a challenge's posterior weighs its types.
        "choice(A tough, fight)": stands[0.1], "choice(A weak, fight)": stands[-1.5],
        "value(A weak, challenge)": worth[-1.5],
        "value(B, resist)": -0.8 * fight + (1 - fight),
    }
    for text, expected in truth.items():
        assert number(text)[0] == pytest.approx(expected, abs=PRINTED), text
    # Both types must prefer it for the claim to hold; each alone may be named or asked for.
    better = "value(A, fight) > value(A, back down)"
    assert holds(better) == 0 and holds(f"for some type of A: {better}") == 1
    assert holds(f"for every type of A: {better}") == 0
    assert holds("value(A tough, fight) > value(A tough, back down)") == 1
    assert holds("belief(B, A tough) > prior(B, A tough) after A.challenge") == 1


def test_what_never_arises_is_neither_true_nor_false():
    """A move that no history has after the condition; a chance of nothing."""
    game = signalling()
    number, holds = of_game(game, solve(game, 1.0))
    assert np.isnan(holds("value(A, challenge) > 0 after A.challenge"))
    assert np.isnan(number("P(war | A.keep then B.resist)")[0])
    assert holds("value(A, challenge) > 0 after A.challenge and 1 < 2 or 3 < 4") == 1
    assert holds("value(A, challenge) > 0 after A.challenge and 2 < 1") == 0
    assert np.isnan(holds("not value(A, challenge) > 0 after A.challenge"))


def test_unlike_beliefs_start_from_the_observers_own_prior():
    """The target's posterior follows from its own prior and the analyst's likelihoods."""
    base = signalling()
    game = tree({"A": {"tough": 0.2, "weak": 0.8}, "B": 1}, decide("A", {
        "keep": end("status quo", A=0, B=1),
        "challenge": decide("B", {
            "concede": end("concession", A=1, B=0),
            "resist": end("war", A={"tough": 0.1, "weak": -1.5}, B=-0.8)})}),
        observer_prior={"B": {"A": [0.6, 0.4]}})
    assert base.observer_prior is None
    eq = solve(game, 1.0)
    number, _ = of_game(game, eq)
    go = eq.pi[2, :2]
    assert number("prior(B, A tough)")[0] == pytest.approx(0.6)
    assert number("belief(B, A tough | A.challenge)")[0] == pytest.approx(
        0.6 * go[0] / (0.6 * go[0] + 0.4 * go[1]), abs=SOLVED)


def test_simultaneous_moves():
    """Values of one's own choice at a joint node: the mean over what the other does."""
    game = together({"row": ["up", "down"], "column": ["left", "right"]}, {
        ("up", "left"): end("a", row=0.6, column=0.2), ("up", "right"): end("b", row=0.0, column=1),
        ("down", "left"): end("c", row=0.3, column=0.5),
        ("down", "right"): end("d", row=0.5, column=0.1)})
    game = tree({"row": 1, "column": 1}, game)
    eq = solve(game, 3.0)
    number, _ = of_game(game, eq)
    left = eq.q[1] + eq.q[3]
    up = 1 / (1 + math.exp(3.0 * ((0.3 * left + 0.5 * (1 - left)) - 0.6 * left)))
    assert number("value(row, up)")[0] == pytest.approx(0.6 * left, abs=SOLVED)
    assert number("best_other(row, up)")[0] == pytest.approx(0.3 * left + 0.5 * (1 - left))
    assert number("choice(row, up)")[0] == pytest.approx(up, abs=SOLVED)
    assert number("P(row.up)")[0] == pytest.approx(up, abs=SOLVED)


# Brute force ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small():
    compiled = compile_scenario(loads(text_of(SMALL)))
    return compiled, solve(compiled.tree, 10.0)


def walks(eq):
    """Yield every history of the game, with its probability for each profile of types."""
    game = eq.game
    a, b = game.prior

    def below(node, path, chance):
        if game.mover[node] == -1:
            yield node, path, chance
            return
        for c in game.children(node):
            mover = game.mover[node]
            p = eq.pi[c]
            by = p[: len(a), None] if mover == 0 else p[None, : len(b)] if mover == 1 else p[0]
            yield from below(c, [*path, c], chance * by)

    yield from below(0, [0], np.outer(a, b))


def label(game, node):
    return str(game.move_into(node))


def test_probabilities_and_beliefs_by_enumerating_every_history(small):
    compiled, eq = small
    game = eq.game
    point = Point(Lab(compiled), eq, compiled.centre)
    names = Names.of_graph(compiled.graph)
    histories = list(walks(eq))
    assert sum(chance.sum() for *_, chance in histories) == pytest.approx(1, abs=1e-12)

    def number(text):
        claim = check(parse(f"{text} > 0"), names)
        return Meaning(claim, point.world).number(claim.terms[0]).ravel()[0]

    def chance(wanted, given=lambda moves, ending: True):
        total = both = 0.0
        for leaf, path, p in histories:
            moves = [label(game, n) for n in path[1:]]
            ending = game.outcome_names[game.outcome[np.searchsorted(game.leaves, leaf)]]
            if given(moves, ending):
                total += p.sum()
                both += p.sum() * wanted(moves, ending)
        return both / total

    up = "aland: escalate to mobilisation"
    truth = {
        "P(war)": chance(lambda m, e: e == "war"),
        "P(aland.mobilisation)": chance(lambda m, e: up in m),
        "P(war | aland.mobilisation)": chance(lambda m, e: e == "war", lambda m, e: up in m),
        "P(aland.hold or bland.attack)": chance(
            lambda m, e: "aland: hold" in m or "bland: attack" in m),
        "P(aland.hold and bland.attack)": chance(
            lambda m, e: "aland: hold" in m and "bland: attack" in m),
        "P(aland.offer then bland.accept | not war)": chance(
            lambda m, e: "aland: offer 0.5" in m and "bland: accept" in m, lambda m, e: e != "war"),
        "P(bland.accept then aland.offer)": 0.0,
        "P(happens(slips into war) | aland.mobilisation)": chance(
            lambda m, e: "slips into war" in m, lambda m, e: up in m),
    }
    for text, expected in truth.items():
        assert number(text) == pytest.approx(expected, abs=1e-12), text

    high = hit = 0.0
    for _, path, p in histories:
        if up in [label(game, n) for n in path[1:]]:
            high, hit = high + p[1].sum(), hit + p.sum()
    assert number("belief(bland, aland.war_cost high | aland.mobilisation)") == pytest.approx(
        high / hit, abs=1e-12)


def test_values_by_enumerating_every_history(small):
    """bland's values at its first decision after aland has mobilised or made an offer, by type."""
    compiled, eq = small
    game = eq.game
    point = Point(Lab(compiled), eq, compiled.centre)
    names = Names.of_graph(compiled.graph)
    wanted = ("aland: escalate to mobilisation", "aland: offer 0.5")
    claim = check(parse(
        "value(bland, attack) > best_other(bland, attack) after (aland.escalate or aland.offer)"
    ), names)
    meaning = Meaning(claim, point.world)
    got = [meaning.number(x).ravel() for x in claim.terms]

    weight, attack, other = np.zeros(3), np.zeros(3), np.zeros(3)
    for node in range(game.n_nodes):
        path = game.story(node)
        if game.mover[node] != 1 or not set(wanted) & set(path):
            continue
        reached = np.outer(*game.prior)
        up = node
        while up:
            mover = game.mover[game.parent[up]]
            p = eq.pi[up]
            reached = reached * (p[:2, None] if mover == 0 else p[None, :3] if mover == 1 else p[0])
            up = game.parent[up]
        moves = {label(game, c): c for c in game.children(node)}
        for t in range(3):
            w = reached[:, t].sum()
            weight[t] += w
            attack[t] += w * eq.value[1][moves["bland: attack"], t]
            other[t] += w * max(eq.value[1][c, t] for m, c in moves.items() if m != "bland: attack")
    assert got[0] == pytest.approx(attack / weight, abs=1e-12)
    assert got[1] == pytest.approx(other / weight, abs=1e-12)

    fact = valued(claim.terms[0], "value", meaning, point.world(()))
    assert fact.pooled == pytest.approx(attack.sum() / weight.sum(), abs=1e-12)
    assert fact.condition * fact.arises == pytest.approx(weight.sum(), abs=1e-12)
    assert fact.least - 1e-12 <= fact.pooled <= fact.greatest + 1e-12
    assert [x for _, x, _ in fact.types] == pytest.approx(list(attack / weight), abs=1e-12)


def test_the_deliberate_reading_and_rare_conditions(small):
    compiled, eq = small
    names, lab = Names.of_graph(compiled.graph), Lab(compiled)
    careful = Point(lab, solve_deliberate(compiled.tree, eq), compiled.centre,
                    start=Point(lab, eq, compiled.centre))
    text = "P(war, without: offers) > P(war | aland.yield then bland.attack)"
    claim = check(parse(text), names)
    assert np.isnan(Meaning(claim, careful.world).truth().holds[0])
    known = facts(claim, text, careful)
    assert [f.condition for f in known] == [1.0, 0.0]
