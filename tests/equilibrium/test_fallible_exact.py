"""Fallible equilibria against closed forms and published or independently computed numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.equilibrium import solve
from detente.game import PublicTree, chance, decide, end, together, tree

EXACT = 1e-9
"""The references are printed to 12 decimals; the solver's own residual is below 1e-11."""


def move(game: PublicTree, *labels: str) -> int:
    """Return the node reached by a sequence of moves."""
    node = 0
    for label in labels:
        node = next(c for c in game.children(node) if game.move_names[game.move[c]] == label)
    return node


def entry_deterrence() -> PublicTree:
    return tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
        "out": end("out", entrant=0, incumbent=2),
        "in": decide("incumbent", {
            "fight": end("fought", entrant=-1, incumbent=-1),
            "acquiesce": end("shared", entrant=1, incumbent=1)})}))


@pytest.mark.parametrize("lam", [0.1, 0.5, 1, 2, 5, 40, 300])
def test_entry_deterrence_closed_form(lam: float) -> None:
    game = entry_deterrence()
    eq = solve(game, lam)
    fight = 1 / (1 + math.exp(2 * lam))
    enter = 1 / (1 + math.exp(-lam * (1 - 2 * fight)))
    assert eq.pi[move(game, "in", "fight"), 0] == pytest.approx(fight, rel=1e-9, abs=1e-12)
    assert eq.pi[move(game, "in"), 0] == pytest.approx(enter, abs=EXACT)
    assert eq.certificate.certified


def test_entry_deterrence_printed_figures() -> None:
    game = entry_deterrence()
    for lam, enter, fight in [
        (0.1, 0.502491679239311, 0.450166002687522), (0.5, 0.557509014107461, 0.268941421369995),
        (1, 0.681699742194526, 0.119202922022118), (2, 0.8730339992228, 0.0179862099620916),
    ]:
        eq = solve(game, lam)
        assert eq.pi[move(game, "in"), 0] == pytest.approx(enter, abs=EXACT)
        assert eq.pi[move(game, "in", "fight"), 0] == pytest.approx(fight, abs=EXACT)


CENTIPEDE = [(0.8, 0.2), (0.4, 1.6), (3.2, 0.8), (1.6, 6.4), (12.8, 3.2)]


def centipede(scale: float = 1.0) -> PublicTree:
    def stop(k: int):  # type: ignore[no-untyped-def]
        return end("stopped", one=scale * CENTIPEDE[k][0], two=scale * CENTIPEDE[k][1])

    node = stop(4)
    for k in range(3, -1, -1):
        node = decide("one" if k % 2 == 0 else "two", {"take": stop(k), "pass": node})
    return tree({"one": 1, "two": 1}, node)


@pytest.mark.parametrize(("lam", "take"), [
    (0.5, (0.296256574927, 0.277980285574, 0.464883649356, 0.832018385134)),
    (1, (0.23619296553, 0.376298744171, 0.761576823558, 0.960834277203)),
    (2, (0.372846306791, 0.758750803711, 0.959411794214, 0.99834119892)),
    (5, (0.851436104018, 0.981847186831, 0.999664647757, 0.999999887465)),
])
def test_centipede_published(lam: float, take: tuple[float, ...]) -> None:
    game = centipede()
    eq = solve(game, lam)
    got = [eq.pi[move(game, *["pass"] * k, "take"), 0] for k in range(4)]
    np.testing.assert_allclose(got, take, atol=EXACT)


def test_halved_payoffs_are_a_doubled_lambda() -> None:
    np.testing.assert_allclose(solve(centipede(0.5), 2.0).pi, solve(centipede(), 1.0).pi,
                               atol=EXACT)


def signalling(phi: float = 0.2, tough: float = 0.1, weak: float = -1.5, a: float = 0.5,
               k: float = 0.8) -> PublicTree:
    """Audience-cost signalling game with two types of challenger (Schultz's crisis game)."""
    return tree({"A": {"tough": phi, "weak": 1 - phi}, "B": 1}, decide("A", {
        "status quo": end("status quo", A=0, B=1),
        "challenge": decide("B", {
            "concede": end("concession", A=1, B=0),
            "resist": decide("A", {
                "fight": end("war", A={"tough": tough, "weak": weak}, B=-k),
                "back down": end("back down", A=-a, B=1)})})}))


@pytest.mark.parametrize(("lam", "resist", "tough", "weak", "fight"), [
    (0.5, 0.530491406536, 0.548237624519, 0.500497601058, 0.419869825329),
    (1, 0.589005362746, 0.585324224356, 0.489522538094, 0.355636043292),
    (2, 0.718421470491, 0.624169854779, 0.419082661597, 0.29537638157),
    (5, 0.795208635169, 0.787248770233, 0.270778609634, 0.404820801552),
    (10, 0.742348330403, 0.964697191538, 0.243136120871, 0.496766109659),
])
def test_crisis_signalling(lam: float, resist: float, tough: float, weak: float,
                           fight: float) -> None:
    game = signalling()
    eq = solve(game, lam)
    assert eq.q[move(game, "challenge", "resist")] == pytest.approx(resist, abs=EXACT)
    np.testing.assert_allclose(eq.pi[move(game, "challenge")], [tough, weak], atol=EXACT)
    assert eq.q[move(game, "challenge", "resist", "fight")] == pytest.approx(fight, abs=EXACT)


