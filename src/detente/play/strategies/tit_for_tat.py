"""Tit for tat."""

from __future__ import annotations

from collections.abc import Sequence

from detente.play.strategies.base import Strategy, Turn

__all__ = ["TitForTat"]

KINDLY = ("offer", "hold", "lapse")
REPLIES = {
    "escalate": ("escalate", "hold", "lapse"),
    "offer": ("accept", *KINDLY),
    "hold": ("hold", "lapse"),
}


class TitForTat(Strategy):
    """Answers in kind: escalation with escalation, an offer by accepting, waiting by waiting.

    It begins with an offer. In a game with other moves it repeats the other side's last move.
    """

    name = "tit for tat"
    about = "answers in kind: escalates after an escalation, accepts an offer, else waits"

    def mix(self, turn: Turn) -> Sequence[float]:
        last = turn.answered
        wanted = KINDLY if last is None else REPLIES.get(last.verb, (last.verb,))
        for verb in wanted:
            found = turn.find(verb)
            if found:
                return turn.only(found[0])
        return turn.even
