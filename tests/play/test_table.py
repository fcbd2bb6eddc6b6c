"""The table: turns, chance by a seed, take-back, the facilitator, and the sealed log."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import chisquare

from detente.errors import InputError
from detente.game import JOINT, together
from detente.game.build import decide, end, tree
from detente.play.board import Board
from detente.play.log import Log
from detente.play.record import read_log, seal
from detente.play.seats import machine, person
from detente.play.table import Table
from tests.play.games import NINE, QUICK, interdependent, small


@pytest.fixture(scope="module")
def cuba() -> Board:
    return Board.of_case("cuba-1962")


def through(table: Table, rng: np.random.Generator) -> Table:
    """Play a game to its end with random moves of the persons."""
    while not table.over:
        actor = table.waiting[0]
        table.act(actor, int(rng.integers(len(table.legal(actor)))))
    return table


@pytest.mark.parametrize("case", NINE)
def test_every_shipped_case_can_be_played_from_every_seat(case) -> None:
    board = Board.of_case(case)
    movers = {board.tree.players[m] for m in board.tree.mover[board.tree.mover >= 0]} | {
        board.tree.players[i] for j in board.tree.joints.values() for i in j.players}
    seen = set()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        table = through(Table(board, dict.fromkeys(board.tree.players, person()), seed=seed), rng)
        seen |= {name for step in table.steps for name in step.by if name}
        leaf = board.tree.leaves.searchsorted(table.node)
        for i, name in enumerate(board.tree.players):
            assert table.payoff(name) == board.tree.payoff[i][leaf, table.types[name]]
    assert set(board.principals) <= seen <= movers


@pytest.mark.parametrize("make", [small, interdependent])
def test_trees_built_by_hand_can_be_played(make) -> None:
    board = Board(make(1), lam=1.0)
    for seed in range(10):
        table = through(Table(board, {"a": person()}, seed=seed), np.random.default_rng(seed))
        assert table.over and np.isfinite(table.payoff("a"))


def test_the_same_seed_gives_the_same_game(cuba) -> None:
    games = [Table(cuba, {}, seed=s) for s in (7, 7, *range(8, 20))]
    assert games[0].steps == games[1].steps and games[0].types == games[1].types
    assert len({(g.node, tuple(g.types.values())) for g in games[1:]}) > 5


def test_machines_move_as_often_as_the_equilibrium_says(cuba) -> None:
    """Chi-square over the first mover's menu, per type; also over chance and over the types."""
    tree_, kids = cuba.tree, cuba.tree.children(0)
    counts = np.zeros((tree_.n_types[0], len(kids)))
    slips = np.zeros(2)
    games = [Table(cuba, {}, seed=s) for s in range(1500)]
    for table in games:
        first = table.steps[0].child
        counts[table.types["united_states"], first - kids.start] += 1
        if len(table.steps) > 1 and table.steps[0].child == kids.start:  # hold: the risk is drawn
            after = tree_.children(first)
            slips[table.steps[1].child - after.start] += 1
    drawn = counts.sum(axis=1)
    assert chisquare(drawn, drawn.sum() * tree_.prior[0]).pvalue > 1e-3
    for t in range(tree_.n_types[0]):
        expected = drawn[t] * cuba.fallible.pi[kids.start:kids.stop, t]
        often = expected >= 5
        seen = np.append(counts[t, often], counts[t, ~often].sum())
        want = np.append(expected[often], expected[~often].sum())
        keep = want > 0
        assert chisquare(seen[keep], want[keep]).pvalue > 1e-3
    after = tree_.children(kids.start)
    assert chisquare(slips, slips.sum() * tree_.weight[after.start:after.stop]).pvalue > 1e-3


def test_a_deliberate_machine_moves_as_its_equilibrium_says(cuba) -> None:
    kids = cuba.tree.children(0)
    counts = np.zeros(len(kids))
    for seed in range(400):
        table = Table(cuba, {"united_states": machine("deliberate")}, seed=seed,
                      types={"united_states": 0})
        counts[table.steps[0].child - kids.start] += 1
    expected = 400 * cuba.deliberate.pi[kids.start:kids.stop, 0]
    often = expected >= 5
    seen = np.append(counts[often], counts[~often].sum())
    want = np.append(expected[often], expected[~often].sum())
    assert chisquare(seen, want).pvalue > 1e-3


