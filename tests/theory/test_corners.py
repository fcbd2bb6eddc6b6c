"""Corners of the models: caps, no-risk regions, regions where everyone moves, ties, claims.

The game is solved there too, so that a formula's case distinction is held against play.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.theory import load
from detente.theory.claims import CLAIMS

CORNERS = {
    "no risk: even the lowest cost accepts": ("fearon-1995", {"l": .2, "h": .45}, {"war": 0.0}),
    "the demand is capped by the pie": (
        "fearon-1995", {"p": .9, "c_A": .0, "h": .8}, {"demand": 1.0, "war": .125}),
    "all but certain victory": ("fearon-1995", {"p": 1.0, "h": .4}, {"demand": 1.0, "war": 0.0}),
    "the safe demand": ("fearon-1995-binary", {"q": .65}, {"war": 0.0}),
    "A's cost ranges further than B's": (
        "fearon-1995-two-sided", {"C": .3, "K": .6}, {"war": .125}),
    "costs cover the range of odds": (
        "fearon-1995-odds", {"a": .4, "b": .5}, {"war": 0.0, "demand": .5}),
    "peace over two periods": ("powell-2006", {"T": 2}, {"war": 0.0}),
    "war over fifty": ("powell-2006", {"T": 50}, {"war": 1.0}),
    "no shift": ("powell-2006", {"p2": .7, "T": 5}, {"war": 0.0}),
    "the whole shift at once": ("powell-2006-gradual", {"n": 1, "T": 20}, {"war": 1.0}),
    "a step fewer than are needed": ("powell-2006-gradual", {"n": 8, "T": 100}, {"war": 1.0}),
    "a step more": ("powell-2006-gradual", {"n": 10, "T": 100}, {"war": 0.0}),
    "a range of deals": (
        "fearon-1995-first-strike", {"p_f": .6, "p_s": .5}, {"war": 0.0}),
    "peace is risk dominant": ("schelling-1960", {"d": .5}, {"attack": 0.0}),
    "everybody arms": ("baliga-sjostrom-2004", {"d": 1.2}, {"build": 1.0}),
    "everyone challenges": (
        "schultz-2001", {"a": .9, "W_A": 1, "W_B": 1}, {"challenge": 1.0, "war": .1}),
    "everyone would fight": (
        "schultz-2001", {"a": 1.5, "W_A": 1, "W_B": 1}, {"challenge": 1.0, "war": 0.0}),
    "symmetric attrition": (
        "fearon-1994",
        {"a1": 1, "a2": 1, "W1": 2, "W2": 2, "grid": 16, "lam": 100.0},
        {"war": .25, "concedes_1": .375}),
    "too small a threat": ("schelling-1966", {"q": .1}, {"complied": 0.0, "made": 0.0}),
    "too large a threat": ("schelling-1966", {"q": .5}, {"complied": 1.0, "made": 0.0}),
    "too hard a target": ("schelling-1966", {"p": .8}, {"complied": 1.0, "made": 0.0}),
    "likely resolve deters": (
        "powell-1988", {"r_C": .6}, {"escalate_C": 1.0, "escalate_D": 0.0}),
    "nobody irresolute climbs": ("powell-1988", {"r_D": .9}, {"escalate_C": 0.0}),
    "critical risk": ("powell-1988", {"f2": .6}, {"escalate_D": 0.0}),
    "a signal that need not be meant": (
        "fearon-1997-bluff", {"mu": .3}, {"cost": 0.0, "signals": 1.0}),
    "a cost that the low type pays": ("fearon-1997-types", {"m": .3}, {"separates": 0.0}),
    "a cost that nobody pays": ("fearon-1997-types", {"m": .8}, {"separates": 0.0}),
    "weak moderates are not suspected": (
        "kydd-walter-2002", {"s": .4}, {"stops_after_violence": 0.0}),
    "an even-handed mediator": (
        "kydd-2003", {"b": .5, "lam": 3000.0}, {"credible": 0.0, "war": .5}),
    "no trust": ("kydd-2005", {"t_1": .3, "t_2": .3}, {"cooperate": 0.0}),
    "too cheap a gesture": ("kydd-2000", {"alpha": .3}, {"separates": 0.0}),
    "too dear a gesture": ("kydd-2000", {"alpha": .6}, {"separates": 0.0}),
    "one entrant": ("kreps-wilson-1982", {"N": 1}, {"entry_1": 1.0, "fought_1": .1}),
    "a reputation that lasts": ("kreps-wilson-1982", {"N": 3, "delta": .6}, {"entry_3": 0.0}),
    "certain ratification": ("iida-1993", {"R": .3}, {"offer": .3, "ratify": 1.0}),
    "the constraint does not bite": (
        "iida-1993-alternating", {"r": .2}, {"bites": 0.0}),
    "the constraint takes nearly all": (
        "iida-1993-alternating", {"r": .9, "d": .8}, {"bites": 1.0}),
    "an ultimatum": ("iida-1993-alternating", {"T": 1, "r": 0.0}, {"share_in_T": 1.0}),
    "certain deterrence": ("zagare-kilgour-2000", {"r_C": .3, "r_D": .7}, {"war": 0.0}),
    "separating": ("zagare-kilgour-2000", {"r_C": .3, "r_D": .55}, {"war": .165}),
    "attack": ("zagare-kilgour-2000", {"r_C": .7, "r_D": .2}, {"war": .14}),
    "no resolve at all": (
        "zagare-kilgour-2000-rudimentary", {"r": 0.0}, {"deterred": 0.0, "concession": 1.0}),
    "nothing but resolve": ("zagare-kilgour-2000-rudimentary", {"r": 1.0}, {"deterred": 1.0}),
    "no battle": ("powell-2004", {"q": .7}, {"battle": 0.0}),
    "one round of screening": ("powell-2004", {"q": .5}, {"battle": .5}),
    "no gap": ("smith-stam-2004", {"gap": 0.0}, {"ends": 0.0, "war": 0.0}),
    "a runaway race": ("richardson-1960", {"a": 1.2}, {"stable": 0.0}),
    "no reaction": ("richardson-1960", {"a": 0.0, "b": 0.0}, {"stable": 1.0, "x": .2, "y": .3}),
}
COMPILES = {"symmetric attrition"}
"""Takes several seconds."""


@pytest.mark.parametrize(("name", "given", "exact"), [
    pytest.param(*case, id=words, marks=pytest.mark.slow if words in COMPILES else ())
    for words, case in CORNERS.items()])
def test_the_game_is_played_as_the_corner_says(name, given, exact):
    model = load(name)
    found = model.compare(**given)
    assert found["certificate"]["certified"]
    for row in found["rows"]:
        if row["quantity"] in exact:
            assert row["closed_form"] == pytest.approx(exact[row["quantity"]], abs=1e-9)
        if row["difference"] is not None:
            assert abs(row["difference"]) <= 1.5 * model.accuracy, row
    assert set(exact) <= {row["quantity"] for row in found["rows"]}


@pytest.mark.parametrize(("name", "parameter", "tie"), [
    ("fearon-1995-binary", "q", .6), ("schultz-2001", "a", None), ("powell-1988", "r_C", None),
    ("zagare-kilgour-2000", "r_D", .5), ("iida-1993", "R", .5), ("powell-2004", "q", .6),
])
def test_forms_are_defined_at_a_tie_and_take_one_of_the_sides(name, parameter, tie):
    """At a tie either neighbour is an equilibrium; the form gives one of them, not a third."""
    model = load(name)
    if tie is None:
        tie = {"schultz-2001": 1.0, "powell-1988": model.closed_form()["mu_star"]
               if name == "powell-1988" else 0}[name]
    here = model.closed_form(**{parameter: tie})
    sides = [model.closed_form(**{parameter: tie + step}) for step in (-1e-9, 1e-9)]
    for quantity, value in here.items():
        near = [side.get(quantity, value) for side in sides]
        assert min(abs(value - x) for x in near) < 1e-6, quantity


def agrees(claim, sample):
    """Whether the model's own closed form says of one point what the claim says."""
    def form(name, **given):
        return load(name).closed_form(**given)

    v = sample
    match claim:
        case "shoot-or-lose":  # resisted, every type fights: nobody backs down
            e = form("schultz-2001", a=v["a"], W_A=v["W_A"], W_B=1.0)
            return e["fight"] > 1 - 1e-12 and e["challenge"] == 1
        case "strike-or-be-struck":  # payoffs of 3b: d of striking in vain, e = s - w
            return -v["d"] > 0 and v["e"] > 0
        case "strike-or-be-struck-risk":
            if v["d"] > 0 and v["e"] > 0:
                return form("schelling-1960", d=v["d"], s=1 + v["e"], w=1.0)["attack"] == 1
            return v["e"] > 0  # d < 0: dominant; e < 0 < d: waiting dominates
        case "no-deal-holds":
            high, low = max(v["p_f"], v["p_s"]), min(v["p_f"], v["p_s"])
            return form("fearon-1995-first-strike", p_f=high, p_s=low, c_A=v["c_A"],
                        c_B=v["c_B"])["war"] == 1
        case "empty-threats":  # the next and last entrant comes in iff the belief is below b
            from detente.theory.chain_store import enters

            return enters((1 - v["kappa"]) * v["p"], 1, v["b"], 2.0) == 1
        case "partial-mediator":
            return form("kydd-2003", b=v["b"], gamma=v["gamma"], e=v["e"])["b_min"] > v["b"]
        case "generosity-is-weakness":
            e = form("kydd-2000", R=v["P_S"] + v["R_P"], P=v["P_S"], S=0.0,
                     Te=v["Pe_Se"] + v["Te_Pe"], Pe=v["Pe_Se"], Se=0.0)
            return e["least"] > e["most"]
        case "talks-pointless":
            return form("smith-stam-2004", gap=v["p_A"] + v["p_B"] - 1,
                        cost=v["c_A"] + v["c_B"], n=0.0)["war"] == 1
        case "spoilers-succeed":
            return form("kydd-walter-2002", t=v["t"], s=v["s"], b=1.0,
                        l=v["t_bar"] / (1 - v["t_bar"]))["success"] == 1
        case "shock-irreversible":
            return form("richardson-1960", a=v["a"], b=v["b"], m=v["m"], n=v["n"])["stable"] == 0
    raise AssertionError(claim)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_says_what_its_model_says(claim):
    """Two hundred points of its box, each through the model's own closed form."""
    rng = np.random.default_rng(5)
    proposition = CLAIMS[claim]
    verdicts = set()
    for _ in range(200):
        point = {k: float(rng.uniform(a, b)) for k, (a, b) in proposition.box.items()}
        verdict = proposition.holds(**point)
        assert verdict == agrees(claim, point), point
        verdicts.add(verdict)
    assert verdicts == {True, False}


def test_the_claims_of_the_table_are_all_here():
    """One object a claim at least: (a) to (h), with (b) in three models."""
    exact = sorted(c.exact for c in CLAIMS.values() if c.exact is not None)
    for share in (1 / 4, 3 / 8, 7 / 24, 1 / 2):
        assert any(abs(share - x) < 1e-15 for x in exact)
    assert len(CLAIMS) == 10
    for claim in CLAIMS.values():
        found = claim.share(50_000, seed=11)
        assert found.low < found.estimate < found.high
        if claim.exact is not None:
            assert found.agrees


def test_first_strike_near_the_tie_ends_at_the_mixed_equilibrium_and_says_so():
    """Each side of 3b is indifferent at q_star, so that q_star is the mixed equilibrium."""
    found = load("schelling-1960").compare(d=0.39)
    rows = {r["quantity"]: r for r in found["rows"]}
    assert found["certificate"]["certified"]
    assert rows["attack"]["solver"] == pytest.approx(rows["q_star"]["closed_form"], abs=0.001)
    assert rows["attack"]["closed_form"] == 1.0
    assert "mixed" in found["about"] and "q_star" in found["about"]
