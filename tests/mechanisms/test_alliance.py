"""Allies that decide: closed forms, the order of joining, and the directions of the literature."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis.slopes import slopes
from detente.equilibrium import gradients, solve
from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.game.pullback import pull_back
from detente.mechanisms.alliance import Alliance
from detente.scenario.habits import EVEN
from tests.mechanisms.tools import Solved, make_crisis, rises

PLEDGE, RESTRAIN = "cland: pledge support to bland", "cland: restrain bland"
JOIN = "cland: join bland"
BARE = {"ladder": ["talks", "war"], "offers": None, "delay_cost": 0.01}


def actor(sides_with: str = "bland", weight: float = 0.5, **more):
    return {"role": "third party", "sides_with": sides_with, "stake_weight": weight, **more}


def ally(name: str = "cland", joins: str = "bland", **spec):
    return {"alliance": {"id": name, "actor": name, "joins": joins, "shift": 0.3, "cost": 0.15,
                         **spec}}


def tiny(*entries, actors=None, **changes):
    """One turn each and nothing private: every decision is a logit of known payoffs."""
    known = {"private": {"war_cost": None}}
    return make_crisis(**{
        "actors": {"aland": known, "bland": known, "cland": actor(), **(actors or {})},
        "war": {"cost": 0.2, "win_chance": 0.6}, "turns": {"each": 1}, **BARE,
        "mechanisms": list(entries), **changes,
    })


# closed forms -----------------------------------------------------------------------------------


def logit(values, lam):
    p = np.exp(lam * (np.array(values) - max(values)))
    return p / p.sum()


@pytest.mark.parametrize("lam", [3.0, 12.0])
@pytest.mark.parametrize("pledge", [0.0, 0.1, 0.4])
def test_an_ally_that_pledges_by_backward_induction(lam, pledge):
    """The whole tree by hand: pledge or not, three moves of the principals, join or not."""
    share, cost, shift, weight, quo, delay, price = 0.6, 0.2, 0.3, 0.5, 0.4, 0.01, 0.15

    def war(pledged):
        """Payoffs of aland, bland and cland when war has come, and the chance that cland joins."""
        inside, outside = share - shift, share
        owed = pledge if pledged else 0.0
        p = logit([weight * (1 - inside) - price, weight * (1 - outside) - owed], lam)[0]
        value = p * np.array([inside - cost, 1 - inside - cost, weight * (1 - inside) - price])
        return value + (1 - p) * np.array(
            [outside - cost, 1 - outside - cost, weight * (1 - outside) - owed]), p

    def best(values, who):
        p = logit([v[who] for v in values], lam)
        return p @ np.array(values), p

    def ends(x):
        return np.array([x, 1 - x, weight * (1 - x)])

    def after(pledged):
        fought, joins = war(pledged)
        last, p_last = best([ends(quo), ends(0.0), fought], 0)
        waited = last - np.array([0, delay, 0])
        middle, p_middle = best([waited, ends(1.0), fought], 1)
        first, p_first = best([middle - np.array([delay, 0, 0]), ends(0.0), fought], 0)
        p_war = p_first[2] + p_first[0] * (p_middle[2] + p_middle[0] * p_last[2])
        return first, p_war, joins

    options = [after(True), after(False)]
    chosen = logit([o[0][2] for o in options], lam)
    eq = solve(compile_scenario(tiny(ally(pledges_at=[1], pledge=pledge))).tree, lam)
    found = Solved(eq)
    # solved to a residual of 1e-8 in probabilities
    assert found.event(PLEDGE) == pytest.approx(chosen[0], abs=1e-7)
    for words, p, (_, p_war, joins) in zip((PLEDGE, "cland: stand aside"), chosen, options,
                                           strict=True):
        assert found.event(words, JOIN) == pytest.approx(p * p_war * joins, abs=1e-7)
        assert found.given((words,), "war", "wider war") == pytest.approx(p_war, abs=1e-7)


def test_payoffs_of_every_end_by_hand():
    """Each term of the docstring, at the leaf that names it."""
    game = compile_scenario(tiny(ally(
        commitment=0.01, pledges_at=[1], pledge=0.02, restrains_at=[1], restraint=0.04,
        mobilises_at=[1], mobilise_cost=0.08, readiness=0.05))).tree
    cland = game.players.index("cland")

    def pays(*moves):
        found = [z for z, n in enumerate(game.leaves) if game.story(int(n)) == list(moves)]
        assert len(found) == 1, moves
        return float(game.payoff[cland][found[0]][0])

    own, theirs = ("aland: hold", "bland: attack"), ("aland: attack",)
    out = "cland: stay out"
    with_it, alone, ready = 0.5 * 0.7, 0.5 * 0.4, 0.5 * 0.75
    for stance, war, joins, expected in [
        ("cland: stand aside", own, JOIN, with_it - 0.15),
        ("cland: stand aside", own, out, alone - 0.01),
        (PLEDGE, theirs, out, alone - 0.01 - 0.02),
        (PLEDGE, own, out, alone - 0.01 - 0.02),
        (PLEDGE, own, JOIN, with_it - 0.15),
        (RESTRAIN, own, JOIN, with_it - 0.15 - 0.04),
        (RESTRAIN, own, out, alone),
        (RESTRAIN, theirs, JOIN, with_it - 0.15),
        (RESTRAIN, theirs, out, alone - 0.01),
        ("cland: mobilise", theirs, JOIN, ready - 0.15 - 0.08),
        ("cland: mobilise", theirs, out, alone - 0.01 - 0.08),
    ]:
        assert pays(stance, *war, joins) == pytest.approx(expected, abs=1e-12), (stance, war)


def test_a_restraint_after_a_pledge_breaks_it_and_a_decline_is_spared_by_a_war_with_the_rival():
    dland = {"dland": actor("aland")}
    game = compile_scenario(tiny(
        ally(pledges_at=[1], pledge=0.1, restrains_at=[1, 2]),
        ally("dland", "aland", decline=0.2, rival="cland"), actors=dland,
        turns={"each": 2})).tree
    cland, dland = game.players.index("cland"), game.players.index("dland")
    paid = {}
    for z, n in enumerate(game.leaves):
        story = tuple(game.story(int(n)))
        paid[story] = float(game.payoff[cland][z][0]), float(game.payoff[dland][z][0])
    held = ("aland: hold", "bland: hold")
    quiet = (PLEDGE, *held, "cland: stand aside", "aland: yield")
    broken = (PLEDGE, *held, RESTRAIN, "aland: yield")
    assert paid[quiet][0] - paid[broken][0] == pytest.approx(0.1, abs=1e-12)
    assert paid[quiet][1] == pytest.approx(-0.2, abs=1e-12)
    fought = ("cland: stand aside", "aland: attack")
    for one, two, spared in [(JOIN, "dland: join aland", True), (JOIN, "dland: stay out", False),
                             ("cland: stay out", "dland: join aland", False)]:
        p = 0.6 - 0.3 * (one == JOIN) + 0.3 * (two == "dland: join aland")
        expected = 0.5 * p - 0.15 * (two == "dland: join aland") - 0.2 * (not spared)
        assert paid[(*fought, one, two)][1] == pytest.approx(expected, abs=1e-12)


def test_an_ally_without_weight_changes_no_outcome():
    """Its moves change no payoff of another, so each solution is the same but for rounding."""
    neutral = ally(shift=0.0, cost=0.0, pledges_at=[1], pledge=0.0, restrains_at=[2],
                   mobilises_at=[2], mobilise_cost=0.0, readiness=0.0)
    odds = []
    for entries in ([], [neutral]):
        eq = solve(compile_scenario(make_crisis(
            actors={"cland": actor()}, mechanisms=entries)).tree, 12.0)
        found = eq.outcomes()
        found["war"] += found.pop("wider war", 0.0)
        odds.append(found)
    assert odds[1] == pytest.approx(odds[0], abs=1e-12)


# order of joining and red lines -----------------------------------------------------------------


def wars(scenario):
    """The moves between an attack by aland at once and the end, and the parties to the war."""
    game = compile_scenario(scenario).tree
    found = {}
    for z, n in enumerate(game.leaves):
        story = game.story(int(n))
        if "aland: attack" in story:
            found[tuple(story)] = game.term_kinds[game.terms[z]].parties
    return found


def test_those_who_pledged_are_asked_first():
    two = [ally("dland", "aland"), ally("cland", pledges_at=[1], pledge=0.1)]
    found = wars(tiny(*two, actors={"dland": actor("aland")}))
    for story in found:
        asked = list(story[story.index("aland: attack") + 1:])
        first = "cland" if story[0] == PLEDGE else "dland"
        assert asked[0].startswith(first) and len(asked) == 2


def test_an_ally_that_waits_for_another_is_asked_once_that_one_is_in():
    chain = [
        ally("cland", red_lines=["dland joins"]), ally("dland", "aland", red_lines=["eland joins"]),
        ally("eland", "bland"),
    ]
    found = wars(tiny(*chain, actors={"dland": actor("aland"), "eland": actor("bland")}))
    parties = {p for story, p in found.items() if story[0] == "aland: attack"}
    assert parties == {(), ("eland",), ("dland", "eland"), ("cland", "dland", "eland")}


def test_a_crossing_is_answered_once():
    scenario = tiny(
        ally(red_lines=["aland reaches alert", "aland reaches mobilisation"],
             at_line=["mobilise", "attack"], line_cost=0.3),
        ladder=["talks", "alert", "mobilisation", "war"], turns={"each": 2})
    game = compile_scenario(scenario).tree
    cland = game.players.index("cland")
    crossed = 0
    for z, n in enumerate(game.leaves):
        story = game.story(int(n))
        stood = story.count("cland: stand aside")
        assert stood + story.count("cland: mobilise") <= 1
        if story[-1] == "aland: yield" and stood:
            crossed += 1  # aland conceded, so nothing is owed
            assert game.payoff[cland][z][0] == pytest.approx(0.5, abs=1e-12)
        if story[-1] == "bland: yield" and stood:
            assert game.payoff[cland][z][0] == pytest.approx(-0.3, abs=1e-12)
    assert crossed


def test_a_war_that_an_ally_begins_is_a_wider_war():
    eq = solve(compile_scenario(tiny(ally(attacks_at=[1]))).tree, 12.0)
    found = Solved(eq)
    assert found.given(("cland: attack",), "wider war") == pytest.approx(1.0, abs=1e-12)
    assert found.given(("cland: stand aside",), "war") > 0


@pytest.mark.parametrize("turns", [1, 2])
def test_careless_allies_seldom_begin_a_war(turns):
    """At lambda 0 moves follow habits: an ally's own attack has 1 part in 51 of such a menu."""
    scenario = tiny(ally(attacks_at=[1]), habits=None, turns={"each": turns})
    p = Solved(solve(compile_scenario(scenario).tree, 1e-9)).event("cland: attack")
    assert p == pytest.approx(1 / 51, abs=1e-6)
    even = tiny(ally(attacks_at=[1]), habits=EVEN)
    p = Solved(solve(compile_scenario(even).tree, 1e-9)).event("cland: attack")
    assert p == pytest.approx(1 / 2, abs=1e-6)
    given = tiny(ally(attacks_at=[1]), habits={"enter": 50})
    p = Solved(solve(compile_scenario(given).tree, 1e-9)).event("cland: attack")
    assert p == pytest.approx(1 / 2, abs=1e-6)
    assert set(Alliance.habit_defaults) < set(Alliance.habit_kinds)