def test_crisis_signalling_limit() -> None:
    """The logit path ends at the sequential equilibrium: 2/3, 1, .2, 5/9."""
    game = signalling()
    eq = solve(game, 2000.0)
    assert eq.certificate.certified
    # Mixing equilibria are approached like 1 / lambda.
    assert eq.q[move(game, "challenge", "resist")] == pytest.approx(2 / 3, abs=3e-3)
    np.testing.assert_allclose(eq.pi[move(game, "challenge")], [1, 0.2], atol=3e-3)
    assert eq.q[move(game, "challenge", "resist", "fight")] == pytest.approx(5 / 9, abs=3e-3)


def poker() -> PublicTree:
    """Stripped-down poker: ante 1, bet 1 more; a king wins, a queen loses."""
    def shown(stake: float) -> object:
        return end("shown", one={"K": stake, "Q": -stake}, two=0)

    # The second player's payoff depends on the first's type: a zero-sum game is interdependent.
    # With private values the same choices arise by letting chance by type resolve the showdown.
    from detente.game import chance_by_type

    return tree({"one": {"K": 0.5, "Q": 0.5}, "two": 1}, decide("one", {
        "bet": decide("two", {
            "call": chance_by_type("one", {
                "wins": ({"K": 1, "Q": 0}, end("won", one=2, two=-2)),
                "loses": ({"K": 0, "Q": 1}, end("lost", one=-2, two=2))}),
            "fold": end("folded", one=1, two=-1)}),
        "pass": end("passed", one=-1, two=1)}))


@pytest.mark.parametrize(("lam", "king", "queen", "call"), [
    (1, 0.931785430088, 0.539086796141, 0.614444385853),
    (2, 0.995177813609, 0.502729476651, 0.66484699749),
    (5, 0.999998567383, 0.409019809555, 0.69120126061),
])
def test_stripped_down_poker(lam: float, king: float, queen: float, call: float) -> None:
    game = poker()
    eq = solve(game, lam)
    np.testing.assert_allclose(eq.pi[move(game, "bet")], [king, queen], atol=EXACT)
    assert eq.q[move(game, "bet", "call")] == pytest.approx(call, abs=EXACT)


def simultaneous(a: list[list[float]], b: list[list[float]]) -> PublicTree:
    ends = {(r, c): end(f"{r}{c}", row=a[i][j], col=b[i][j])
            for i, r in enumerate("UD") for j, c in enumerate("LR")}
    return tree({"row": 1, "col": 1}, together({"row": "UD", "col": "LR"}, ends))


@pytest.mark.parametrize(("lam", "up", "left"), [
    (1, 0.64297935896, 0.588319024425), (2, 0.772676607122, 0.6117434792),
    (3, 0.859536709589, 0.603815785962),
])
def test_constant_sum_game_of_gambit(lam: float, up: float, left: float) -> None:
    eq = solve(simultaneous([[1, 1], [0, 1]], [[1, 1], [2, 1]]), lam)
    row, col = eq.joint_pi[0]
    assert row[0, 0] == pytest.approx(up, abs=EXACT)
    assert col[0, 0] == pytest.approx(left, abs=EXACT)


def ochs() -> PublicTree:
    """Ochs's asymmetric matching pennies with the payoffs of Gambit's tutorial."""
    return simultaneous([[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]])


@pytest.mark.parametrize(("lam", "row", "col"), [
    (1, 0.586784036664, 0.45180703139), (2, 0.617521945926, 0.371981664218),
    (3, 0.616896850099, 0.314016361812),
])
def test_matching_pennies(lam: float, row: float, col: float) -> None:
    eq = solve(ochs(), lam)
    assert eq.joint_pi[0][0][0, 0] == pytest.approx(row, abs=EXACT)
    assert eq.joint_pi[0][1][0, 0] == pytest.approx(col, abs=EXACT)


def test_chance_and_reach() -> None:
    """A lottery before and after a choice: probabilities multiply along the path."""
    game = tree({"one": 1}, chance({
        "calm": (0.25, end("calm", one=0.0)),
        "storm": (0.75, decide("one", {"sail": end("sank", one=-1.0),
                                       "stay": end("stayed", one=0.0)}))}))
    eq = solve(game, 2.0)
    sail = 1 / (1 + math.exp(2))
    assert eq.outcomes()["sank"] == pytest.approx(0.75 * sail, abs=1e-15)
    assert eq.outcomes()["calm"] == 0.25
    np.testing.assert_allclose(eq.pi[move(game, "calm")], 0.25)
