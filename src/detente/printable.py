r"""Text that is safe to print: characters that a terminal obeys or hides are spelt out.

A crisis file, a game file or a file name may hold control characters, escape sequences, marks that
reverse the direction of writing, and characters without a width. A terminal would obey them, or
would show a text that differs from the file. `printable` writes each as its code, such as
``\x1b``. Every output of detente passes through it.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fit", "printable", "printable_json"]

HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters except tab and line feed
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # without a width
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # without a width, separators, direction marks
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags and variation selectors
    "\ud800-\udfff"  # bytes of a file name that are not UTF-8
    "]"
)

SUBSTITUTES = {
    "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00ab": '"', "\u00bb": '"', "\u2026": "...", "\u00d7": "x", "\u00b7": ".", "\u2022": "*",
    "\u2192": "->", "\u2190": "<-", "\u2194": "<->", "\u21d2": "=>",
    "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2248": "~", "\u00b1": "+-",
    "\u221e": "inf", "\u2588": "#", "\u2500": "-", "\u2501": "-", "\u2502": "|", "\u2503": "|",
    "\u00df": "ss", "\u00e6": "ae", "\u00c6": "AE", "\u00f8": "o", "\u00d8": "O", "\u0142": "l",
    "\u0141": "L", "\u0153": "oe", "\u0152": "OE", "\u0131": "i", "\u0111": "d", "\u0110": "D",
    "\u03b1": "alpha", "\u03b2": "beta", "\u03b3": "gamma", "\u03b4": "delta",
    "\u03b5": "epsilon", "\u03b8": "theta", "\u03bb": "lambda", "\u03bc": "mu", "\u03c0": "pi",
    "\u03c1": "rho", "\u03c3": "sigma", "\u03c4": "tau", "\u03c6": "phi", "\u03c9": "omega",
    "\u0394": "Delta", "\u03a3": "Sigma",
}
"""Plain spellings of characters that an encoding may lack."""


def printable(text: str) -> str:
    r"""Spell out control, direction and zero-width characters; keep line feeds and tabs.

    Examples
    --------
    >>> printable("red: \x1b[31m, reversed: \u202e, plain: ü")
    'red: \\x1b[31m, reversed: \\u202e, plain: ü'
    """
    if text.isascii() and text.isprintable():
        return text
    return HIDDEN.sub(lambda found: _code(found[0]), text)


def printable_json(text: str) -> str:
    r"""Spell out the same characters in a JSON document, which stays valid and means the same.

    Examples
    --------
    >>> import json
    >>> written = printable_json(json.dumps("a\u202eb\x7f", ensure_ascii=False))
    >>> written, json.loads(written) == "a\u202eb\x7f"
    ('"a\\u202eb\\u007f"', True)
    """

    def escape(found: re.Match[str]) -> str:
        number = ord(found[0])
        if number < 0x10000:
            return f"\\u{number:04x}"
        number -= 0x10000
        return f"\\u{0xD800 + (number >> 10):04x}\\u{0xDC00 + (number & 0x3FF):04x}"

    return text if text.isascii() and "\x7f" not in text else HIDDEN.sub(escape, text)


def fit(text: str, encoding: str | None) -> str:
    r"""Return a text that an encoding can hold: characters that it lacks are substituted.

    Letters lose their accents, dashes and arrows become ASCII, and any other character becomes its
    code.

    Examples
    --------
    >>> fit("Zürich – 5 × λ, \u4e2d", "ascii"), fit("Zürich – 5", "latin-1")
    ('Zurich - 5 x lambda, \\u4e2d', 'Zürich - 5')
    """
    if text.isascii():
        return text
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fit_one(letter, encoding) for letter in text)
    except LookupError:  # an encoding that Python does not know
        return fit(text, "ascii")
    return text


def _fit_one(letter: str, encoding: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    for attempt in (letter, SUBSTITUTES.get(letter), bare):
        if attempt:
            try:
                attempt.encode(encoding)
            except UnicodeEncodeError:
                continue
            return attempt
    return _code(letter)


def _code(letter: str) -> str:
    number = ord(letter)
    return (
        f"\\x{number:02x}" if number < 0x100
        else f"\\u{number:04x}" if number < 0x10000
        else f"\\U{number:08x}"
    )
