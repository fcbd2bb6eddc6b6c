"""Write the gallery: one page per shipped case and the index of all of them.

Every picture, answer and list is made by the product's own functions when the pages are built, so
the gallery cannot differ from the product. The samples are few and have a fixed seed.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "cases"
SETTINGS = {"samples": 32, "deliberate_samples": 8, "starts": 4, "seed": 1962}

DIFFERS = {
    "caucasus-2025": "The outcome was not known when the file was written. The model expects a "
    "settlement, or else that things stay as they are. The first months after 8 August 2025 lie "
    "between the two: the foreign ministers initialled a treaty, the fighting stopped, and the "
    "treaty was not signed, because Azerbaijan first asked for a change of the Armenian "
    "constitution. The model has no step between an accepted and a signed treaty, so it cannot say "
    "how long this lasts. It divides a single stake, and the agreement on transit had terms of its "
    "own.",
    "cuba-1962": "The terms agree: a public pledge and a private trade of missiles. The course "
    "differs. In the model the United States offers both at once and the first answer is an "
    "acceptance. In history letters went back and forth for two days, an aircraft was shot down, "
    "and the private part came last.",
    "fashoda-1898": "The model settles at once, on withdrawal with border talks announced at the "
    "same time. France in fact withdrew after six weeks without anything in return, and the "
    "border followed four months later. The model's concession by France, which is nearest to "
    "that, is improbable, because the file gives Britain a cheap package that saves France's "
    "face.",
    "guarantees-2022": "History took the less probable course. The model expects a written minor "
    "concession, and war in one case of nine (deliberate) to four (fallible). Russia in fact "
    "attacked. The file divides its published demands; aims beyond them are outside it.",
    "istanbul-2025": "The fallible model agrees with history: the fighting goes on. The deliberate "
    "model gives a settlement nearly two cases in three, which did not come about. Agreements on "
    "prisoners, which did, are outside the stake.",
    "july-1914": "Both models expect peace, and history took a course to which they give about one "
    "chance in ten or less. In the deliberate model Germany promises support and Serbia then "
    "concedes everything; without the promise the crisis ends with terms between the two. This is "
    "the success for which Berlin and Vienna hoped, and it did not come: Serbia refused one point, "
    "and Russia did not retreat. In the fallible model the Serbian reply or a halt in Belgrade "
    "ends the crisis, and Vienna in fact declined both. The model agrees with the record that the "
    "promise makes an attack more probable, that the general war depends on Russia, and that "
    "Britain's entry was open to the end. It is wrong about the price that Vienna put on a "
    "diplomatic success, if that price is judged by Vienna's acts. The claim that the promise "
    "entrapped Germany fails at the centre: the promise moves Serbia to yield more than it moves "
    "Austria-Hungary to attack. Historians who stress the promise would answer that Vienna did not "
    "wait for Serbia to yield. In the model German restraint about halves the chance of an attack; "
    "in history it came on 30 July, after the declaration of war. If Germany fights and Russia "
    "stays out, the file's numbers add up to more than a sure victory, and a sure victory is used.",
    "kargil-1999": "Model and history agree that there is no war between the states and that the "
    "army's consent is the hurdle for a bargain. The form of the end differs. In the model India "
    "accepts terms that leave Pakistan a quarter of the stake. India gave nothing of that kind: "
    "Pakistan withdrew on its prime minister's word, which the model counts as a concession and "
    "considers improbable, because a bargain would have cost Pakistan less. The file may "
    "overstate what India could accept in an election year. The mediator matters little in the "
    "model, and most accounts of 4 July give it more weight.",
    "table-2026": "The outcome was not known when the file was written, so there is no record to "
    "compare. Three results are not to be trusted. With one turn fewer the fighting goes on, and "
    "with one more there is a settlement. If a principal could offer the mediator's terms itself, "
    "a settlement would be nearly certain in the deliberate model. The European governments appear "
    "as one ally, although some announced forces and others refused.",
    "order-2020": "Both agree that borders close with the pandemic and open after it. The model "
    "has no partial opening: history kept and added restrictions on trade and technology, which "
    "the file counts neither as open nor as closed.",
}
"""A historian's reading: how the likely course in the model differs from history, and where the
model is wrong. Every case whose end is known has one."""


def drawn(chart: Any, name: str, *, narrow: bool = False) -> str:
    """Return a chart as SVG whose ids are its own, because a page holds several charts."""
    svg = re.sub(r'(\bid="|url\(#)', rf"\g<1>{name}-", chart.to_svg(narrow=narrow))
    return svg.replace("<svg ", '<svg style="max-width:100%;height:auto;background:#fff" ', 1)


def picture(chart: Any, name: str) -> str:
    """Return a chart as a fragment of a page."""
    return "\n".join(["```{raw} html", f"<figure>{drawn(chart, name)}</figure>", "```"])


def cell(text: str) -> str:
    """Return text that a table of Markdown can hold."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table of Markdown."""
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads),
            *(f"| {' | '.join(map(cell, row))} |" for row in rows), ""]