# directions -------------------------------------------------------------------------------------


def private(low, high, types=5):
    return {"private": {"war_cost": {"between": [low, high], "types": types}}}


def deterring(rng, pledge):
    """aland is content with the status quo unless bland stands alone."""
    return make_crisis(
        actors={"aland": private(0.05, 0.25), "bland": private(0.2, 0.4),
                "cland": actor(weight=0.2, private={"join_cost": {"between": [0.0, 0.15],
                                                                  "types": 3}})},
        stake={"status_quo": 0.45}, war={"win_chance": rng.uniform(0.6, 0.7)},
        **{**BARE, "mechanisms": [ally(cost=0.08, pledges_at=[1], pledge=pledge)]})


def test_a_larger_pledge_is_kept_and_deters():
    """Fearon 1997: tied hands; Huth 1988 and Morrow 2000 on deterrence."""

    def joins(s: Solved) -> float:
        return s.event(PLEDGE, JOIN) / (s.event(PLEDGE) * s.given((PLEDGE,), "war", "wider war"))

    def attacks(s: Solved) -> float:
        return -s.event(PLEDGE, "aland: attack") / s.event(PLEDGE)

    rises(deterring, 0.0, 0.3, joins, seed=41, strictly=0.2)
    rises(deterring, 0.0, 0.3, attacks, seed=42, strictly=0.05)


