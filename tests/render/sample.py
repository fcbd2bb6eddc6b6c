"""A report such as a crisis gives, with invented figures, to look at and to test with."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import Any

from detente.render import Column, Report, Section, Table, charts

NASTY = 'The <script>alert("x")</script> & "strait" crisis'


def tree_rows(seed: int = 7, depth: int = 9) -> list[dict[str, Any]]:
    """Grow a random crisis tree breadth first, with menus like a crisis file's."""
    draw = random.Random(seed)
    rows: list[dict[str, Any]] = [{"id": 0, "parent": None, "reach": 1.0, "outcome": None}]
    edge, sides = [(0, 1.0, 0)], ("aland", "bland")
    while edge and len(rows) < 900:
        node, reach, level = edge.pop(0)
        if level == depth:
            continue
        if level % 4 == 3:
            menu = [("chance", "the mediator keeps its attention", None),
                    ("chance", "the mediator turns away", None)]
        else:
            side = sides[level % 2]
            menu = [(side, "hold", None), (side, "escalate to mobilisation", None),
                    (side, "offer .55 to the other side with a private side payment", None),
                    (side, "yield", f"{side} concedes"), (side, "attack", "war")]
            if level == depth - 1:
                menu[0] = (side, "hold", "status quo after the deadline")
        odds = [draw.expovariate(1.0) ** 2 for _ in menu]
        for (mover, move, outcome), p in zip(menu, odds, strict=True):
            p /= sum(odds)
            rows.append({"id": len(rows), "parent": node, "mover": mover, "move": move,
                         "probability": p, "reach": reach * p, "outcome": outcome})
            if outcome is None:
                edge.append((len(rows) - 1, reach * p, level + 1))
    return rows


def outcome_rows() -> list[dict[str, Any]]:
    return [
        {"name": "war", "deliberate": 0.184, "fallible": 0.193, "low": 0.05, "high": 0.41,
         "others": [0.301]},
        {"name": "settlement", "deliberate": 0.522, "fallible": 0.49, "low": 0.2, "high": 0.7,
         "others": [0.40]},
        {"name": "aland concedes", "deliberate": 0.05, "fallible": 0.071, "low": 0.01,
         "high": 0.16, "others": [0.06]},
        {"name": "bland concedes", "deliberate": 0.104, "fallible": 0.11, "low": 0.03,
         "high": 0.3, "others": [0.1]},
        {"name": "status quo after the deadline has lapsed", "deliberate": 0.14,
         "fallible": 0.136, "low": 0.02, "high": 0.4, "others": [0.139]},
    ]


def sample_report(title: str = "The strait crisis", certified: bool = True) -> Report:
    """Return the report under a title, with or without a result that failed its certificate."""
    report = _drawn()
    if not certified:
        failed = {"certificate": "second equilibrium: NashConv 2.4e-3 above 1e-3",
                  "certified": False}
        report = replace(report, sections=[
            replace(s, **failed) if s.id == "equilibria" else s for s in report.sections])
    return replace(report, title=title)


