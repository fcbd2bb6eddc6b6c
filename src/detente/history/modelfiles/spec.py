"""The parts of a checked model file: its crisis, its endings, its indices and its priors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from detente.arrays import Floats, Ints
from detente.game.compile import Compiled
from detente.history.modelfiles.indices import Indices
from detente.history.modelfiles.public_game import PublicGame
from detente.history.modelfiles.schema import ModelEntry
from detente.scenario.paths import canonical

if TYPE_CHECKING:
    from detente.history.modelfiles.private_game import PrivateGame

__all__ = ["Spec", "pair"]


def pair(key: str) -> tuple[str, str]:
    """Return the player and the ending of the key of a utility.

    Examples
    --------
    >>> pair("target at war")
    ('target', 'war')
    """
    who, _, end = key.partition(" at ")
    return who.strip(), end.strip()


@dataclass(frozen=True, repr=False)
class Spec:
    """A crisis whose numbers depend on covariates; see `detente.history.modelfiles.model`.

    Attributes
    ----------
    entry : ModelEntry
        The file's content.
    compiled : Compiled
        The template as a game.
    ending : (m,) int array
        The ending of each leaf of its tree, an index into `endings`.
    indices : Indices
        The indices of the numbers, then those of the utilities.
    mean, sd : (p,) float arrays
        The Gaussian priors of the coefficients.
    path, sha256 : str
        The file and its hash.
    """

    entry: ModelEntry
    compiled: Compiled
    ending: Ints
    indices: Indices
    mean: Floats
    sd: Floats
    path: str
    sha256: str

    def __repr__(self) -> str:
        return (f"<ModelFile {self.name}: {len(self.coefficients)} coefficients, "
                f"{len(self.covariates)} covariates, {len(self.endings)} endings>")

    @property
    def name(self) -> str:
        """The short name of the model."""
        return self.entry.model

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings, in the order of the file."""
        return tuple(self.entry.endings)

    @property
    def coefficients(self) -> tuple[str, ...]:
        """The names of the coefficients."""
        return self.indices.coefficients

    @property
    def covariates(self) -> tuple[str, ...]:
        """The covariates that a table must have."""
        return self.indices.covariates

    @property
    def links(self) -> dict[str, str]:
        """The kind of link of each number that depends on covariates."""
        return {canonical(path): one.link for path, one in self.entry.numbers.items()}

    @property
    def private(self) -> bool:
        """Whether an actor knows something that the others do not, or actors move at once."""
        tree = self.compiled.tree
        return max(tree.n_types) > 1 or bool(tree.joints) or tree.joint_payoff is not None

    @cached_property
    def game(self) -> PublicGame | PrivateGame:
        """The probabilities of endings and their derivatives."""
        players = self.compiled.tree.players
        added = [(players.index(who), self.endings.index(end))
                 for who, end in map(pair, self.entry.utilities)]
        if not self.private:
            return PublicGame(self.compiled, list(self.links), self.ending, added)
        from detente.history.modelfiles.private_game import PrivateGame

        return PrivateGame(self.compiled, list(self.links), self.ending, added)
