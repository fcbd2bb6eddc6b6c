"""The words that leave a session: the analyst's own, and not a copy of a text.

Letters are compared as a reader sees them (`detente.reading.letters`), so a copy with other
letters' case, accents, look-alikes, hyphens or signs without a width is a copy as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from detente.errors import InputError
from detente.reading.flags import flags_of
from detente.reading.letters import letters, words
from detente.reading.records import Passage

__all__ = [
    "check_author",
    "check_paraphrase",
    "check_written",
    "copied",
    "copying",
    "proposed_author",
    "shared_run",
    "visible",
]

LONGEST_COPY = 7
"""Words in a row that the analyst's words may share with a text."""
LONGEST_FLAGGED_COPY = 3
"""The same for a flagged passage."""
WORD_LETTERS = 8
"""Letters of a long word: so many letters in a row per allowed word may be shared."""
CLOSE_LETTERS = 2
"""The same in scripts that leave no space between words."""
WHOLE = 4
"""Words of the shortest passage that may not be repeated as a whole (letters if it is flagged)."""
LONGEST_WRITTEN = 2_000
"""Most characters of one entry."""
LONGEST_AUTHOR = 80
"""Most characters of an author's name."""
AUTHOR_WORDS = 4
"""Most words of a name that is taken from a text; a longer heading is more likely a sentence."""

FEW = 8
"""Entries that are searched in a text one by one, which is faster for a few."""
NONE: frozenset[int] = frozenset()

UNWRITTEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
                       "\ud800-\udfff\ufffe\uffff]")
"""Control characters, marks of direction, halves of pairs: no file or page can hold them safely."""
CLOSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
                   "\U00020000-\U0003ffff]{2,}")


def check_paraphrase(paraphrase: str, passage: Passage) -> None:
    """Refuse a paraphrase that is empty or copies its passage.

    Raises
    ------
    InputError
        It is empty, shares more than 7 words in a row with the passage (3 if it is flagged), or
        repeats the passage as a whole.
    """
    field = f"passage {passage.id}, paraphrase"
    check_written(paraphrase, field)
    own, whole = " ".join(words(paraphrase)), " ".join(words(passage.exact))
    if not own:
        raise InputError("the paraphrase is empty", field=field,
                         expected="the claim in your own, neutral words")
    most = LONGEST_FLAGGED_COPY if passage.flagged else LONGEST_COPY
    flagged = ", which is flagged" if passage.flagged else ""
    if (shared := shared_run(paraphrase, passage.exact)) > most:
        raise InputError(
            f"the paraphrase copies {shared} words in a row from the passage{flagged}",
            field=field,
            expected=f"your own, neutral words, with at most {most} words in a row in common")
    if copied(paraphrase, [passage.exact], most) or _repeats(own, whole, passage.flagged):
        raise InputError(f"the paraphrase copies the passage{flagged}", field=field,
                         expected="your own, neutral words")


def _repeats(own: str, whole: str, flagged: bool) -> bool:
    """Whether plain words repeat a whole passage, in whatever words they are divided."""
    joined, within = whole.replace(" ", ""), own.replace(" ", "")
    if flagged:
        return len(whole) >= WHOLE and (
            f" {whole} " in f" {own} " or (len(joined) >= WORD_LETTERS and joined in within))
    return whole.count(" ") + 1 >= WHOLE and joined in within


def check_written(text: str, field: str) -> None:
    """Refuse words that are too long or hold control characters."""
    if len(text) > LONGEST_WRITTEN:
        raise InputError("the text is too long", field=field,
                         expected=f"at most {LONGEST_WRITTEN:,} characters")
    if UNWRITTEN.search(text):
        raise InputError("the text holds a control character", field=field,
                         expected="printable text; remove the character")


def check_author(author: str) -> None:
    """Refuse an author's name that is longer than a name, or raises a flag."""
    check_written(author, "author")
    if len(author) > LONGEST_AUTHOR or "\n" in author.strip():
        raise InputError("the author's name is too long", field="author",
                         expected=f"a name in one line, of at most {LONGEST_AUTHOR} characters")
    if flags_of(author):
        raise InputError("the author's name raises a flag", field="author",
                         expected="a neutral name, such as commenter 3")