@cache
def _drawn() -> Report:
    """Draw the charts once: that takes longer than everything else."""
    draw = random.Random(3)
    lambdas = [0.0, 0.5, 1, 2, 4, 7, 10, 15, 20, 30, 40, 60, 100]
    war = [0.45 - 0.26 * (x / (x + 6)) for x in lambdas]
    settled = [0.2 + 0.34 * (x / (x + 9)) for x in lambdas]
    rest = [1 - a - b for a, b in zip(war, settled, strict=True)]
    drivers = [
        ("war.first_strike: advantage of attacking first", 1.9),
        ("aland.war_cost", -2.6), ("mediator.face_saving", -1.2), ("delay_cost", 0.35),
        ("ladder.mobilisation.audience_cost for aland", 0.8),
        ("spoiler.wrecks: probability that the third party can wreck a pending deal", 0.6),
        ("no_deal.cost", -0.04), ("bland.war_cost", -1.7),
    ]
    believed = [
        {"step": k, "move": move, "about": about, "type": f"{0.1 + 0.05 * t:.2f}",
         "probability": weight / sum(weights)}
        for about, tilt in (("aland", 1.0), ("bland", -0.4))
        for k, move in enumerate(["at the start", "aland: escalate to mobilisation",
                                  "bland: offer .55", "aland: hold", "bland: attack"])
        for weights in [[2.0 ** (-tilt * k * t / 4) for t in range(9)]]
        for t, weight in enumerate(weights)
    ]
    ladder = [
        {"name": "talks", "reach": 1.0, "start": True, "by": {"aland": 1.0, "bland": 1.0}},
        {"name": "ultimatum", "reach": 0.52, "by": {"aland": 0.46, "bland": 0.2},
         "notes": ["audience cost .15"]},
        {"name": "mobilisation", "reach": 0.31, "by": {"aland": 0.25, "bland": 0.12},
         "notes": ["sunk cost .03", "audience cost .10", "risk of war .01 a turn"]},
        {"name": "limited strike", "reach": 0.11, "by": {"aland": 0.08, "bland": 0.05},
         "notes": ["sunk cost .08", "risk of war .08 a turn"]},
        {"name": "war", "reach": 0.19, "by": {"aland": 0.19, "bland": 0.19}},
    ]
    samples = [
        {"x": x, "p": min(1.0, max(0.0, 0.5 - 1.1 * x + draw.gauss(0, 0.06))),
         "certified": draw.random() > 0.01}
        for x in (draw.uniform(0.1, 0.4) for _ in range(1024))
    ]
    histories = [
        {"moves": ["aland: offer .55", "bland: accept"], "outcome": "settlement",
         "probability": 0.24},
        {"moves": ["aland: escalate to ultimatum", "bland: offer .50",
                   "aland: escalate to mobilisation", "mediator proposes .55",
                   "bland: accept", "ratified at home in bland", "the spoiler stays out"],
         "outcome": "settlement", "probability": 0.11},
        {"moves": ["aland: escalate to ultimatum", "bland: hold", "aland: attack"],
         "outcome": "war", "probability": 0.08},
        {"moves": ["aland: hold", "bland: hold", "aland: hold", "bland: hold"],
         "outcome": "status quo after the deadline has lapsed", "probability": 0.06},
    ]
    unknowns = [
        {"parameter": f"{name}: a longer name in words", "first": 0.5 / k, "total": 0.6 / k,
         "first_low": 0.4 / k, "first_high": 0.6 / k, "total_low": 0.5 / k, "total_high": 0.72 / k}
        for k, name in enumerate(["aland.war_cost", "war.win_chance", "delay_cost"], 1)
    ]
    along = [
        {"x": k / 50, "deliberate": 0.3 - 1.4 * k / 50 + 3.5 * (k / 50) ** 2,
         "fallible": 0.31 - 1.2 * k / 50 + 3 * (k / 50) ** 2,
         "low": 0.05, "high": 0.5 - 0.2 * k / 50}
        for k in range(21)
    ]
    plane = [
        {"x": x, "y": y, "holds": y - 0.4 > x + draw.gauss(0, 0.03)}
        for x, y in ((draw.uniform(0.1, 0.4), draw.uniform(0.55, 0.7)) for _ in range(900))
    ]
    variants = [
        {"variant": v, "outcome": r["name"], "p": min(1, r["deliberate"] * f), "low": r["low"],
         "high": r["high"]}
        for v, f in (("as it is", 1.0), ("without the mediator", 1.4)) for r in outcome_rows()
    ]
    percent = "percent"
    fallible = "residual 2.1e-11, regret within its bound, NashConv 0.031, annealed from lambda 0"
    sections = [
        Section(
            "claims", "Claims", "What others have said of this crisis, in their words.",
            tables=[Table("", ["id", "claim", "source"], [
                ("must-strike", "Having mobilised, aland must strike or lose.",
                 "Essay, 2 April 2031, https://example.org/essay"),
                ("talks-pointless", f"Talks make no difference. {NASTY}", "Essay, 2 April 2031"),
            ])],
        ),
        Section(
            "assumptions", "What is assumed",
            "Every number is the case author's assumption, with its reason.",
            tables=[Table("", [
                "field", Column("value", format=".3g"), "range", "source", "reason",
            ], [
                ("war.win_chance", 0.62, "0.55 to 0.70", "essay",
                 "Both staffs are said to expect a narrow win for the first mover."),
                ("delay_cost", 0.02, "0.01 to 0.03", "case author",
                 "Each turn of tension costs trade and readiness."),
                ("actors.aland.private.war_cost", 0.25, "0.10 to 0.40, uniform, nine types",
                 "case author", "Casualty tolerance is not known to the other side."),
                ("mediator.attention", 0.8, None, "essay", "One missed deadline so far."),
            ])],
        ),
        Section(
            "outcomes", "How it ends",
            "A settlement is likelier than not; war is the ending of about one crisis in five.",
            charts=[charts.outcomes(outcome_rows())],
            tables=[Table("", [
                "ending", Column("deliberate", format=percent, bar=True),
                Column("fallible", format=percent), Column("5 % of assumptions", format=percent),
                Column("95 % of assumptions", format=percent),
            ], [(r["name"], r["deliberate"], r["fallible"], r["low"], r["high"])
                for r in outcome_rows()])],
            certificate=fallible, certified=True,
        ),
        Section(
            "drivers", "What drives it",
            "Costlier war for aland lowers the risk most; a first-strike advantage raises it.",
            charts=[
                charts.tornado([{"parameter": n, "points": p} for n, p in drivers]),
                charts.scatter(samples, parameter="aland.war_cost", unit="share of the stake"),
            ],
            notes=["Derivatives of the fallible reading at the centre of the ranges."],
        ),
        Section(
            "offramps", "What opens a way out", "Saving face helps at first, then hurts.",
            charts=[
                charts.indices(unknowns),
                charts.lever(along, name="mediator.face_saving", unit="share of the stake",
                             target=0.2, now=0.0, found=0.1),
                charts.boundary(plane, x="aland.war_cost (share of the stake)",
                                y="war.win_chance (probability)", centre=(0.25, 0.62)),
                charts.comparison(variants),
                charts.hysteresis(
                    [{"h": h, "m": m, "branch": b} for h, m, b in (
                        (-0.3, -0.98, "new course"), (0.27, -0.7, "new course"),
                        (0.27, -0.7, "not stable"), (-0.27, 0.7, "not stable"),
                        (-0.27, 0.7, "old course"), (0.3, 0.98, "old course"))],
                    turns=(-0.27, 0.27, 0.7), marks={"before": 0.3, "during": -0.35}),
            ],
        ),
        Section("paths", "The likeliest histories", "One history of four ends at the first offer.",
                charts=[charts.paths(histories)]),
        Section("tree", "The likeliest part of the tree", "Read downwards.",
                charts=[charts.tree(tree_rows())]),
        Section("ladder", "The ladder", "Half of all crises pass the ultimatum.",
                charts=[charts.ladder(ladder)]),
        Section("beliefs", "Beliefs", "Mobilising makes low war costs the likelier ones.",
                charts=[charts.beliefs(believed, quantity="war cost (share of the stake)")]),
        Section("precision", "How careful governments are", "War falls as errors vanish.",
                charts=[charts.precision(
                    lambdas, {"war": war, "settlement": settled, "status quo": rest},
                    deliberate={"war": 0.18, "settlement": 0.52, "status quo": 0.3}, at=40)]),
        Section(
            "equilibria", "Other equilibria", "A second equilibrium gives war 30 %.",
            tables=[Table("", [
                "reading", Column("war", format=percent), Column("settlement", format=percent),
                Column("NashConv", unit="share of the stake", format=".1e"), "found from",
            ], [("deliberate", 0.184, 0.522, 6.2e-5, "the fallible one"),
                ("deliberate", 0.301, 0.40, 8.8e-5, "random start 11"),
                ("fallible", 0.193, 0.49, None, "lambda 0, annealed")])],
            certified=True,
        ),
        Section(
            "trust", "How far to trust it", "Of 1,024 samples 1,019 were certified.",
            charts=[charts.histogram([s["p"] for s in samples],
                                     marks={"deliberate": 0.184, "fallible": 0.193})],
            tables=[Table("Samples", [
                "reading", Column("requested", format=","), Column("certified", format=","),
                Column("failed", format=","),
            ], [("fallible", 1024, 1019, 5), ("deliberate", 128, 128, 0)])],
        ),
    ]
    return Report(
        "The strait crisis", "What follows from the assumptions in strait-2031.yaml",
        "War: 18 % if governments act deliberately, 19 % allowing for errors; 5–41 % over the "
        "stated assumptions; another equilibrium gives 30 %.",
        sections,
        meta={"case": "strait-2031", "file sha256": "9f2c" * 16, "detente": "0.1.0", "seed": 0,
              "lambda": 40.0, "epsilon": 0.01},
        certificate=fallible, answer_certified=True,
        data={"case": "strait-2031", "note": "</script><script>alert(1)</script>",
              "missing": float("nan")},
    )


if __name__ == "__main__":
    import sys
    from pathlib import Path

    Path(sys.argv[1]).write_text(sample_report().to_html(), encoding="utf-8")
