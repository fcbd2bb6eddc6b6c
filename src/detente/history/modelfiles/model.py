"""A model file, checked: a crisis, its endings, and links from covariates to its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from detente.arrays import Floats, Ints
from detente.errors import nearest, one_of
from detente.game.compile import Compiled, compile_scenario
from detente.history.modelfiles.estimate import Estimate
from detente.history.modelfiles.fit import fit
from detente.history.modelfiles.indices import Indices, link
from detente.history.modelfiles.schema import EndingEntry, IndexEntry, ModelEntry
from detente.history.modelfiles.spec import Spec, pair
from detente.identifiers import Act
from detente.scenario.paths import canonical
from detente.scenario.problems import Problem
from detente.scenario.yamlfile import Document

__all__ = ["ModelFile", "build"]


class ModelFile(Spec):
    """A crisis whose numbers depend on covariates, which can be estimated on a table.

    `detente.cases.modelfile.read_model` reads one.
    """

    def fit(self, rows: pd.DataFrame, *, seed: int = 0, starts: int = 5) -> Estimate:
        """Estimate the coefficients by maximum a posteriori.

        Parameters
        ----------
        rows
            One row per crisis: the covariates, and ``ending``. A column ``pair`` names the clusters
            of the covariance; without it each row is its own. If the file has ``weights``, the
            column of that name.
        seed
            Seed of the random starts.
        starts
            Searches for a maximum: one from the prior means, the others from draws of the prior.
            Only the five best go on after their first 60 steps.

        Raises
        ------
        InputError
            The rows lack a covariate or the weights, or hold an ending that the file does not have.
        SolveError
            No search reached coefficients at which the observed endings are possible.
        """
        return fit(self, rows, seed=seed, starts=starts)

    def only(self, covariates: Iterable[str]) -> ModelFile:
        """Return the model with only these covariates; terms of all others are left out.

        Priors of coefficients that no longer occur are dropped.
        """
        kept = set(covariates)

        def cut(one: Any) -> Any:
            terms = ({x: c for x, c in one.terms.items() if x in kept}
                     if isinstance(one.terms, dict) else [x for x in one.terms if x in kept])
            return one.model_copy(update={"terms": terms})

        entry = self.entry.model_copy(update={
            "numbers": {k: cut(one) for k, one in self.entry.numbers.items()},
            "utilities": {k: cut(one) for k, one in self.entry.utilities.items()},
        })
        parts, offset, centre = _parts(self.compiled, entry)
        indices = Indices.of(parts, offset)
        entry = entry.model_copy(update={
            "priors": {k: p for k, p in entry.priors.items() if k in indices.coefficients}})
        mean, sd, _ = _priors(entry, indices, centre)
        return replace(self, entry=entry, indices=indices, mean=mean, sd=sd)


def build(document: Document, entry: ModelEntry, scenario: Any) -> ModelFile:
    """Return the model of a file whose schema and crisis are checked already.

    Raises
    ------
    InputError
        A path, player, ending or coefficient does not exist, a leaf has no ending or several, or a
        number does not suit its link; `InputErrors` if there are several faults.
    """
    compiled = compile_scenario(scenario)
    ending, found = _leaves(compiled, entry)
    found += list(_numbers(compiled, entry)) + list(_utilities(compiled, entry))
    wrong = document.gather(found)
    if wrong is not None:
        raise wrong
    parts, offset, centre = _parts(compiled, entry)
    indices = Indices.of(parts, offset)
    mean, sd, found = _priors(entry, indices, centre)
    wrong = document.gather(found)
    if wrong is not None:
        raise wrong
    return ModelFile(entry, compiled, ending, indices, mean, sd, document.file, document.sha256)


def _leaves(compiled: Compiled, entry: ModelEntry) -> tuple[Ints, list[Problem]]:
    """Return the ending of each leaf, and the faults of the endings."""
    tree = compiled.tree
    found = []
    names = np.array([str(kind) for kind in tree.outcome_kinds])
    for name, sets in entry.endings.items():
        for k, one in enumerate(sets):
            for outcome in one.outcome or ():
                if outcome not in names:
                    found.append(Problem(
                        ("endings", name, k), f"the crisis has no outcome {outcome!r}",
                        one_of(outcome, names), nearest(outcome, names)))
    climbs = np.array([
        len({act.actor for act in tree.history(int(leaf))
             if isinstance(act, Act) and act.verb == "escalate"}) for leaf in tree.leaves
    ])

    def holds(one: EndingEntry) -> Any:
        inside = np.ones(len(tree.leaves), dtype=bool)
        if one.outcome is not None:
            inside &= np.isin(names[tree.outcome], one.outcome)
        if one.escalated is not None:
            inside &= np.isin(climbs, one.escalated)
        return inside

    member = np.array([
        np.any([holds(one) for one in sets], axis=0) for sets in entry.endings.values()])
    if not found:
        for k, name in enumerate(entry.endings):
            if not member[k].any():
                found.append(Problem(("endings", name), "no leaf of the tree has this ending",
                                     "outcomes that the tree reaches"))
        for count, words in ((member.sum(axis=0) == 0, "have no ending"),
                             (member.sum(axis=0) > 1, "have several endings")):
            if count.any():
                these = Counter(f"{names[tree.outcome[z]]} (actors who escalated: {climbs[z]})"
                                for z in np.flatnonzero(count))
                found.append(Problem(
                    ("endings",), f"{int(count.sum())} leaves {words}: "
                    + ", ".join(sorted(these)), "one ending for each leaf"))
    return np.argmax(member, axis=0).astype(np.int64), found


def _numbers(compiled: Compiled, entry: ModelEntry) -> Iterator[Problem]:
    for written, one in entry.numbers.items():
        path = canonical(written)
        if path not in compiled.paths:
            yield Problem(("numbers", written), f"the crisis has no number {written!r}",
                          one_of(path, compiled.paths), nearest(path, compiled.paths), at_key=True)
            continue
        centre = compiled.centre[compiled.paths.index(path)]
        if (one.link == "log" and centre <= 0) or (one.link == "logit" and not 0 < centre < 1):
            yield Problem(
                ("numbers", written, "link"), f"the template's value {centre:g} has no {one.link}",
                "a value above 0 in the crisis" if one.link == "log"
                else "a value between 0 and 1 in the crisis")


def _utilities(compiled: Compiled, entry: ModelEntry) -> Iterator[Problem]:
    for key in entry.utilities:
        who, end = pair(key)
        for name, known, what in ((who, compiled.tree.players, "player"),
                                  (end, tuple(entry.endings), "ending")):
            if name not in known:
                yield Problem(("utilities", key), f"there is no {what} {name!r}",
                              f"PLAYER at ENDING; {what}: {one_of(name, known)}",
                              nearest(name, known), at_key=True)


def _parts(
    compiled: Compiled, entry: ModelEntry
) -> tuple[dict[str, list[tuple[str | None, str]]], list[float], dict[str, set[float]]]:
    """Return the parts and the offset of each index, and the template's value of intercepts."""
    parts: dict[str, list[tuple[str | None, str]]] = {}
    offset, centre = [], dict[str, set[float]]()

    def add(key: str, one: IndexEntry, value: float) -> None:
        terms: list[tuple[str | None, str]] = []
        if one.intercept is not False:
            name = key if one.intercept is True else str(one.intercept)
            terms.append((None, name))
            centre.setdefault(name, set()).add(value)
        offset.append(value if one.intercept is False else 0.0)
        pairs = (one.terms.items() if isinstance(one.terms, dict)
                 else [(x, f"{key}: {x}") for x in one.terms])
        parts[key] = [*terms, *pairs]

    for path, one in entry.numbers.items():
        key = canonical(path)
        add(key, one, link(one.link, float(compiled.centre[compiled.paths.index(key)])))
    for key, index in entry.utilities.items():
        add(key, index, 0.0)
    return parts, offset, centre


def _priors(
    entry: ModelEntry, indices: Indices, centre: dict[str, set[float]]
) -> tuple[Floats, Floats, list[Problem]]:
    mean, sd, found = [], [], []
    for name in entry.priors:
        if name not in indices.coefficients:
            found.append(Problem(("priors", name), f"the model has no coefficient {name!r}",
                                 one_of(name, indices.coefficients),
                                 nearest(name, indices.coefficients), at_key=True))
    for name in indices.coefficients:
        given = entry.priors.get(name)
        at = centre.get(name, {0.0})
        if len(at) > 1 and (given is None or given.mean is None):
            found.append(Problem(
                ("priors",), f"the intercept {name!r} serves numbers with different values",
                f"a prior mean for {name!r}"))
        default = entry.shrinkage.intercepts if name in centre else entry.shrinkage.terms
        mean.append(given.mean if given is not None and given.mean is not None else min(at))
        sd.append(given.sd if given is not None and given.sd is not None else default)
    return np.array(mean), np.array(sd), found
