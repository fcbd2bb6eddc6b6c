"""The paraphrase of a passage: the analyst's own words, and not a copy of the text."""

from __future__ import annotations

import re

from detente.errors import InputError
from detente.reading.records import Passage

__all__ = ["check_paraphrase", "shared_run"]

LONGEST_COPY = 7
"""Words in a row that a paraphrase may share with its passage."""
LONGEST_FLAGGED_COPY = 3
"""The same for a flagged passage."""

WORD = re.compile(r"\w+")


def check_paraphrase(paraphrase: str, passage: Passage) -> None:
    """Refuse a paraphrase that is empty or copies its passage.

    Raises
    ------
    InputError
        It is empty, or shares more than 7 words in a row with the passage (3 if it is flagged).
    """
    field = f"passage {passage.id}, paraphrase"
    if not WORD.search(paraphrase):
        raise InputError("the paraphrase is empty", field=field,
                         expected="the claim in your own, neutral words")
    most = LONGEST_FLAGGED_COPY if passage.flagged else LONGEST_COPY
    if (shared := shared_run(paraphrase, passage.exact)) > most:
        raise InputError(
            f"the paraphrase copies {shared} words in a row from the passage"
            + (", which is flagged" if passage.flagged else ""), field=field,
            expected=f"your own, neutral words, with at most {most} words in a row in common")


def shared_run(one: str, other: str) -> int:
    """Return the largest number of words in a row that two texts share, in any case of letters.

    Examples
    --------
    >>> shared_run("They will leave the strait.", "We say: they will LEAVE soon")
    3
    """
    first, second = (WORD.findall(text.casefold()) for text in (one, other))
    best, before = 0, [0] * (len(second) + 1)
    for word in first:
        row = [0] * (len(second) + 1)
        for k, other_word in enumerate(second):
            if word == other_word:
                row[k + 1] = before[k] + 1
                best = max(best, row[k + 1])
        before = row
    return best
