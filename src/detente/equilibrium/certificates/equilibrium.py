"""From strategies to an `Equilibrium` with its certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.certificates.best_response import BestResponse
from detente.equilibrium.certificates.public import certificate_of
from detente.equilibrium.solution import Equilibrium
from detente.game.tree import PublicTree

__all__ = ["equilibrium_of"]


def equilibrium_of(
    game: PublicTree,
    pi: Floats,
    joint_pi: Mapping[int, Sequence[Floats]],
    *,
    epsilon: float,
    found_from: str,
    reached_by: str,
    note: str = "",
    stake: float | None = None,
) -> Equilibrium:
    """Return strategies as a deliberate `Equilibrium` with its certificate, beliefs and values.

    The game is the one that the solvers see; see `certificate_of`.
    """
    profile = BestResponse(game, pi, joint_pi)
    certificate = certificate_of(profile, reading="deliberate", epsilon=epsilon, stake=stake,
                                 reached_by=reached_by, note=note)
    belief, joint_belief = profile.after_moves()
    return Equilibrium(
        game=game, reading="deliberate", lam=None, epsilon=epsilon, found_from=found_from,
        pi=pi, q=profile.q, reach=profile.reach, belief=belief, value=tuple(profile.value),
        certificate=certificate,
        joint_pi={k: tuple(np.asarray(m) for m in v) for k, v in joint_pi.items()},
        joint_belief=joint_belief,
    )
