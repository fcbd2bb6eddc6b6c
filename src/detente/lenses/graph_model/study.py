"""All results of the graph model for one file, computed once for every kind of output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from detente.lenses.graph_model import coalitions, extended, robustness
from detente.lenses.graph_model.coalitions import (
    CoalitionImprovement,
    coalition_improvements,
    coalition_stability,
)
from detente.lenses.graph_model.extended import READINGS, analyse_extended
from detente.lenses.graph_model.file import GraphCase
from detente.lenses.graph_model.inverse import Inverse, invert
from detente.lenses.graph_model.robustness import Swap, swaps
from detente.lenses.graph_model.stability import CONCEPTS, Stability, analyse
from detente.lenses.graph_model.statusquo import Evolution, from_status_quo
from detente.version import __version__

__all__ = ["Study", "study"]

LISTED = 4096
"""Most states that JSON lists one by one."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Study:
    """All findings about one graph model.

    Attributes
    ----------
    case : GraphCase
    analyses : tuple of Stability
        The main analysis, then variants under strength or uncertainty of preference.
    evolution : tuple of Evolution
        From the status quo to every equilibrium of any concept; empty without a status quo.
    improvements : tuple of CoalitionImprovement
        Coalition improvements from each Nash, SMR or SEQ equilibrium and from the status quo.
    universal : dict of concept -> tuple of states stable for every coalition, or None
    wanted : int or None
    inverse : tuple of Inverse
        For the wanted state.
    swaps : tuple of Swap or None
        None if there are too many states.
    notes : tuple of str
        Analyses that were omitted, with the reason.
    """

    case: GraphCase
    analyses: tuple[Stability, ...]
    evolution: tuple[Evolution, ...]
    improvements: tuple[CoalitionImprovement, ...]
    universal: dict[str, tuple[int, ...]] | None
    wanted: int | None
    inverse: tuple[Inverse, ...]
    swaps: tuple[Swap, ...] | None
    notes: tuple[str, ...]

    @property
    def main(self) -> Stability:
        """The main analysis."""
        return self.analyses[0]

    def equilibria(self) -> list[int]:
        """States that are an equilibrium under some concept of the main analysis."""
        return sorted(set().union(*self.main.sets().values()))

    def as_dict(self) -> dict[str, Any]:
        """Return one JSON-ready document."""
        model, case = self.case.model, self.case
        name = model.states.__getitem__
        makers = model.names
        document: dict[str, Any] = {
            "graph": case.file.graph,
            "title": case.file.title,
            "question": case.file.question,
            "file": case.path,
            "file_sha256": case.sha256,
            "version": __version__,
            "decision_makers": [
                {"id": m, "name": n, "options": [o for mm, o in model.options if mm == m]}
                for m, n in zip(makers, case.makers, strict=True)
            ],
            "counts": {"states": model.size, "moves": model.moves.count},
            "variant": self.main.variant,
            "equilibria": {c: self.main.names(c) for c in self.main.stable},
            "variants": [
                {"variant": a.variant, "equilibria": {c: a.names(c) for c in a.stable}}
                for a in self.analyses[1:]
            ],
            "status_quo": None if model.status_quo is None else name(model.status_quo),
            "evolution": [
                {
                    "state": name(e.state),
                    "verdict": e.verdict,
                    "moves": self._path(e.path),
                    "improving_moves": self._path(e.improving_path),
                }
                for e in self.evolution
            ],
            "coalition_improvements": [
                {
                    "coalition": [makers[i] for i in c.members],
                    "from": name(c.start),
                    "to": name(c.end),
                    "moves": self._path(c.path),
                }
                for c in self.improvements
            ],
            "coalition_stable": None
            if self.universal is None
            else {k: [name(s) for s in v] for k, v in self.universal.items()},
            "inverse": None
            if self.wanted is None
            else {
                "wanted": name(self.wanted),
                "decision_makers": [self._inverse(i) for i in self.inverse],
            },
            "swaps": None if self.swaps is None else [self._swap(s) for s in self.swaps],
            "notes": list(self.notes),
        }
        if model.size <= LISTED:
            document["states"] = [
                {
                    "name": name(s),
                    "says": case.describe(s),
                    "stable": {
                        c: [makers[i] for i in range(model.n) if stable[i, s]]
                        for c, stable in self.main.stable.items()
                    },
                }
                for s in range(model.size)
            ]
        return document

    def _path(self, path: Sequence[tuple[int, int]] | None) -> list[dict[str, str]] | None:
        model = self.case.model
        if path is None:
            return None
        return [{"by": model.names[i], "to": model.states[s]} for i, s in path]

    def _inverse(self, found: Inverse) -> dict[str, Any]:
        model = self.case.model
        return {
            "decision_maker": model.names[found.maker],
            "concept": found.concept,
            "stable_now": found.stable,
            "share_of_rankings": found.share,
            "must_rise": found.rise,
            "or_fall_below": None
            if found.lower is None
            else [model.states[s] for s in found.lower],
            "conditions": [
                {
                    "move": model.states[c.move],
                    "or_sanctioned_by": [
                        sorted(model.states[s] for s in part) for part in c.sanctions[:50]
                    ],
                }
                for c in found.clauses
            ],
        }

    def _swap(self, s: Swap) -> dict[str, Any]:
        def named(sets: dict[str, tuple[int, ...]]) -> dict[str, list[str]]:
            return {c: [self.case.model.states[k] for k in v] for c, v in sets.items()}

        return {
            "decision_maker": self.case.model.names[s.maker],
            "what": s.what,
            "preferred": " = ".join(s.better),
            "to": " = ".join(s.worse),
            "gained": named(s.gained),
            "lost": named(s.lost),
        }


