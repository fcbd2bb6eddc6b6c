"""General games against other programs: Gambit's branch tracing, OpenSpiel's NashConv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.equilibrium.certificates.extensive import certify_extensive, extensive_nash_conv
from detente.equilibrium.general.solve import solve_extensive
from detente.errors import InputError
from detente.game.build import chance_by_type, decide, end, tree
from detente.game.efg import parse_efg, read_efg
from detente.game.efg_write import format_efg
from detente.game.extensive import ExtensiveGame
from detente.game.spelt import to_extensive

pytestmark = pytest.mark.peers

FILES = Path(__file__).parents[1] / "data" / "efg"
PRECISIONS = (0.5, 1.0, 2.0, 5.0, 10.0)
# Shohamleytonbrown's coordination games split by symmetry: there the branch taken is a convention.
FAST = {"books/myerson1991/fig2_1", "books/shohamleytonbrown2008/fig5_10",
        "books/watson2013/fig29_1", "conf/itcs/jakobsen2016/fig1c", "journals/ijgt/selten1975/fig1",
        "journals/mor/vonstengelforges2008/fig9"}


def gambit() -> Any:
    return pytest.importorskip("pygambit", reason="pygambit is not installed")


def catalogue() -> list[str]:
    """Names of the trees that ship with pygambit."""
    try:
        from pygambit import catalog
    except ImportError:
        return ["none"]
    return sorted(catalog.games()["Game"])


def catalogue_text(name: str) -> str:
    from importlib.resources import files

    place = files("pygambit") / "catalog_data" / f"{name}.efg"
    if not place.is_file():
        pytest.skip(f"{name} is not a tree")
    return place.read_text(encoding="utf-8")


def gambits_point(game: ExtensiveGame, text: str, lam: float) -> np.ndarray:
    """Gambit's equilibrium as probabilities of our moves (its sets are player by player)."""
    from io import BytesIO

    g = gambit()
    found = g.qre.logit_solve_lambda(g.read_efg(BytesIO(text.encode())), lam)[0]
    prob, k = game.chance.copy(), 0
    for i in range(game.n_players):
        for h in game.player_sets(i):
            for a in range(int(game.set_first[h]), int(game.set_first[h + 1])):
                prob[a] = float(found[k])
                k += 1
    assert k == len(found)
    return prob


@pytest.mark.parametrize(
    "name", [n if n in FAST else pytest.param(n, marks=pytest.mark.slow) for n in catalogue()]
)
def test_agrees_with_gambit_on_its_catalogue(name: str) -> None:
    g = gambit()
    text = catalogue_text(name)
    from io import BytesIO

    theirs = g.read_efg(BytesIO(text.encode()))
    if not theirs.is_perfect_recall:
        with pytest.raises(InputError, match="perfect recall"):
            parse_efg(text)
        return
    game = parse_efg(text)
    own = game.set_player[game.set_of_move] >= 0
    for lam in PRECISIONS:
        solved = solve_extensive(game, lam)
        assert solved.certificate.certified
        prob = gambits_point(game, text, lam)
        with np.errstate(divide="ignore"):
            passes = certify_extensive(game, np.log(np.where(own, prob, 1.0)), lam).certified
        if passes:
            assert solved.prob == pytest.approx(prob, abs=1e-6), (name, lam)


@pytest.mark.parametrize("name", ["crisis", "poker", "centipede", "entry", "everything"])
def test_gambit_reads_what_is_written(name: str) -> None:
    from io import BytesIO

    g = gambit()
    game = read_efg(FILES / f"{name}.efg")
    theirs = g.read_efg(BytesIO(format_efg(game).encode()))
    assert len(theirs.infosets) == game.n_information_sets
    expected = solve_extensive(game, 0.0).value[0]
    uniform = theirs.mixed_behavior_profile()
    assert [float(uniform.payoff(p)) for p in theirs.players] == pytest.approx(expected, abs=1e-12)


# --- OpenSpiel -----------------------------------------------------------------------------------


def small_public_game() -> ExtensiveGame:
    return to_extensive(tree(
        {"A": {"tough": 0.25, "weak": 0.75}, "B": {"x": 0.5, "y": 0.5}},
        decide("A", {
            "stay": end("peace", A=0.25, B=-0.25),
            "go": chance_by_type("B", {
                "early": ({"x": 0.75, "y": 0.25}, decide("B", {
                    "yield": end("won", A=1, B=-1),
                    "fight": end("war", A={"tough": 0.5, "weak": -1.5}, B={"x": 0.25, "y": -2})})),
                "late": ({"x": 0.25, "y": 0.75}, decide("B", {
                    "talk": end("deal", A=0.5, B=0.5),
                    "shun": decide("A", {"push": end("push", A=-1, B={"x": -2, "y": 1}),
                                         "drop": end("drop", A=-0.5, B=0.75)})})),
            }),
        }),
    ), "shared with OpenSpiel")


@pytest.mark.parametrize("name", ["crisis", "poker", "centipede", "entry", "spelt out"])
def test_nash_conv_agrees_with_open_spiel(name: str) -> None:
    pyspiel = pytest.importorskip("pyspiel", reason="open_spiel is not installed: no NashConv peer")
    exploitability = pytest.importorskip("open_spiel.python.algorithms.exploitability")
    policy = pytest.importorskip("open_spiel.python.policy")

    game = small_public_game() if name == "spelt out" else read_efg(FILES / f"{name}.efg")
    theirs = pyspiel.load_efg_game(format_efg(game))
    rng = np.random.default_rng(7)
    mixes = [rng.dirichlet(np.ones(k)) for k in np.diff(game.set_first)]
    for prob in (np.concatenate(mixes), solve_extensive(game, 3.0).prob):
        table = policy.TabularPolicy(theirs)
        # Traverse both trees together; OpenSpiel orders a node's moves by name, not by the file.
        todo = [(theirs.new_initial_state(), 0)]
        while todo:
            state, node = todo.pop()
            if state.is_terminal():
                assert state.returns() == pytest.approx(game.path_payoff[node])
                continue
            children = game.child[game.child_start[node] : game.child_start[node + 1]]
            labels = [game.move_label[game.move[c]] for c in children]
            for action in state.legal_actions():
                said = state.action_to_string(action)
                child = int(children[labels.index(said)])
                todo.append((state.child(action), child))
                if not state.is_chance_node():
                    table.policy_for_key(state.information_state_string())[action] = prob[
                        game.move[child]
                    ]
        expected = exploitability.nash_conv(theirs, table, use_cpp_br=False)
        assert extensive_nash_conv(game, prob) == pytest.approx(expected, abs=1e-10)
