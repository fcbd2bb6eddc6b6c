"""Build graph models in Python, from named states and moves or from options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detente.errors import InputError, nearest, one_of
from detente.lenses.graph_model.model import GraphModel, Moves, Preference
from detente.lenses.graph_model.options import OptionForm, StateSpace
from detente.lenses.graph_model.preferences import STRONG, Statement, by_ranking, by_statements

__all__ = ["by_hand", "by_options", "ranking_of"]

Level = str | Sequence[str]


def by_hand(
    states: Sequence[str],
    moves: Mapping[str, Iterable[tuple[str, str]]],
    ranking: Mapping[str, Sequence[Level]],
    *,
    unknown: Mapping[str, Iterable[tuple[str, str]]] | None = None,
    status_quo: str | None = None,
) -> GraphModel:
    """Build a model from named states and moves.

    Parameters
    ----------
    states
        Names without repetition.
    moves
        Decision maker -> pairs (from, to). A move back is a separate pair.
    ranking
        Decision maker -> states from best to worst. A list is a tie; ``">>"`` is a strong step.
    unknown
        Decision maker -> pairs of states whose order is not known.
    status_quo
        Today's state.

    Raises
    ------
    InputError
        A name is unknown, or a ranking is incomplete.
    """
    index = {name: s for s, name in enumerate(states)}
    if len(index) != len(states):
        raise InputError("two states have the same name", expected="a different name per state")

    def at(name: str) -> int:
        if name not in index:
            raise InputError(f"no state {name!r}", expected=one_of(name, states),
                             nearest=nearest(name, states))
        return index[name]

    lists: list[dict[int, list[int]]] = []
    for pairs in moves.values():
        of_one: dict[int, list[int]] = {}
        for a, b in pairs:
            of_one.setdefault(at(a), []).append(at(b))
        lists.append(of_one)
    preferences = []
    for maker in moves:
        if maker not in ranking:
            raise InputError(f"no ranking for {maker!r}", expected="a ranking per decision maker")
        pairs_unknown = [(at(a), at(b)) for a, b in (unknown or {}).get(maker, ())]
        preferences.append(ranking_of(ranking[maker], index, pairs_unknown))
    return GraphModel(
        names=tuple(moves),
        states=tuple(states),
        moves=Moves.of_lists(lists, len(states)),
        preferences=tuple(preferences),
        status_quo=None if status_quo is None else at(status_quo),
    )


def ranking_of(
    levels: Sequence[Level],
    index: Mapping[str, int],
    unknown: Iterable[tuple[int, int]] = (),
) -> Preference:
    """Return the preference of a ranking of state *names*."""

    def at(name: str) -> int:
        if name not in index:
            raise InputError(f"no state {name!r}", expected=one_of(name, index),
                             nearest=nearest(name, index))
        return index[name]

    numbered: list[int | str | list[int]] = []
    for level in levels:
        if isinstance(level, str):
            numbered.append(level if level == STRONG else at(level))
        else:
            numbered.append([at(name) for name in level])
    states = max(index.values()) + 1
    groups = [[lv] if isinstance(lv, int) else lv for lv in numbered if not isinstance(lv, str)]
    missing = set(range(states)).difference(*groups)
    if missing:
        names = [name for name, s in index.items() if s in missing]
        raise InputError(
            f"the ranking omits {', '.join(names[:6])}{' …' if len(names) > 6 else ''}",
            expected=f"each of the {states} states once",
        )
    return by_ranking(numbered, states, unknown)


def by_options(
    form: OptionForm,
    preferences: Mapping[str, Sequence[str | Statement]],
    *,
    status_quo: str | None = None,
    space: StateSpace | None = None,
) -> GraphModel:
    """Build a model from options and ordered preference statements.

    Parameters
    ----------
    form
        The options.
    preferences
        Decision maker -> statements, from most to least important.
    status_quo
        A pattern or statement that holds in one state only.
    space
        ``form.space()``, if it is already computed.

    Raises
    ------
    InputError
        A statement cannot be read, or the status quo does not describe exactly one state.

    Examples
    --------
    Chicken: avoiding the crash matters most, and second that the other swerves.

    >>> chicken = by_options(OptionForm({"one": ["straight"], "two": ["go"]}),
    ...     {"one": ["not (straight and go)", "not go", "straight"],
    ...      "two": ["not (straight and go)", "not straight", "go"]})
    >>> from detente.lenses.graph_model import analyse
    >>> analyse(chicken).names("Nash")
    ['Y|N', 'N|Y']
    """
    space = space or form.space()
    made = []
    for maker in form.options:
        if maker not in preferences:
            raise InputError(f"no preferences for {maker!r}",
                             expected="preference statements per decision maker")
        made.append(
            by_statements(
                [
                    s if isinstance(s, Statement) else Statement(space.where(s), s)
                    for s in preferences[maker]
                ]
            )
        )
    today = None
    if status_quo is not None:
        hit = space.where(status_quo).nonzero()[0]
        if len(hit) != 1:
            raise InputError(
                f"the status quo {status_quo!r} describes {len(hit)} states",
                expected="a pattern or statement that describes exactly one state",
            )
        today = int(hit[0])
    return GraphModel(
        names=tuple(form.options),
        states=space.labels,
        moves=space.moves,
        preferences=tuple(made),
        status_quo=today,
        options=space.columns,
        vectors=space.vectors,
        merged=tuple(space.merged.values()),
    )