def study(
    case: GraphCase,
    *,
    concepts: Sequence[str] = CONCEPTS,
    wanted: int | None = None,
    robust: bool = True,
    progress: Progress | None = None,
) -> Study:
    """Run every analysis that the model's size and preferences allow.

    Parameters
    ----------
    case
        From :func:`detente.lenses.graph_model.file.load`.
    concepts
        Stability concepts.
    wanted
        A state for inverse analysis.
    robust
        Whether to try every swap of adjacent levels in the rankings.
    progress
        Called during the swaps.
    """
    model, notes = case.model, []
    if model.has_unknown:
        analyses = [analyse_extended(model, reading, concepts) for reading in READINGS]
    else:
        analyses = [analyse(model, concepts)]
    sanctioned = [c for c in concepts if c != "Nash"]
    if model.has_strength and sanctioned:
        if model.has_unknown and model.size <= extended.LIMIT:
            analyses += [analyse_extended(model, r, sanctioned, strong=True) for r in READINGS]
        elif not model.has_unknown:
            analyses.append(analyse(model, sanctioned, strong=True))
    main = analyses[0]
    found = sorted(set().union(*main.sets().values()))
    if model.status_quo is None:
        notes.append("Paths to equilibria were not computed, because the file names no status quo.")
        evolution = []
    else:
        evolution = from_status_quo(model, found[:500])
    improvements, universal = _coalitions(case, main, concepts, notes)
    tried: tuple[Swap, ...] | None = None
    if robust and not model.has_unknown and model.size <= robustness.LIMIT:
        tried = tuple(swaps(model, concepts, case.statements, progress))
    elif robust:
        why = "preferences are unknown" if model.has_unknown else "there are too many states"
        notes.append(f"Swaps of adjacent levels in rankings were not tried, because {why}.")
    inverse: list[Inverse] = []
    if wanted is not None and not model.has_unknown:
        inverse = [x for c in concepts for x in invert(model, wanted, c)]
    elif wanted is not None:
        notes.append("Inverse analysis was omitted, because some preferences are unknown.")
        wanted = None
    return Study(
        case,
        tuple(analyses),
        tuple(evolution),
        tuple(improvements),
        universal,
        wanted,
        tuple(inverse),
        tried,
        tuple(notes),
    )


def _coalitions(
    case: GraphCase, main: Stability, concepts: Sequence[str], notes: list[str]
) -> tuple[list[CoalitionImprovement], dict[str, tuple[int, ...]] | None]:
    model = case.model
    if model.has_unknown:
        notes.append("Coalitions were not analysed, because some preferences are unknown.")
        return [], None
    asked = set().union(*(main.sets().get(c, frozenset()) for c in ("Nash", "SMR", "SEQ")))
    if model.status_quo is not None:
        asked.add(model.status_quo)
    improvements = []
    if model.size <= coalitions.LIMIT:
        for s in sorted(asked)[:200]:
            improvements += coalition_improvements(model, s)
    if model.size > coalitions.LIMIT or model.n > 8:
        notes.append("Coalition stability was not analysed, because the model is too large.")
        return improvements, None
    table = coalition_stability(model, concepts)
    universal = {
        c: tuple(s for s in range(model.size) if all(table[h][c][s] for h in table))
        for c in concepts
    }
    return improvements, universal