def test_take_back_restores_the_same_state(cuba) -> None:
    """Back and forth leads to the same place, with the same answers of chance and machines."""
    table = Table(cuba, {"united_states": person()}, seed=11)
    before = (table.node, list(table.steps), table.view("united_states"))
    table.act("united_states", "hold")
    after = (table.node, list(table.steps))
    assert after != before[:2]
    table.take_back()
    assert (table.node, list(table.steps), table.view("united_states")) == before
    table.act("united_states", "hold")
    assert (table.node, list(table.steps)) == after
    table.take_back()
    table.act("united_states", "offer open trade")
    table.take_back()
    assert table.node == before[0]
    with pytest.raises(InputError, match="no move"):
        table.take_back()
    table.act("united_states", "hold")
    table.close()
    assert [(n, c) for n, c, _ in table.log.record(cuba).path] == [
        (s.node, s.child) for s in table.steps]


def test_a_bluffer_keeps_its_intention_after_a_take_back(cuba) -> None:
    for seed in range(12):
        table = Table(cuba, {"united_states": person(), "soviet_union": machine("bluffer")},
                      seed=seed)
        table.act("united_states", "hold")
        after = table.node
        table.take_back()
        table.act("united_states", "hold")
        assert table.node == after


def test_the_facilitator_can_put_moves_and_results(cuba) -> None:
    table = Table(cuba, {"united_states": person()}, seed=2, paused=True)
    table.act("united_states", "hold")
    assert cuba.tree.move_into(table.node).deed() == "hold"  # chance has not been drawn
    table.put("no accident")
    assert table.movers == ("soviet_union",) and table.waiting == ()
    table.put("yield", "soviet_union")
    assert table.over and str(table.outcome) == "soviet_union concedes"
    assert [dict(s.by) for s in table.steps] == [
        {"united_states": "person"}, {"": "facilitator"}, {"soviet_union": "facilitator"}]
    table.take_back()
    assert table.movers == ("soviet_union",)
    table.resume()
    assert table.waiting == ("united_states",) or table.over


def test_simultaneous_choices_are_hidden_until_all_are_made() -> None:
    board = Board.of_case("order-2020")
    table = Table(board, dict.fromkeys(board.tree.players, person()), seed=4)
    assert int(board.tree.mover[table.node]) == JOINT
    events = len(table.log.events)
    table.act("west_bloc", "closed")
    assert len(table.log.events) == events and table.waiting == ("east_bloc",)
    assert table.legal("west_bloc") == ()
    table.take_back()  # withdraws the choice
    assert table.waiting == ("west_bloc", "east_bloc")
    table.act("east_bloc", "open")
    table.act("west_bloc", "closed")
    step = next(e for e in table.log.events if e["event"] == "move")
    assert step["acts"] == {"west_bloc": "closed", "east_bloc": "open"}


def test_a_view_shows_no_other_type(cuba) -> None:
    table = Table(cuba, {"united_states": person()}, seed=1)
    view = table.view("united_states", beliefs=True)
    assert view.type == cuba.tree.types[0][table.types["united_states"]]
    assert list(view.beliefs) == ["soviet_union"]
    assert view.beliefs["soviet_union"].tolist() == cuba.tree.prior[1].tolist()
    other = Table(cuba, {"united_states": person()}, seed=1, types={"soviet_union": 0}).view(
        "united_states")
    same = Table(cuba, {"united_states": person()}, seed=1, types={"soviet_union": 1}).view(
        "united_states")
    assert repr(other) == repr(same)


def test_a_sealed_type_is_not_in_the_log_and_matches_at_the_end(tmp_path, cuba) -> None:
    """Two games with different types have the same log but for the seals, which are random."""
    texts = []
    for k, given in enumerate((0, 1)):
        log = tmp_path / f"{k}.jsonl"
        table = Table(cuba, {"united_states": person()}, seed=1, log=Log(log),
                      types={"soviet_union": given})
        texts.append(log.read_text())
        head = json.loads(texts[-1])
        sealed = head["sealed"]
        assert head["file_sha256"] == cuba.sha256 and "seed" not in head
        assert read_log(log, cuba.tree).types is None
        # Without the salt no guess of the type, the seed or both gives the seal.
        guesses = {seal(salt, n) for salt in ("", "0", head["file_sha256"]) for n in range(100)}
        assert not guesses & {sealed["seed"], *sealed["types"].values()}
        head["sealed"] = None
        texts[-1] = json.dumps(head)
        table.close()
        found = read_log(log, cuba.tree)
        assert found.types == table.types and found.seed == 1
    assert texts[0] == texts[1]


