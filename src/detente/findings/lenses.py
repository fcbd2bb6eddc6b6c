"""Other models of a case: its graph model and its positions, compared with the game.

A case folder may hold ``NAME.graph.yaml`` and ``NAME.positions.yaml`` (or ``.csv``) beside the
crisis file. Each model answers its own question; nothing is averaged, and the section names the
outcomes about which they disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.findings.finding import Finding
from detente.identifiers import NO_TITLES
from detente.render.numbers import span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.lenses.graph_model.study import Study
    from detente.render.section import Section

__all__ = ["FINDING", "beside", "files", "lenses", "section"]

FREQUENT, RARE = 0.25, 0.05
"""Outcomes with at least, or at most, this probability are compared with the graph model."""


def files(case: str | Path) -> dict[str, Path]:
    """Return the files of the other models in the folder of a crisis file.

    Parameters
    ----------
    case
        The crisis file.

    Returns
    -------
    dict
        ``"graph"`` and ``"positions"``, those that exist.
    """
    path = Path(case)
    stem = path.name.split(".")[0]
    found = {}
    for lens, endings in (
        ("graph", ("graph.yaml",)),
        ("positions", ("positions.yaml", "positions.csv")),
    ):
        for ending in endings:
            place = path.with_name(f"{stem}.{ending}")
            if lens not in found and place.is_file():
                found[lens] = place
    return found


def lenses(
    case: str | Path,
    outcomes: Sequence[Mapping[str, Any]] = (),
    *,
    samples: int = 500,
    seed: int = 0,
    words: Mapping[str, str] = NO_TITLES,
) -> list[Section]:
    """Return the sections of the other models of a case, a comparison first.

    Parameters
    ----------
    case
        The crisis file.
    outcomes
        Outcomes of the game: ``name``, ``deliberate``, ``fallible``; ``low`` and ``high`` or None.
    samples, seed
        Of the positions' bands.
    words
        The words for an outcome by its name; the name itself if not given.

    Raises
    ------
    InputError
        A lens file is wrong.
    """
    out: list[Section] = []
    study = found = None
    places = files(case)
    if "graph" in places:
        from detente.lenses.graph_model.file import load
        from detente.lenses.graph_model.sections import sections as graph_sections
        from detente.lenses.graph_model.study import study as run

        study = run(load(places["graph"]))
        out += graph_sections(study)
    if "positions" in places:
        from detente.lenses.positions.findings import find
        from detente.lenses.positions.read import read_hashed
        from detente.lenses.positions.sections import sections as position_sections

        place = places["positions"]
        table, sha256 = read_hashed(place)
        found = find(
            table,
            models=("compromise", "median", "nash", "spatial"),
            samples=samples,
            seed=seed,
            path=str(place),
            sha256=sha256,
            name=place.name.split(".")[0],
        )
        out += position_sections(found)
    if study is not None or found is not None:
        from detente.lenses.positions.findings import answer as position_answer

        out.insert(0, beside(
            outcomes, study, None if found is None else position_answer(found), words))
    return out


def beside(
    outcomes: Sequence[Mapping[str, Any]], study: Study | None, positions: str | None,
    words: Mapping[str, str] = NO_TITLES,
) -> Section:
    """Return the result of each model for the same outcomes, and their disagreements."""
    from detente.render.section import Column, Section, Table

    rows, remarks = [], []
    for row in outcomes:
        states = () if study is None else study.case.endings.get(row["name"], ())
        says = "no such state in the model" if not states else _graph_says(study, states)
        remark = _remark(row, study, states)
        if remark:
            remarks.append(f"{words.get(row['name'], row['name'])}: {remark}")
        rows.append(
            [words.get(row["name"], row["name"]), row.get("deliberate"), row.get("fallible"),
             span(row.get("low"), row.get("high")), says, remark or ""]
        )  # fmt: skip
    notes = ["The models answer different questions and are not averaged. The game gives the "
             "probability of an outcome. The graph model gives its stability and the actors that "
             "can bring it about. Positions give the outcome of bargaining over an issue."]
    if positions:
        notes.insert(0, positions)
    lead = (
        "The models disagree about " + "; ".join(remarks) + "."
        if remarks
        else "The models do not disagree about any outcome."
        if rows and study is not None
        else "The case has other models, which follow."
    )
    heads: list[Column | str] = [
        "outcome",
        Column("game, deliberate", format="percent"),
        Column("game, fallible", format="percent"),
        "game, range",
        "graph model",
        "remark",
    ]
    tables = [Table("Outcomes by model", heads, rows)] if rows else []
    return Section(id="lenses", title=FINDING.title, lead=lead,
                   tables=tables, notes=notes)  # fmt: skip


def _verdicts(study: Study, states: Sequence[int]) -> tuple[list[str], set[str]]:
    sets = study.main.sets()
    concepts = [c for c in sets if any(s in sets[c] for s in states)]
    stable = {s for s in states if any(s in x for x in sets.values())}
    return concepts, {e.verdict for e in study.evolution if e.state in stable}


def _graph_says(study: Study | None, states: Sequence[int]) -> str:
    if study is None:
        return ""
    concepts, ways = _verdicts(study, states)
    if not concepts:
        return "not stable under any concept"
    way = next(
        (w for w in ("here", "by improvements", "needs a step back", "out of reach") if w in ways),
        "",
    )
    words = {"here": "today's state",
             "by improvements": "reached by moves that benefit every mover",
             "needs a step back": "reached only if one party first moves against its interest",
             "out of reach": "out of reach from today"}  # fmt: skip
    return f"stable ({', '.join(concepts)})" + (f"; {words[way]}" if way else "")


def _remark(row: Mapping[str, Any], study: Study | None, states: Sequence[int]) -> str:
    if study is None or not states:
        return ""
    concepts, ways = _verdicts(study, states)
    chances = [p for p in (row.get("deliberate"), row.get("fallible")) if p is not None]
    if not chances:
        return ""
    if min(chances) >= FREQUENT and not concepts:
        return "frequent in the game, stable under no concept of the graph model"
    if min(chances) >= FREQUENT and not ways & {"here", "by improvements"}:
        return "frequent in the game, but no party of the graph model gains from the first step"
    firm = len(concepts) == len(study.main.stable)
    if max(chances) <= RARE and firm and ways & {"here", "by improvements"}:
        return "rare in the game, but stable and within reach in the graph model"
    return ""


def section(analysis: Analysis) -> list[Section] | None:
    """Return the sections of the other models; None if no file of them lies beside the case."""
    from detente.findings.outcomes import rows

    world = analysis.scenario.outside
    case = None if world is None else world.case
    if case is None or not files(case):
        return None
    return lenses(case, analysis.once(rows), seed=analysis.seed,
                  words=analysis.ending_words)


FINDING = Finding("lenses", "Comparison with other models", 150, section)
