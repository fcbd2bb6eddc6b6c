"""Load a graph model file: schema, states, moves and preferences. Errors name the line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from detente.errors import InputError, nearest, one_of
from detente.lenses.graph_model.build import ranking_of
from detente.lenses.graph_model.model import GraphModel, Moves, Preference
from detente.lenses.graph_model.options import OneWay, OptionForm, StateSpace, matches
from detente.lenses.graph_model.preferences import STRONG, Statement, by_statements
from detente.lenses.graph_model.schema import GraphFile, MakerEntry
from detente.lenses.graph_model.statements import check_option
from detente.scenario.problems import Problem
from detente.scenario.yamlfile import Document, load_model, parse_yaml, validate

__all__ = ["GraphCase", "load", "loads"]

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class GraphCase:
    """A graph model with its texts.

    Attributes
    ----------
    model : GraphModel
    file : GraphFile
        The file's content.
    statements : tuple of tuple of Statement
        Ordered statements per decision maker; empty if it has a ranking.
    path, sha256 : str
        The file and its hash.
    endings : dict of name -> states
        States that correspond to each outcome of the crisis game.
    """

    model: GraphModel
    file: GraphFile
    statements: tuple[tuple[Statement, ...], ...]
    path: str
    sha256: str
    endings: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def makers(self) -> tuple[str, ...]:
        """The decision makers' printed names."""
        return tuple(m.name or key for key, m in self.file.decision_makers.items())

    def title(self, s: int) -> str:
        """Return the printed name of a state: its name in words, or the options taken in it."""
        model = self.model
        name = model.states[s]
        if model.vectors is None or s in model.merged or set(name) - set("YN|"):
            return name.replace("_", " ")
        often = Counter(option for _, option in model.options)
        makers = dict(zip(self.file.decision_makers, self.makers, strict=True))
        taken = [
            option.replace("_", " ") if often[option] == 1
            else f"{makers[maker]}: {option.replace('_', ' ')}"
            for (maker, option), yes in zip(model.options, model.vectors[s], strict=True) if yes
        ]
        return " + ".join(taken) or "nothing"

    def describe(self, s: int) -> str:
        """Return the options taken in a state, in words."""
        model = self.model
        if model.vectors is None or s in model.merged:
            return model.states[s]
        entries = [o for m in self.file.decision_makers.values() for o in m.options.values()]
        taken = [e.says for e, yes in zip(entries, model.vectors[s], strict=True) if yes]
        return "; ".join(taken) or "no option is taken"


def load(path: str | Path) -> GraphCase:
    """Read a graph model file.

    Raises
    ------
    InputError
        The first error in the file, with file, line and column.
    """
    written, document = load_model(path, GraphFile)
    return _case(written, document, str(path), document.sha256)


