"""Claims at the structural neighbours and alternatives of a crisis, in both models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.analysis.claims.facts import verdict
from detente.analysis.claims.result import AtStructure
from detente.analysis.claims.sampling import share
from detente.analysis.claims.solving import Point, over
from detente.analysis.samples import draws
from detente.arrays import Floats
from detente.claims.check import check
from detente.claims.document import same_types
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import Lab, variants_in
from detente.defaults import SEED
from detente.errors import DetenteError

if TYPE_CHECKING:
    from detente.analysis.structure import Neighbour, Structure

__all__ = ["over_structure"]

LARGE = 20_000
"""Nodes of the largest neighbour at which claims are evaluated that need variants solved too."""
SAMPLES = 128
"""Samples of an alternative of the file at which claims are evaluated."""


def over_structure(
    texts: Sequence[str], structure: Structure | None, *, samples: int = SAMPLES,
    seed: int = SEED, weights: Floats | None = None, workers: int = 1,
) -> list[list[AtStructure]]:
    """Evaluate claims at every structural neighbour, at the centre of the ranges.

    At the alternatives of the file they are also evaluated over samples in the fallible model.

    Parameters
    ----------
    texts : sequence of str
        The conditions of the claims.
    structure : Structure or None
        The alternatives and neighbours, with their solutions.
    samples : int
        Samples of the ranges, `SAMPLES` at most.
    seed : int
        Of the samples.
    weights : array, optional
        How many samples each one counts for.
    workers : int
        Threads.

    Returns
    -------
    list of list of AtStructure
        For each claim, its verdict at each neighbour.
    """
    if structure is None or not texts:
        return [[] for _ in texts]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max(1, workers)) as pool:
        columns = list(pool.map(lambda n: at_neighbour(texts, n), structure.others))
    for place, one in enumerate(structure.others):
        if one.weight is not None and samples > 0:
            columns[place] = sampled(texts, columns[place], one, min(samples, SAMPLES), seed,
                                     weights, workers)
    return [[column[k] for column in columns] for k in range(len(texts))]


def sampled(
    texts: Sequence[str], column: Sequence[AtStructure], one: Neighbour, samples: int, seed: int,
    weights: Floats | None, workers: int,
) -> list[AtStructure]:
    """Return the verdicts at an alternative with each claim's share of its samples."""
    out = [replace(at, weight=one.weight) for at in column]
    if one.solution is None:
        return out
    compiled, fallible, _ = one.solution
    lab, names = Lab(compiled), Names.of_graph(compiled.graph)
    # A claim with a note cannot be tested there.
    asked = [k for k, at in enumerate(out) if not at.note]
    claims = [check(parse(texts[k]), names) for k in asked]
    if not claims:
        return out
    theta = draws(compiled, samples, seed)
    found = over(lab, claims, theta, Point(lab, fallible, compiled.centre), workers=workers)
    for place, k in enumerate(asked):
        out[k] = replace(out[k], share=share(found, place, weights))
    return out


def at_neighbour(texts: Sequence[str], neighbour: Neighbour) -> list[AtStructure]:
    """Return the verdict on each claim at one neighbour."""
    label = neighbour.label
    if neighbour.solution is None:
        return [AtStructure(label, note=neighbour.note or "not solved") for _ in texts]
    compiled, fallible, deliberate = neighbour.solution
    lab, names = Lab(compiled), Names.of_graph(compiled.graph)
    centre = Point(lab, fallible, compiled.centre)
    careful = Point(lab, deliberate, compiled.centre, start=centre)
    out = []
    for text in texts:
        try:
            claim = check(parse(text), names)
            same_types(claim, compiled.graph)
            if any(variants_in(claim)) and compiled.tree.n_nodes > LARGE:
                out.append(AtStructure(
                    label, note=f"not solved: its variants have more than {LARGE:,} nodes"))
                continue
            one = verdict(claim, text, centre, "fallible")
            two = verdict(claim, text, careful, "deliberate")
        except DetenteError as error:
            out.append(AtStructure(label, note=f"cannot be tested there: {error}"))
        else:
            out.append(AtStructure(
                label, None if one.close else one.holds, None if two.close else two.holds,
                one.certified and two.certified))
    return out