def visible(line: str) -> str:
    r"""Return a line of JSON in which control characters and marks of direction are escapes.

    An editor would obey a mark of direction, and show other words than the file holds.

    Examples
    --------
    >>> visible('"a\u202eb"')
    '"a\\u202eb"'
    """
    return UNWRITTEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def proposed_author(name: str) -> str:
    """Return the name that a text gives its author; empty if it cannot stand in a claim.

    The heading of a turn may be a sentence, so a name of more than 4 words is left to the analyst.

    Examples
    --------
    >>> proposed_author("Ann Lee"), proposed_author("They must leave the city now")
    ('Ann Lee', '')
    """
    if len(name.split()) > AUTHOR_WORDS:
        return ""
    try:
        check_author(name)
    except InputError:
        return ""
    return name


def copied(own: str, texts: Iterable[str], most: int = LONGEST_COPY) -> bool:
    """Return whether words copy a text: more than ``most`` words in a row, or as many letters.

    Examples
    --------
    >>> copied("He said: leave the strait now", ["We say: leave the strait!"], 3)
    False
    >>> copied("l-e-a-v-e the strait and go", ["Leave the strait and go home"], 2)
    True
    """
    runs, long = _pieces(own, most)
    if not runs and not long:
        return False
    for text in texts:
        theirs, joined = _seen(text)
        if any(f" {piece} " in theirs for piece in runs) or any(piece in joined for piece in long):
            return True
    return False


def copying(owns: Mapping[int, str], texts: Sequence[str], most: int = LONGEST_COPY) -> set[int]:
    """Return which of many words copy a text; see `copied`.

    Each text is read once, however many words are compared with it.

    Examples
    --------
    >>> copying({1: "leave the strait now", 2: "leave it"}, ["Now leave the strait now!"], 3)
    {1}
    """
    if len(owns) <= FEW:
        return {name for name, own in owns.items() if copied(own, texts, most)}
    runs: dict[str, set[int]] = {}
    blocks: dict[int, dict[str, set[int]]] = {}
    for name, own in owns.items():
        of_words, of_letters = _pieces(own, most)
        for piece in of_words:
            runs.setdefault(piece, set()).add(name)
        for piece in of_letters:
            of_size = blocks.setdefault(len(piece), {})
            for block in _blocks(piece, len(piece) // 2, 1):
                of_size.setdefault(block, set()).add(name)
    begin, found = {piece.split()[0] for piece in runs}, set[int]()
    for text in texts:
        theirs, joined = _seen(text)
        run, likely = theirs.split(), set[int]()
        for k, word in enumerate(run):
            if word in begin:
                found |= runs.get(" ".join(run[k:k + most + 1]), NONE)
        for size, of_size in blocks.items():  # a piece of this size holds a block at such a step
            for block in _blocks(joined, size // 2, size - size // 2 + 1):
                likely |= of_size.get(block, NONE)
        found |= {name for name in likely - found if copied(owns[name], [text], most)}
    return found


def _blocks(text: str, size: int, step: int) -> Iterator[str]:
    """Return the blocks of letters of a text, one at every step."""
    return (text[k:k + size] for k in range(0, len(text) - size + 1, step))


def _pieces(own: str, most: int) -> tuple[set[str], set[str]]:
    """Return the runs of words, and of letters, that may not stand in a text."""
    mine, run = letters(own), words(own)
    size, close = most * WORD_LETTERS + 1, most * CLOSE_LETTERS + 1
    return ({" ".join(run[k:k + most + 1]) for k in range(len(run) - most)},
            {mine[k:k + size] for k in range(len(mine) - size + 1)}
            | {part[k:k + close] for part in CLOSE.findall(mine)
               for k in range(len(part) - close + 1)})


@lru_cache(maxsize=4)
def _seen(text: str) -> tuple[str, str]:
    """Return the plain words of a text with spaces around each, and its plain letters.

    Each entry of the analyst is compared with each text, so the last few texts are kept.
    """
    run = words(text)
    return f" {' '.join(run)} ", "".join(run)


def shared_run(one: str, other: str) -> int:
    """Return the largest number of words in a row that two texts share, as a reader sees them.

    Examples
    --------
    >>> shared_run("They will leave the strait.", "We say: they will LEAVE soon")
    3
    """
    first, second = words(one), words(other)
    best, before = 0, [0] * (len(second) + 1)
    for word in first:
        row = [0] * (len(second) + 1)
        for k, other_word in enumerate(second):
            if word == other_word:
                row[k + 1] = before[k] + 1
                best = max(best, row[k + 1])
        before = row
    return best