def dissatisfied(rng, **spec):
    """bland would rather fight than keep the status quo, but only with cland beside it."""
    return make_crisis(
        actors={"aland": private(0.3, 0.5), "bland": private(0.05, 0.25),
                "cland": actor(weight=0.4, private={"join_cost": {"between": [0.0, 0.15],
                                                                  "types": 3}})},
        stake={"status_quo": 0.7}, war={"win_chance": rng.uniform(0.65, 0.75)}, turns={"each": 1},
        **{**BARE, "mechanisms": [ally(**spec)]})


def after(move):
    """The probability that bland attacks, given the move of its ally and that aland holds."""
    held = (move, "aland: hold")
    return lambda s: s.event(*held, "bland: attack") / s.event(*held)


def test_a_larger_pledge_entraps():
    """Snyder 1984; Benson 2012 on unconditional promises."""

    def make(rng, pledge):
        return dissatisfied(rng, cost=0.15, pledges_at=[1], pledge=pledge)

    rises(make, 0.0, 0.3, after(PLEDGE), seed=43, strictly=0.05)


def test_restraint_restrains():
    """Benson 2012: a promise that holds only for defence; Snyder 1984."""

    def make(rng, restraint):
        return dissatisfied(rng, cost=0.02, restrains_at=[1], restraint=restraint)

    rises(make, 0.0, 0.3, lambda s: -after(RESTRAIN)(s), seed=44, strictly=0.05)


