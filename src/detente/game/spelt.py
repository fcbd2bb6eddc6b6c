"""A public tree with private types, spelt out as a general extensive game."""

from __future__ import annotations

from typing import TypeGuard

import numpy as np

from detente.errors import InputError, SizeError
from detente.game.extensive import MAX_NODES, ExtensiveGame
from detente.game.tree import JOINT, TERMINAL, TYPE_CHANCE, PublicTree
from detente.identifiers import ActionProfile, Move

__all__ = ["spell", "to_extensive"]


def to_extensive(tree: PublicTree, title: str = "") -> ExtensiveGame:
    """Spell a public tree with private types out as a general extensive game.

    Chance first draws every player's type, one after the other; below that, the public tree stands
    once for every combination of types, and information sets join the copies. Joint nodes become
    moves in sequence that the later movers do not observe. Menu weights are kept, although the
    ``.efg`` format has none.

    Parameters
    ----------
    tree
        The game; its size is multiplied by the number of type combinations.
    title
        Title of the new game.

    Raises
    ------
    InputError
        The priors are unlike, which a game with one chance move for all cannot express.
    SizeError
        More than a million nodes.

    Examples
    --------
    >>> from detente.game.build import decide, end, tree
    >>> game = to_extensive(tree({"A": {"tough": 0.2, "weak": 0.8}, "B": 1}, decide("A", {
    ...     "stay": end("peace"), "go": decide("B", {"yield": end("won", A=1), "fight":
    ...     end("war", A={"tough": 0.1, "weak": -1.5}, B=-0.8)})})))
    >>> game.n_nodes, game.n_information_sets, game.set_label[1:]
    (11, 3, ('tough: start', 'A: go', 'weak: start'))
    """
    return spell(tree, title)[0]


def spell(
    tree: PublicTree, title: str = ""
) -> tuple[ExtensiveGame, dict[tuple[int, int, int], int]]:
    """Spell a tree out as `to_extensive` does, and return the numbers of its information sets.

    Returns
    -------
    game : ExtensiveGame
    sets : dict
        From (public node, player, type) to the number of the information set.

    Examples
    --------
    >>> from detente.game.build import decide, end, tree
    >>> game, sets = spell(tree({"A": {"s": 0.5, "t": 0.5}}, decide("A", {"x": end("e")})))
    >>> game.set_label[sets[0, 0, 1]]
    't: start'
    """
    if tree.observer_prior is not None:
        raise InputError(
            "the priors differ",
            expected="one prior for all players, because an extensive game has one; "
            "give the players common priors",
        )
    combinations = int(np.prod(tree.n_types))
    size = combinations * tree.n_nodes
    if size > MAX_NODES:
        raise SizeError(
            f"{tree.n_nodes:,} public nodes for {combinations:,} combinations of types make "
            f"{size:,} nodes", expected=f"at most {MAX_NODES:,} nodes; use fewer types or turns",
        )
    spelling = _Spelling(tree, title)
    game = spelling.game()
    return game, {k: h for k, h in spelling.sets.items() if _is_players(k)}


def _is_players(key: tuple[object, ...]) -> TypeGuard[tuple[int, int, int]]:
    """Whether a key is a player's (node, player, type), and not one of chance's."""
    return len(key) == 3 and all(isinstance(part, int) for part in key)


def _deed(move: Move, seat: int) -> str:
    """Return one participant's choice in a simultaneous move in words."""
    assert isinstance(move, ActionProfile)
    return move.acts[seat].deed()