def test_a_changed_log_is_refused(tmp_path, cuba) -> None:
    log = tmp_path / "game.jsonl"
    table = Table(cuba, {}, seed=3, log=Log(log))
    table.close()
    lines = log.read_text().splitlines()
    wrong = json.loads(lines[-1])
    wrong["types"]["soviet_union"]["type"] = 1 - wrong["types"]["soviet_union"]["type"]
    (tmp_path / "types.jsonl").write_text("\n".join([*lines[:-1], json.dumps(wrong)]))
    with pytest.raises(InputError, match="sealed"):
        read_log(tmp_path / "types.jsonl", cuba.tree)
    (tmp_path / "step.jsonl").write_text("\n".join([lines[0], *lines[2:]]))
    with pytest.raises(InputError, match="step does not exist"):
        read_log(tmp_path / "step.jsonl", cuba.tree)
    (tmp_path / "text.jsonl").write_text("hello")
    with pytest.raises(InputError, match="not JSON"):
        read_log(tmp_path / "text.jsonl", cuba.tree)


def test_a_log_names_the_events_of_its_path(cuba) -> None:
    """Entered by their labels, the events lead to the same node."""
    from detente.game.place import children_named

    for seed in range(10):
        table = Table(cuba, {}, seed=seed)
        table.close()
        node = 0
        for event in table.log.record(cuba).as_events(cuba)["events"]:
            label = event.get("move", event.get("chance"))
            (node,) = children_named(cuba.tree, node, label, event.get("actor", ""))
        assert node == table.node


@pytest.mark.parametrize(("actor", "move", "match"), [
    ("soviet_union", "hold", "a machine plays"), ("united_states", 99, "there is no move 100"),
    ("united_states", "surrender", "no move here is called"), ("cuba", "hold", "no player"),
])
def test_wrong_moves_are_refused_with_what_is_allowed(cuba, actor, move, match) -> None:
    table = Table(cuba, {"united_states": person()}, seed=1)
    node = table.node
    with pytest.raises(InputError, match=match):
        table.act(actor, move)
    assert table.node == node


def test_a_simultaneous_node_with_a_machine_needs_only_the_person() -> None:
    game = tree({"a": 1, "b": 1}, decide("a", {"go": together(
        {"a": "xy", "b": "xy"}, {(p, q): end(p + q) for p in "xy" for q in "xy"})}))
    table = Table(Board(game), {"a": person()}, seed=0)
    table.act("a", "go")
    table.act("a", "y")
    assert table.over and str(table.outcome) in ("yx", "yy")


def test_a_briefing_says_that_the_public_cost_of_war_comes_on_top(tmp_path) -> None:
    """The payoff of war is win chance minus both costs, so the two figures must not look rival."""
    from detente.play.briefing import briefing
    from tests.play.test_export import HOSTILE

    file = tmp_path / "crisis.yaml"
    file.write_text(HOSTILE)
    board = Board.of_case(file, lam=5)

    def fears(actor: str) -> str:
        return " ".join(dict(briefing(board, actor, 0).sections)["Your costs and risks"])

    assert "War: cost: 0.2, besides your private war cost" in fears("class_")
    assert "War: cost: 0.2." in fears("lambda_")
    war = board.tree.outcome == [str(o) for o in board.tree.outcome_kinds].index("war")
    costs = [board.tree.payoff[1][war, t].max() for t in (0, 1)]
    assert costs[0] - costs[1] == pytest.approx(0.3)  # 0.4 - 0.1, added to the public 0.2


def test_a_type_that_is_given_by_the_actors_title_is_not_logged_as_drawn() -> None:
    table = Table(Board.of_case("cuba-1962"), {}, seed=1, types={"United States": 1})
    assert table.types["united_states"] == 1
    assert table.log.events[0]["drawn"] == ["soviet_union"]


@pytest.mark.parametrize("case", QUICK)
def test_any_game_is_followed_to_its_own_end(case) -> None:
    """Also with third parties, chance and simultaneous moves. Nothing is solved."""
    from detente.follow.entry import trail
    from detente.follow.file import loads_events
    from tests.conftest import text_of

    board = Board.of_case(case)
    for seed in range(8):
        table = Table(board, {p: machine("random") for p in board.tree.players}, seed=seed)
        made = table.log.record(board).as_events(board)
        events = loads_events(text_of(made), board.scenario).file.events
        place = trail(board.tree, [e.step for e in events], board.principals, board.titles
                      ).places[-1]
        assert place.nodes.tolist() == [table.node] and table.over


def test_a_plain_share_that_was_offered_says_for_whom_it_is() -> None:
    """The line said only “0.75”, and a French player could not tell whose share that is."""
    from detente.play.state import standing

    board = Board.of_case("fashoda-1898")
    table = Table(board, {p: person() for p in board.principals}, seed=1)
    table.act("britain", "offer 0.75")
    assert standing(board, table.node) == "Britain has offered 0.75 of the stake for Britain."