def test_a_decline_makes_an_ally_begin_the_war():
    """Powell 2006: power that shifts away is a reason to fight now."""

    def make(rng, decline):
        return dissatisfied(rng, cost=0.1, attacks_at=[1], decline=decline)

    rises(make, 0.0, 0.3, lambda s: s.event("cland: attack"), seed=45, strictly=0.1)


# the file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spec", "message"), [
    ({"joins": "aland"}, "sides with bland"),
    ({"pledges_at": [3], "pledge": 0.1}, "there is no turn 3"),
    ({"pledge": 0.1}, "no effect without pledges_at"),
    ({"readiness": 0.1}, "no effect without mobilises_at or at_line"),
    ({"rival": "dland", "decline": 0.1}, "not an ally of the other side"),
    ({"red_lines": ["aland climbs"], "at_line": ["attack"]}, "is not a crossing"),
    ({"red_lines": ["aland reaches alert"], "at_line": ["attack"]}, "no rung 'alert'"),
    ({"red_lines": ["aland reaches talks"]}, "at_line is missing"),
    ({"red_lines": ["dland joins"]}, "never joins"),
    ({"red_lines": ["dland mobilises"], "at_line": ["attack"]}, "never mobilises"),
    ({"moves": ["pledge"]}, "moves"),
])
def test_refused(spec, message):
    with pytest.raises(InputError, match=message):
        tiny(ally(**spec), actors={"dland": actor()})


def test_an_ally_is_no_principal_and_is_listed_once():
    with pytest.raises(InputError, match="a principal cannot be an ally"):
        tiny(ally("aland"))
    with pytest.raises(InputError, match="is an ally twice"):
        tiny(ally(), {"alliance": {**ally()["alliance"], "id": "again"}})