class _Spelling:
    """The expansion of one public tree, depth first."""

    def __init__(self, tree: PublicTree, title: str) -> None:
        self.tree, self.title = tree, title
        self.parent: list[int] = []
        self.move: list[int] = []
        self.infoset: list[int] = []
        self.outcome: list[int] = []
        self.sets: dict[tuple[object, ...], int] = {}
        self.set_player: list[int] = []
        self.set_first: list[int] = [0]
        self.set_label: list[str] = []
        self.move_label: list[str] = []
        self.chance: list[float] = []
        self.weight: list[float] = []
        self.payoff: list[list[float]] = []
        self.outcome_label: list[str] = []
        self.leaf = {int(z): k for k, z in enumerate(tree.leaves)}

    def _set(
        self, key: tuple[object, ...], player: int, label: str, moves: list[str],
        numbers: list[float],
    ) -> int:
        """Return the information set of this key; create it if it is new."""
        h = self.sets.get(key)
        if h is None:
            h = self.sets[key] = len(self.set_player)
            self.set_player.append(player)
            self.set_label.append(label)
            self.move_label += moves
            blank = [0.0] * len(moves)
            self.chance += blank if player >= 0 else numbers
            self.weight += numbers if player >= 0 else [1.0] * len(moves)
            self.set_first.append(len(self.move_label))
        return h

    def game(self) -> ExtensiveGame:
        tree = self.tree
        drawn = [i for i, count in enumerate(tree.n_types) if count > 1]
        # Remaining tasks: (parent, move, types so far, public node or -1, choices at a joint).
        Task = tuple[int, int, tuple[int, ...], int, tuple[int, ...]]
        todo: list[Task] = [(-1, -1, (), -1, ())]
        while todo:
            parent, move, types, node, chosen = todo.pop()
            k = len(self.parent)
            self.parent.append(parent)
            self.move.append(move)
            self.outcome.append(-1)
            self.infoset.append(-1)
            if node < 0 and len(types) < len(drawn):
                i = drawn[len(types)]
                h = self._set(
                    ("type", i), -1, f"type of {tree.players[i]}", list(map(str, tree.types[i])),
                    [float(p) for p in tree.prior[i]],
                )
                after: list[tuple[tuple[int, ...], int, tuple[int, ...]]] = [
                    ((*types, t), -1, ()) for t in range(tree.n_types[i])
                ]
            else:
                node = max(node, 0)
                known = dict(zip(drawn, types, strict=True))
                if tree.mover[node] == TERMINAL:
                    self._end(k, node, [known.get(i, 0) for i in range(tree.n_players)])
                    continue
                h, after = self._public(node, types, known, chosen)
            self.infoset[k] = h
            first = self.set_first[h]
            for j in range(len(after) - 1, -1, -1):
                todo.append((k, first + j, *after[j]))
        return self._finish()

    def _public(
        self, node: int, types: tuple[int, ...], known: dict[int, int], chosen: tuple[int, ...]
    ) -> tuple[int, list[tuple[tuple[int, ...], int, tuple[int, ...]]]]:
        tree = self.tree
        children = tree.children(node)
        into = [tree.move_into(c) for c in children]
        names = [move.deed() for move in into]
        weights = [float(tree.weight[c]) for c in children]
        after: list[tuple[tuple[int, ...], int, tuple[int, ...]]] = [
            (types, c, ()) for c in children
        ]
        mover = int(tree.mover[node])
        story = " > ".join(tree.story(node)) or "start"
        if mover == JOINT:
            joint, seat = tree.joints[node], len(chosen)
            i = joint.players[seat]
            key: tuple[object, ...] = (node, i, known.get(i, 0))
            numbers = [float(w) for w in joint.weights[seat]]
            place = [int(np.unravel_index(j, joint.sizes)[seat]) for j in range(len(names))]
            labels = [_deed(into[place.index(m)], seat) for m in range(joint.sizes[seat])]
            h = self._set(key, i, self._told(i, known, story), labels, numbers)
            moves = [(*chosen, m) for m in range(joint.sizes[seat])]
            if seat + 1 < len(joint.sizes):
                return h, [(types, node, m) for m in moves]
            return h, [
                (types, int(tree.first[node] + np.ravel_multi_index(m, joint.sizes)), ())
                for m in moves
            ]
        if mover >= 0:
            key = (node, mover, known.get(mover, 0))
            return self._set(key, mover, self._told(mover, known, story), names, weights), after
        if mover <= TYPE_CHANCE:
            i = TYPE_CHANCE - mover
            t = known.get(i, 0)
            weights = [float(tree.type_prob[tree.type_row[c], t]) for c in children]
            return self._set((node, "by type", t), -1, self._told(i, known, story), names,
                             weights), after
        return self._set((node,), -1, story, names, weights), after

    def _told(self, i: int, known: dict[int, int], story: str) -> str:
        return f"{self.tree.types[i][known[i]]}: {story}" if i in known else story

    def _end(self, k: int, node: int, types: list[int]) -> None:
        tree, z = self.tree, self.leaf[node]
        if tree.joint_payoff is not None:
            paid = [float(u[z, types[0], types[1]]) for u in tree.joint_payoff]
        else:
            paid = [float(tree.payoff[i][z, t]) for i, t in enumerate(types)]
        self.outcome[k] = len(self.payoff)
        self.payoff.append(paid)
        self.outcome_label.append(tree.outcome_names[tree.outcome[z]])

    def _finish(self) -> ExtensiveGame:
        player = np.array(self.set_player, dtype=np.int64)
        number = np.zeros(len(player), dtype=np.int64)
        for i in range(-1, self.tree.n_players):
            number[player == i] = np.arange(1, int((player == i).sum()) + 1)
        return ExtensiveGame(
            title=self.title, comment="", players=self.tree.players,
            parent=np.array(self.parent, dtype=np.int64), move=np.array(self.move, dtype=np.int64),
            infoset=np.array(self.infoset, dtype=np.int64), set_player=player,
            set_first=np.array(self.set_first, dtype=np.int64), set_label=tuple(self.set_label),
            set_number=number, move_label=tuple(self.move_label), chance=np.array(self.chance),
            weight=np.array(self.weight), outcome=np.array(self.outcome, dtype=np.int64),
            outcome_label=tuple(self.outcome_label),
            outcome_number=np.arange(1, len(self.payoff) + 1),
            outcome_payoff=np.array(self.payoff, dtype=float).reshape(-1, self.tree.n_players),
        )