def loads(text: str, name: str = "<text>") -> GraphCase:
    """Read a graph model from text; see :func:`load`.

    Examples
    --------
    >>> case = loads('''
    ... graph: chicken
    ... title: Two cars
    ... decision_makers:
    ...   one: {options: {go: Drive straight on}, preferences: [not (go and on), not on, go]}
    ...   two: {options: {on: Drive straight on}, preferences: [not (go and on), not go, on]}
    ... ''')
    >>> case.model.states, case.describe(1)
    (('N|N', 'Y|N', 'N|Y', 'Y|Y'), 'Drive straight on')
    """
    document = parse_yaml(text, file=name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return _case(validate(document, GraphFile), document, name, digest)


def _case(written: GraphFile, document: Document, path: str, digest: str) -> GraphCase:
    if any(m.options for m in written.decision_makers.values()):
        model, statements, space = _from_options(written, document)
    else:
        (model, statements), space = _from_states(written, document), None
    endings = _endings(written, document, model, space)
    return GraphCase(model, written, statements, path, digest, endings)


def _endings(
    written: GraphFile, document: Document, model: GraphModel, space: StateSpace | None
) -> dict[str, tuple[int, ...]]:
    out: dict[str, tuple[int, ...]] = {}
    for name, text in written.endings.items():
        with _at(document, "endings", name):
            if text in model.states or space is None:
                out[name] = (model.state(text),)
            else:
                out[name] = tuple(np.nonzero(space.where(text))[0].tolist())
            if not out[name]:
                raise InputError(f"no state matches {text!r}",
                                 expected="a state's name, or a pattern that matches a state")
    return out


@contextmanager
def _at(document: Document, *path: str | int, key: bool = False) -> Iterator[None]:
    """Add the place in the file to an error raised inside."""
    try:
        yield
    except InputError as wrong:
        if wrong.file is not None:
            raise
        if wrong.field:
            path = tuple(wrong.field.split("."))
        raise document.error(
            Problem(path, wrong.message, wrong.expected, wrong.nearest, key)
        ) from None


def _from_options(
    written: GraphFile, document: Document
) -> tuple[GraphModel, tuple[tuple[Statement, ...], ...], StateSpace]:
    if written.moves:
        with _at(document, "moves", key=True):
            raise InputError(
                "a file with options also lists `moves`, but moves follow from options",
                expected="`irreversible` for moves that cannot be made",
            )
    form = _form(written, document)
    with _at(document, "infeasible" if written.infeasible else "decision_makers"):
        space = form.space()
    index, names = _state_names(written, document, space)
    preferences, statements = [], []
    for maker, entry in written.decision_makers.items():
        at = ("decision_makers", maker)
        said: list[Statement] = []
        if (entry.preferences is None) == (entry.ranking is None):
            with _at(document, *at):
                raise InputError(
                    "the decision maker has no preferences"
                    if entry.ranking is None
                    else "the decision maker has both preferences and a ranking",
                    expected="either `preferences` or `ranking`",
                )
        if entry.preferences is not None:
            for k, s in enumerate(entry.preferences):
                with _at(document, *at, "preferences", k):
                    said.append(Statement(space.where(s.says), s.says, s.strong, s.unknown))
            with _at(document, *at, "preferences"):
                preference = by_statements(said)
            preference = _with_pairs(preference, _pairs(entry, document, at, index))
        else:
            preference = _ranked(entry, document, at, index)
        preferences.append(preference)
        statements.append(tuple(said))
    model = GraphModel(
        names=tuple(written.decision_makers),
        states=names,
        moves=space.moves,
        preferences=tuple(preferences),
        status_quo=_status_quo(written, document, index),
        options=space.columns,
        vectors=space.vectors,
        merged=tuple(space.merged.values()),
    )
    return model, tuple(statements), space


def _form(written: GraphFile, document: Document) -> OptionForm:
    makers = written.decision_makers
    kept: list[str] = []
    dropped: list[str] = []
    one_way: list[OneWay] = []
    for maker, owner in makers.items():
        for option in owner.options:
            with _at(document, "decision_makers", maker, "options", option, key=True):
                check_option(option)
    form = OptionForm({m: list(entry.options) for m, entry in makers.items()})
    for k, rule in enumerate(written.irreversible):
        with _at(document, "irreversible", k):
            if rule.option is not None:
                if rule.by or rule.start or rule.end:
                    raise InputError("the entry names both an option and a move",
                                     expected="an option or a move; remove one of them")
                form.number(rule.option)
                (kept if rule.once == "taken" else dropped).append(rule.option)
            elif rule.by and rule.start and rule.end:
                if rule.by not in makers:
                    raise InputError(
                        f"no decision maker {rule.by!r}", expected=one_of(rule.by, makers),
                        nearest=nearest(rule.by, makers),
                    )
                one_way.append(OneWay(rule.by, rule.start, rule.end))
            else:
                raise InputError("the entry is incomplete",
                                 expected="`option`, or `by`, `from` and `to`")
    probe = OptionForm(form.options)
    codes = np.arange(min(2 ** len(probe.columns), 2))
    for k, entry in enumerate(written.infeasible):
        with _at(document, "infeasible", k):
            matches(entry.says, codes, probe.columns)
    for k, rule in enumerate(written.irreversible):
        for end in (rule.start, rule.end):
            with _at(document, "irreversible", k):
                if end is not None:
                    matches(end, codes, probe.columns)
    for name, text in written.merged.items():
        with _at(document, "merged", name):
            matches(text, codes, probe.columns)
    return OptionForm(
        form.options,
        [entry.says for entry in written.infeasible],
        kept,
        dropped,
        one_way,
        written.merged,
    )


def _state_names(
    written: GraphFile, document: Document, space: StateSpace
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the names of states that the file may use, and their names in tables."""
    names = list(space.labels)
    index = {label: s for s, label in enumerate(names)}
    index |= {label.replace("|", ""): s for s, label in enumerate(names)}
    if not written.states:
        return index, tuple(names)
    if not isinstance(written.states, Mapping):
        with _at(document, "states"):
            raise InputError(
                "a file with options lists states without patterns",
                expected="names with patterns, such as {s1: YN|N}",
            )
    for name, pattern in written.states.items():
        with _at(document, "states", name):
            if name in space.merged:
                raise InputError(f"{name!r} is already the name of a merged state",
                                 expected="another name")
            hit = np.nonzero(space.where(pattern))[0]
            if len(hit) != 1:
                raise InputError(f"the pattern describes {len(hit)} states",
                                 expected="a pattern that describes exactly one state")
            index[name] = int(hit[0])
            names[int(hit[0])] = name
    return index, tuple(names)


def _from_states(
    written: GraphFile, document: Document
) -> tuple[GraphModel, tuple[tuple[Statement, ...], ...]]:
    if not isinstance(written.states, list) or not written.states:
        with _at(document, "decision_makers", key=True):
            raise InputError(
                "no decision maker has an option",
                expected="options, or a list of `states` and the `moves` between them",
            )
    for key in ("infeasible", "irreversible", "merged"):
        if getattr(written, key):
            with _at(document, key, key=True):
                raise InputError("the field is allowed only in a file with options",
                                 expected="`states` and `moves`; remove the field")
    if len(set(written.states)) != len(written.states):
        with _at(document, "states"):
            raise InputError("a state is listed twice", expected="each state once")
    index = {name: s for s, name in enumerate(written.states)}
    lists: list[dict[int, list[int]]] = [{} for _ in written.decision_makers]
    order = list(written.decision_makers)
    for maker, pairs in written.moves.items():
        with _at(document, "moves", maker, key=True):
            if maker not in order:
                raise InputError(f"no decision maker {maker!r}", expected=one_of(maker, order),
                                 nearest=nearest(maker, order))
        for k, pair in enumerate(pairs):
            a, b = _two(pair, document, ("moves", maker, k), index)
            lists[order.index(maker)].setdefault(a, []).append(b)
    preferences = []
    for maker, entry in written.decision_makers.items():
        at = ("decision_makers", maker)
        if entry.ranking is None:
            with _at(document, *at):
                raise InputError("the decision maker has no ranking",
                                 expected="`ranking`, because the file has no options")
        preferences.append(_ranked(entry, document, at, index))
    model = GraphModel(
        names=tuple(order),
        states=tuple(written.states),
        moves=Moves.of_lists(lists, len(index)),
        preferences=tuple(preferences),
        status_quo=_status_quo(written, document, index),
    )
    return model, tuple(() for _ in order)


def _ranked(
    entry: MakerEntry, document: Document, at: Path_, index: Mapping[str, int]
) -> Preference:
    levels: list[str | list[str]] = []
    for k, level in enumerate(entry.ranking or ()):
        for name in level:
            if not (level == [STRONG] or name in index):
                with _at(document, *at, "ranking", k):
                    raise InputError(f"no state {name!r}", expected=one_of(name, index),
                                     nearest=nearest(name, index))
        levels.append(STRONG if level == [STRONG] else level)
    with _at(document, *at, "ranking"):
        return ranking_of(levels, index, _pairs(entry, document, at, index))


def _pairs(
    entry: MakerEntry, document: Document, at: Path_, index: Mapping[str, int]
) -> list[tuple[int, int]]:
    return [_two(p, document, (*at, "unknown", k), index) for k, p in enumerate(entry.unknown)]


def _two(
    pair: list[str], document: Document, at: Path_, index: Mapping[str, int]
) -> tuple[int, int]:
    with _at(document, *at):
        if len(pair) != 2:
            raise InputError(f"the entry has {len(pair)} states", expected="a pair of states")
        for name in pair:
            if name not in index:
                raise InputError(f"no state {name!r}", expected=one_of(name, index),
                                 nearest=nearest(name, index))
        if pair[0] == pair[1]:
            raise InputError("the two states are the same", expected="two different states")
    return index[pair[0]], index[pair[1]]


def _with_pairs(preference: Preference, pairs: list[tuple[int, int]]) -> Preference:
    known = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Preference(preference.rank, preference.tier, known, preference.unknown_splits)


def _status_quo(written: GraphFile, document: Document, index: Mapping[str, int]) -> int | None:
    if written.status_quo is None:
        return None
    bare = written.status_quo.replace("|", "").replace(" ", "")
    for name in (written.status_quo, bare):
        if name in index:
            return index[name]
    with _at(document, "status_quo"):
        raise InputError(
            f"no state {written.status_quo!r}",
            expected=f"the name of a state or its pattern, {one_of(written.status_quo, index)}",
            nearest=nearest(written.status_quo, index),
        )