@pytest.mark.parametrize(("chance", "shift", "said"), [
    (0.5, 0.3, ""), (0.2, 0.3, "-0.1"), (0.6, 0.3, "")])
def test_odds_beyond_certainty_are_noticed(chance, shift, said):
    """An ally of bland takes its shift from aland's chance, and 0.2 - 0.3 is no chance."""
    from detente.game.explore import graph_of
    from detente.game.odds import odds_beyond

    crisis = tiny(ally(shift=shift), war={"win_chance": chance, "cost": 0.2})
    found = odds_beyond(graph_of(crisis))
    assert len(found) == (1 if said else 0)
    assert all(f"cland joined adds up to {said} at the centre" in x for x in found)


def test_odds_beyond_certainty_are_certainty():
    """A shift from 0.2 to below 0 is the shift to 0: the same crisis, and no derivative by it."""
    found = []
    for shift in (0.3, 0.2 + 1e-9):
        compiled = compile_scenario(
            tiny(ally(shift=shift), war={"win_chance": 0.2, "cost": 0.2}))
        found.append((compiled, solve(compiled.tree, compiled.lam)))
    (beyond, one), (_, exact) = found
    assert one.outcomes() == pytest.approx(exact.outcomes(), abs=1e-8)  # certificate's residual
    for slope in gradients(one, [leaf == np.arange(len(beyond.tree.leaves))
                                 for leaf in range(len(beyond.tree.leaves))]):
        by = pull_back(beyond.polynomials, beyond.centre, slope)
        assert by[next(k for k, p in enumerate(beyond.paths) if p.endswith(".shift"))] == 0.0


def test_odds_that_a_side_sees_are_bounded_too():
    """With an ally that shifts 0.3, a side that sees 0.2 expects what one that sees 0.3 does."""
    worth = []
    for seen in (0.2, 0.3):
        tree = compile_scenario(tiny(ally(shift=0.3), war={
            "win_chance": 0.5, "cost": 0.2, "seen_by": {"bland": seen}})).tree
        names = np.array(tree.outcome_names)[tree.outcome]
        worth.append(max(tree.payoff[1][names == "wider war"].ravel()))
    assert worth[0] == pytest.approx(worth[1], abs=1e-12)


def test_derivatives_by_every_number_of_an_ally():
    """Against central differences; each number enters the payoffs and so moves some outcome."""

    def made(at=None, h=0.0):
        spec = {
            "shift": 0.3, "cost": 0.15, "commitment": 0.01, "pledges_at": [1], "pledge": 0.02,
            "restrains_at": [1], "restraint": 0.04, "mobilises_at": [1], "mobilise_cost": 0.08,
            "readiness": 0.05, "decline": 0.03, "red_lines": ["aland reaches alert"],
            "at_line": ["mobilise"], "line_cost": 0.02}
        if at is not None:
            spec[at] += h
        return compile_scenario(tiny(
            ally(**spec), ladder=["talks", "alert", "war"],
            actors={"cland": actor(private={"join_cost": {"low": 0.0, "high": 0.1,
                                                          "chance_high": 0.5}})}))

    compiled = made()
    eq = solve(compiled.tree, 6.0)
    masks = [np.array([str(o) == name for o in compiled.tree.outcome_kinds])
             for name in ("war", "wider war")]
    found = slopes(compiled, eq, masks)
    paths = list(compiled.graph.rules.numbers)
    own = [p for p in paths if p.startswith("cland.")]
    assert len(own) == 9
    step = 1e-4
    for path in own:
        ends = [solve(made(path.removeprefix("cland."), h).tree, 6.0) for h in (step, -step)]
        for mask, row in zip(masks, found, strict=True):
            names = [str(o) for o, m in zip(compiled.tree.outcome_kinds, mask, strict=True) if m]
            up, down = (sum(e.outcomes()[n] for n in names) for e in ends)
            # the error of a central difference is of order step squared
            assert row[paths.index(path)] == pytest.approx((up - down) / (2 * step), abs=1e-6)
        assert max(abs(row[paths.index(path)]) for row in found) > 1e-4, path