def holds(found: Any) -> list[list[str]]:
    """Return the size of each part of the file."""
    from detente.scenario.paths import numbers

    case, tree = found.scenario, found.compiled.tree
    kinds = [m.kind for m in case.mechanisms]
    turns = case.turns
    ranged = sum(q.low < q.high for q in numbers(case).values())
    return [
        ["actors", ", ".join(f"{a.title or n} ({a.role})" for n, a in case.actors.items())],
        ["stake", case.stake.name if case.stake else "–"],
        ["turns of each principal", str(turns.each) if turns else "–"],
        ["ladder", ", ".join(r.name for r in case.ladder) or "–"],
        ["mechanisms", ", ".join(f"`{k}`" for k in dict.fromkeys(kinds)) or "–"],
        ["numbers given as a range", str(ranged)],
        ["levers", str(len(case.levers))],
        ["variants", ", ".join(v.title or n for n, v in case.variants.items()) or "–"],
        ["public nodes of the game", f"{int(tree.n_nodes):,}"],
    ]


def verdict(claim: Any, found: Any) -> str:
    """Return how a claim holds in both models, at the centre of the ranges."""
    if claim.cannot:
        return f"the model cannot express it: {claim.cannot}"
    if found is None or not found.verdicts:
        return "compared with data or a published model only"
    words = {True: "holds", False: "does not hold", None: "has no answer"}
    return "; ".join(f"{v.reading}: {words[v.holds]}" for v in found.verdicts)


def compared(found: Any) -> list[str]:
    """Return what happened beside the most probable outcome and course of each model."""
    from detente.findings.paths import rows
    from detente.render.numbers import percent

    paths, lines = rows(found), []
    for model, key in (("fallible", "probability"), ("deliberate", "deliberate")):
        odds = getattr(found, model).outcomes()
        top = max(odds, key=lambda k: odds[k])
        course = max(paths, key=lambda row: row[key])
        lines.append([
            model, f"{found.ending_words[top]} ({percent(odds[top])})",
            f"{' → '.join(course['moves'])} ({percent(course[key])})"])
    ended = found.scenario.ended or "The outcome was not known when the file was written."
    differs = [DIFFERS[found.scenario.crisis], ""] if found.scenario.crisis in DIFFERS else []
    return ["## Outcome in history and in the model", "", ended, "",
            *table(["model", "most probable outcome", "most probable course"], lines), *differs,
            "The model was not fitted to this crisis. A difference shows what the file leaves out, "
            "or that an improbable course was taken.", ""]


def page(found: Any) -> str:
    """Return the page of a case."""
    case = found.scenario
    said = {one.id: one for one in found.claims.found}
    claims = [
        [one.says, one.source or "–", verdict(one, said.get(one.id))] for one in case.claims
    ]
    out = [
        f"# {case.title}", "", case.summary, "",
        f":::{{admonition}} Answer\n{found.answer}\n:::", "",
        f"The figures use {SETTINGS['samples']} samples of the file's ranges in the fallible model "
        f"and {SETTINGS['deliberate_samples']} in the deliberate one. They are conditional on the "
        "assumptions of the file.", "",
        picture(found.charts["outcomes"], case.crisis), "", *compared(found),
        "## Contents of the file", "",
        *table(["part", "in this case"], holds(found)),
    ]
    if claims:
        out += ["## Claims", "", "The verdict holds at the central numbers. The report also gives "
                "the share of the ranges in which a claim holds.", "",
                *table(["claim", "source", "verdict at the centre"], claims)]
    if case.cannot:
        out += ["## Limits of the file", "", *(f"- {cell(one)}" for one in case.cannot), ""]
    out += ["## Sources", ""]
    out += [f"- `{s.id}`: {cell(s.cite)}" for s in case.sources]
    out += ["", "## The report", "", "```bash", f"detente run {case.crisis}", "```", ""]
    return "\n".join(out)


def card(found: Any) -> str:
    """Return the card of a case on the index."""
    case = found.scenario
    svg = drawn(found.charts["outcomes"], case.crisis, narrow=True)
    return (f'<a class="card" href="{case.crisis}.html"><strong>{escape(case.title)}</strong>'
            f"{svg}<span>{escape(found.answer)}</span></a>")


def index(cards: dict[str, str]) -> str:
    """Return the page that shows the cases side by side."""
    out = ["# Gallery of cases", "", "The shipped cases with the answer of both models. "
           "Select a title to read the page of the case.", "",
           "```{raw} html", '<div class="gallery">', *cards.values(), "</div>", "```", "",
           "```{toctree}", ":hidden:", "", *cards, "```", ""]
    return "\n".join(out)


def shipped() -> list[str]:
    """Return the names of the shipped cases."""
    import detente.cases as cases

    return sorted(cases.shipped())


def write() -> None:
    """Analyse every shipped case and write its page, then the index.

    One analysis is held at a time, because a build of all pages needs the memory.
    """
    import detente as dt

    HERE.mkdir(exist_ok=True)
    cards = {}
    for name in shipped():
        found = dt.analyse(name, **SETTINGS)
        (HERE / f"{name}.md").write_text(page(found), encoding="utf-8")
        cards[name] = card(found)
    (HERE / "index.md").write_text(index(cards), encoding="utf-8")


if __name__ == "__main__":
    write()
