"""The world around a crisis: blocs, alignments and shocks of the ties file beside the case.

Everything here is judged outside the game. Networks under different definitions of a tie stand
side by side; nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.findings.finding import Finding, frame
from detente.world.align_document import Document

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Chart, Section
    from detente.world.align_study import Study
    from detente.world.asked import World
    from detente.world.balance import Frustration
    from detente.world.study import Study as Network

__all__ = ["FINDING", "MISSING", "NetworkRow", "WorldFound", "rows", "section"]

MISSING = (
    "No file NAME.ties.yaml lies beside the crisis file, so nothing is said about the alignments "
    "of states. Its keys: `ties`, `title`, `definitions`, `actors`, `pairs`, and `shocks`.")


class NetworkRow(TypedDict):
    """A network under one definition: its blocs, null models, and states with two loyalties."""

    definition: str
    says: str
    actors: int
    ties: int
    hostile: int
    two_blocs: dict[str, Any]
    many_blocs: dict[str, Any]
    nulls: list[dict[str, Any]]
    between: list[dict[str, Any]]
    at_once: list[list[str]]


class WorldFound(TypedDict):
    """The world around a crisis, judged outside the game.

    ``fetch`` is the command that downloads the data of the ties; the other parts are then empty.
    """

    fetch: str
    networks: list[NetworkRow]
    alignment: Document | None


def world_of(analysis: Analysis) -> World | None:
    """Return the world outside the case; None if it has no ties file."""
    world: Any = analysis.scenario.outside
    return None if world is None or world.ties is None else world


def networks(analysis: Analysis) -> dict[str, Network]:
    """Return the networks by definition; empty if the file has no ties."""
    world = world_of(analysis)
    if world is None or world.absent():
        return {}
    file = world.need()
    return {name: world.network(name) for name in file.definitions if file.ties(name).m}


def kept(analysis: Analysis) -> dict[str, Network]:
    """Return `networks`, computed once."""
    return analysis.once(networks)


def rows(analysis: Analysis) -> dict[str, Any] | None:
    """Return the world as JSON holds it; None if no ties file lies beside the case."""
    from detente.render.plain import plain
    from detente.world.align_document import document

    world = world_of(analysis)
    if world is None:
        return None
    if absent := world.absent():
        return {"fetch": f"detente data fetch {' '.join(absent)}", "networks": [],
                "alignment": None}
    made: dict[str, Any] = plain({
        "fetch": "",
        "networks": [{
            "definition": name, "says": n.ties.words, "actors": n.ties.n, "ties": n.ties.m,
            "hostile": n.ties.negative, "two_blocs": n.two.as_dict(),
            "many_blocs": n.many.as_dict(), "nulls": [x.as_dict() for x in n.nulls],
            "between": [b.as_dict(n.ties) for b in n.between],
            "at_once": [[a, b] for a, b, _ in n.at_once],
        } for name, n in kept(analysis).items()],
        "alignment": document(world.study()),
    })
    return made


def section(analysis: Analysis) -> Sequence[Section] | None:
    """Return the networks, the alignments and the shocks; None if there is no ties file."""
    from detente.render import Section
    from detente.world.align_sections import alignment_section, fold_section

    world = world_of(analysis)
    if world is None:
        return None
    if absent := world.absent():
        return [Section(
            FINDING.key, FINDING.title, "The ties of this case come from data that is not "
            f"installed. Run `detente data fetch {' '.join(absent)}`, then run this command again. "
            "Nothing is downloaded without that command.")]
    made, found = world.study(), kept(analysis)
    out = []
    if found:
        out += [balance_section(made, found), alignment_section(made)]
    if made.shocks:
        out.append(fold_section(made.file, dict(made.shocks)))
    return out


def balance_section(made: Study, found: dict[str, Network]) -> Section:
    """Return blocs and null models by definition, and the states with two loyalties."""
    from detente.render import Column, Section, Table

    blocs = [(name, kind, x.index, "yes" if x.exact else f"no, at least {x.bound}",
              _groups(made, n, groups),
              ", ".join(map(made.title, n.two.either)) if kind == "two" else "not counted",
              _alone(made, n))
             for name, n in found.items()
             for kind, x, groups in (("two", n.two, _sides(n.two)), ("any number", n.many,
                                                                     n.many.groups))]
    null = [(name, n.two.index, x.words, f"{x.mean:.1f} ± {x.sd:.1f}", x.at_or_below)
            for name, n in found.items() for x in n.nulls]
    middle = [(made.title(b.actor), " and ".join(map(made.title, b.enemies)), name)
              for name, n in found.items() for b in n.between]
    once = [(f"{made.title(a)} and {made.title(b)}", name)
            for name, n in found.items() for a, b, _ in n.at_once]
    return Section(
        FINDING.key, FINDING.title,
        f"{_counted(made, found)}. All this is judged outside the game.",
        tables=[t for t in (
            Table("Blocs that break the fewest ties", [
                "definition", "blocs", "broken ties", "proved", "blocs of two or more",
                "in either bloc", "alone"], blocs),
            Table("Broken ties of two blocs, beside random networks", [
                "definition", "broken ties", "null model", "mean ± s.d.",
                Column("random networks as balanced or more", format="percent")], null),
            Table("States between two enemies: a friendly tie with each", [
                "state", "enemies", "definition"], middle),
            Table("Friend and enemy at once, counted as hostile", ["states", "definition"], once),
        ) if t.rows],
        charts=[_matrix(made, name, n) for name, n in found.items()],
        notes=[*(f"By {name}: {n.ties.words.rstrip('.')}." for name, n in found.items()),
               "Two null models are printed, because they may disagree: one asks whether the signs "
               "are in better order than by chance, the other whether enmities avoid friends.",
               *_sources(made)],
        certificate="; ".join(
            f"{name}, {kind}: {x.certificate}" for name, n in found.items()
            for kind, x in (("two blocs", n.two), ("any number", n.many))),
        certified=all(n.exact for n in found.values()))


def _counted(made: Study, found: dict[str, Network]) -> str:
    """Return the numbers of states and ties by definition; data lists only states with a tie."""
    data = made.file.file.from_
    said = "; ".join(
        f"by {name}, {f'{n.ties.n} states and ' if data else ''}{n.ties.m} ties, of which "
        f"{n.ties.negative} hostile" for name, n in found.items())
    if data:
        return f"The ties are those of {data.year} from the data: {said}"
    return f"The file {Path(made.file.path).name} has {len(made.file.actors)} states: {said}"


def _sides(two: Frustration) -> list[tuple[str, ...]]:
    held = [tuple(a for a, s in zip(two.ties.actors, two.blocs, strict=True)
                  if s == side and a not in two.either)
            for side in (0, 1)]
    return [group for group in held if group]


def _groups(made: Study, n: Network, groups: Sequence[Sequence[str]]) -> str:
    tied = {n.ties.actors[int(k)] for k in n.ties.edges.ravel()}
    named = [", ".join(made.title(a) for a in group if a in tied) for group in groups]
    return " / ".join(x for x in named if x) or "–"


def _alone(made: Study, n: Network) -> str:
    tied = {n.ties.actors[int(k)] for k in n.ties.edges.ravel()}
    return ", ".join(made.title(a) for a in n.ties.actors if a not in tied) or "–"


def _matrix(made: Study, name: str, n: Network) -> Chart:
    from detente.render.charts import signed_matrix

    groups = [*n.many.groups, *((a,) for a in n.many.alone)]
    cells = [{
        "first": made.title(n.ties.actors[int(i)]), "second": made.title(n.ties.actors[int(j)]),
        "kind": "both at once" if both else "friendly" if value > 0 else "hostile",
        "broken": bool(broken),
    } for (i, j), value, both, broken in zip(
        n.ties.edges, n.ties.values, n.ties.both, n.many.broken, strict=True)]
    return signed_matrix(cells, [made.title(a) for g in groups for a in g], list(map(len, groups)),
                         title=f"Ties in the order of the blocs, by {name}")


def _sources(made: Study) -> list[str]:
    return [f"{key}: {source.cite}" for key, source in made.file.sources.items()]


def table(analysis: Analysis) -> pd.DataFrame:
    """Return one row per definition: its ties, broken ties and both null models."""
    return frame([{
        "definition": name, "actors": n.ties.n, "ties": n.ties.m, "hostile": n.ties.negative,
        "two_blocs": n.two.index, "many_blocs": n.many.index,
        **{f"{x.name}_{key}": getattr(x, key) for x in n.nulls for key in ("mean", "sd")},
        "between": len(n.between), "at_once": len(n.at_once),
    } for name, n in kept(analysis).items()])


FINDING = Finding("world", "World", 135, section, rows, WorldFound | None, table)
