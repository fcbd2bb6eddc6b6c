"""The letters of a text as a reader sees them, so that a copy in disguise is still a copy.

Signs without a width, accents and the case of letters are removed. Compatibility forms (such as
full-width letters) and letters of other alphabets that look like Latin ones become Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["letters", "plain", "words"]

LIKE = str.maketrans(
    "авеѕіјкмнорстухһԁԛԝѵαβεηικνορτυχγωօսհոıɑɡøłđʟɪ",
    "abesijkmhopctyxhdqwvabehikvoptuxywouhniagoldli")
"""Letters that look like Latin ones, in small or capital form."""

WORD = re.compile(r"[^\W_]+")


@cache
def _unseen() -> dict[int, None]:
    """Return a table that removes marks and signs without a width."""
    return {code: None for code in (*range(0x20000), *range(0xE0000, 0xE1000))
            if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf")}


def plain(text: str) -> str:
    r"""Return a text in plain small letters; white space and punctuation stay.

    Examples
    --------
    >>> plain("V\u0435r\u200bmin, Caf\u00e9, \uff21\uff22")
    'vermin, cafe, ab'
    """
    if text.isascii():
        return text.casefold()
    seen = unicodedata.normalize("NFKD", text).translate(_unseen())
    return unicodedata.normalize("NFKD", seen.casefold()).translate(_unseen()).translate(LIKE)


def words(text: str) -> list[str]:
    """Return the plain words of a text."""
    return WORD.findall(plain(text))


def letters(text: str) -> str:
    """Return the plain letters and digits of a text, without what stands between them.

    Examples
    --------
    >>> letters("They w-i-l-l leave!")
    'theywillleave'
    """
    return "".join(words(text))
