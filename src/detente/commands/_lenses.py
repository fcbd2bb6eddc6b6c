"""The other lenses of a case: its graph model and its positions, beside what the game says.

A case folder may hold ``NAME.graph.yaml`` and ``NAME.positions.yaml`` (or ``.csv``) beside the
crisis file. Each lens answers in its own words; nothing is averaged, and where two of them sit
badly together that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.lenses.graph_model.study import Study
    from detente.render.section import Section

__all__ = ["beside", "files", "lenses"]

OFTEN, SELDOM = 0.25, 0.05
"""An ending the game reaches at least, or at most, this often is compared with the graph model."""


def files(case: str | Path) -> dict[str, Path]:
    """Return the files of the other lenses that lie beside a crisis file.

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
    say: Callable[[str], str] = str,
) -> list[Section]:
    """Return the sections of the other lenses of a case, a comparison first; none if it has none.

    Parameters
    ----------
    case
        The crisis file.
    outcomes
        What the game says: ``name``, ``deliberate``, ``fallible``; ``low`` and ``high`` or None.
    samples, seed
        Of the positions' bands.
    say
        What to print for an ending.

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
        from detente.lenses.positions.read import file_hash, read
        from detente.lenses.positions.sections import sections as position_sections

        place = places["positions"]
        found = find(
            read(place),
            models=("compromise", "median", "nash", "spatial"),
            samples=samples,
            seed=seed,
            path=str(place),
            sha256=file_hash(place),
            name=place.name.split(".")[0],
        )
        out += position_sections(found)
    if study is not None or found is not None:
        from detente.lenses.positions.findings import answer as position_answer

        out.insert(0, beside(
            outcomes, study, None if found is None else position_answer(found), say))
    return out


def beside(
    outcomes: Sequence[Mapping[str, Any]], study: Study | None, positions: str | None,
    say: Callable[[str], str] = str,
) -> Section:
    """Return what each lens says about the same endings, and where they sit badly together."""
    from detente.findings.answer import span
    from detente.render.section import Column, Section, Table

    rows, remarks = [], []
    for row in outcomes:
        states = () if study is None else study.case.endings.get(row["name"], ())
        says = "no such state in the model" if not states else _graph_says(study, states)
        remark = _remark(row, study, states)
        if remark:
            remarks.append(f"{say(row['name'])}: {remark}")
        rows.append(
            [say(row["name"]), row.get("deliberate"), row.get("fallible"),
             span(row.get("low"), row.get("high")), says, remark or ""]
        )  # fmt: skip
    notes = ["The lenses answer different questions and are not averaged: the game says how likely "
             "an ending is, the graph model whether it would last and who can bring it about, "
             "positions where an issue would settle."]  # fmt: skip
    if positions:
        notes.insert(0, positions)
    lead = (
        "The lenses sit badly together on " + "; ".join(remarks) + "."
        if remarks
        else "Nothing the lenses say about the same ending is at odds."
        if rows and study is not None
        else "What the other lenses of this case say."
    )
    heads: list[Column | str] = [
        "ending",
        Column("game, deliberate", format="percent"),
        Column("game, fallible", format="percent"),
        "game, band",
        "graph model",
        "remark",
    ]
    tables = [Table("The same endings, lens by lens", heads, rows)] if rows else []
    return Section(id="lenses", title="The same question through other lenses", lead=lead,
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
    words = {"here": "today's state", "by improvements": "reached by moves all movers gain from",
             "needs a step back": "reached only if somebody goes first against their interest",
             "out of reach": "out of reach from today"}  # fmt: skip
    return f"stable ({', '.join(concepts)})" + (f"; {words[way]}" if way else "")


def _remark(row: Mapping[str, Any], study: Study | None, states: Sequence[int]) -> str:
    if study is None or not states:
        return ""
    concepts, ways = _verdicts(study, states)
    chances = [p for p in (row.get("deliberate"), row.get("fallible")) if p is not None]
    if not chances:
        return ""
    if min(chances) >= OFTEN and not concepts:
        return "frequent in the game, stable under no concept of the graph model"
    if min(chances) >= OFTEN and not ways & {"here", "by improvements"}:
        return "frequent in the game, but in the graph model nobody gains from the first step"
    firm = len(concepts) == len(study.main.stable)
    if max(chances) <= SELDOM and firm and ways & {"here", "by improvements"}:
        return "rare in the game, but stable and within reach in the graph model"
    return ""
