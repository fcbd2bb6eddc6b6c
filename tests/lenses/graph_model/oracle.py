"""The definitions, word for word on Python sets: slow, and sharing nothing with the package."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from detente.lenses.graph_model import GraphModel, Moves, Preference


@st.composite
def models(draw, makers=(2, 4), states=(2, 6), unknown=False, strong=False):
    """A random graph with any moves, ties, and perhaps unknown or strong preference."""
    n, size = draw(st.integers(*makers)), draw(st.integers(*states))
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b]
    lists = []
    for _ in range(n):
        chosen = draw(st.sets(st.sampled_from(pairs), max_size=12))
        of_one: dict[int, list[int]] = {}
        for a, b in chosen:
            of_one.setdefault(a, []).append(b)
        lists.append(of_one)
    preferences = []
    for _ in range(n):
        raw = np.array(draw(st.lists(st.integers(0, size - 1), min_size=size, max_size=size)))
        rank = np.unique(raw, return_inverse=True)[1].astype(np.int32)
        tier = None
        if strong:
            cut = draw(st.integers(0, int(rank.max()) + 1))
            tier = (rank >= cut).astype(np.int32)
        blurred = np.zeros((0, 2), dtype=np.int64)
        if unknown:
            some = draw(st.sets(st.sampled_from([p for p in pairs if p[0] < p[1]]), max_size=4))
            blurred = np.array(sorted(some), dtype=np.int64).reshape(-1, 2)
        preferences.append(Preference(rank, tier, blurred))
    return GraphModel(
        tuple(f"dm{i}" for i in range(n)),
        tuple(f"s{k}" for k in range(size)),
        Moves.of_lists(lists, size),
        tuple(preferences),
    )


def relation(model, i, s, t):
    """How i sees t from s: 'U', or the sign and strength of t over s."""
    p = model.preferences[i]
    if any({s, t} == set(pair) for pair in p.unknown_pairs.tolist()):
        return "U"
    strength = 1 + (p.tier is not None and p.tier[s] != p.tier[t])
    return int(np.sign(int(p.rank[t]) - int(p.rank[s]))) * strength


def moves(model, i, s):
    return set(model.moves.of(i, s).tolist())


def gains(model, i, s, unknown):
    seen = {t: relation(model, i, s, t) for t in moves(model, i, s)}
    return {t for t, r in seen.items() if (unknown if r == "U" else r > 0)}


def reach(step, who, s):
    """States reached by legal sequences, nobody twice running; ``step(j, s)`` gives j's moves."""
    todo = [(t, j) for j in who for t in step(j, s)]
    done = set()
    while todo:
        t, j = todo.pop()
        if (t, j) in done:
            continue
        done.add((t, j))
        todo += [(u, k) for k in who if k != j for u in step(k, t)]
    return {t for t, _ in done}


def stable(model, i, s, concept, reading="b", strong=False):
    others = [j for j in range(model.n) if j != i]

    def deters(t):
        r = relation(model, i, s, t)
        if r == "U":
            return reading in "cd"
        return r <= (-2 if strong else 0)

    tempting = gains(model, i, s, reading in "ac")
    if concept == "Nash":
        return not tempting
    step = (
        (lambda j, t: gains(model, j, t, True))
        if concept == "SEQ"
        else (lambda j, t: moves(model, j, t))
    )
    for s1 in tempting:
        sanctions = {t for t in reach(step, others, s1) if deters(t)}
        if concept == "SMR":
            sanctions = {t for t in sanctions if all(deters(u) for u in moves(model, i, t))}
        if not sanctions:
            return False
    return True


def prefers_all(model, members, s, t):
    return all(relation(model, i, s, t) > 0 for i in members)


def coalition_gains(model, members, s):
    reached = reach(lambda j, t: moves(model, j, t), members, s)
    return {t for t in reached if prefers_all(model, members, s, t)}


def coalition_stable(model, members, s, concept):
    own = coalition_gains(model, members, s)
    rest = [j for j in range(model.n) if j not in members]
    if concept == "Nash":
        return not own
    if concept == "SEQ":
        parts = [c for k in range(1, len(rest) + 1) for c in itertools.combinations(rest, k)]
        answers = lambda t: reach(lambda c, u: coalition_gains(model, c, u), parts, t)  # noqa: E731
    else:
        answers = lambda t: reach(lambda j, u: moves(model, j, u), rest, t)  # noqa: E731
    for s1 in own:
        found = {t for t in answers(s1) if not prefers_all(model, members, s, t)}
        if concept == "SMR":
            replies = {t: reach(lambda j, u: moves(model, j, u), members, t) for t in found}
            found = {
                t for t in found if not any(prefers_all(model, members, s, u) for u in replies[t])
            }
        if not found:
            return False
    return True
