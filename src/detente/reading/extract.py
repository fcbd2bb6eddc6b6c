"""Extract text from a PDF, HTML or mail file, in a process of its own with limits.

`answer` runs in this process. It returns the text with the extractor's name, or the kind of the
error, and no words of the text in an error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

__all__ = ["PROGRAMS", "answer", "html", "mail", "pdf"]

BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])
SKIPPED = frozenset([
    "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object",
    "embed", "canvas", "audio", "video", "select", "button", "textarea", "input",
])
HIDDEN = re.compile(r"(?:display *: *none|visibility *: *hidden)(?![\w-])", re.IGNORECASE)
"""A style by which an element is not shown."""
MOST_QUOTED = 50
"""Deepest level of quotation that is marked."""
SPACE = re.compile(r"[ \t\n\r\f\v\u00a0]+")


def pdf(data: bytes) -> tuple[str, str]:
    """Return the text of a PDF file, page by page, and the extractor's name."""
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PermissionError
    pages = [page.extract_text() for page in reader.pages]
    return "\n\n".join(pages), f"pypdf {version('pypdf')}"


def html(data: bytes) -> tuple[str, str]:
    """Return the visible text of an HTML file, and the extractor's name.

    A block element ends a paragraph; the lines of a block quotation begin with ``> ``. The
    alternative text of an image is kept if it names an avatar, because threads are read by it.
    """
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(_decoded(data, _charset(data))).root
    blocks: list[str] = []
    line: list[str] = []

    def flush(depth: int) -> None:
        text = "\n".join(
            s for part in "".join(line).split("\v") if (s := SPACE.sub(" ", part).strip()))
        line.clear()
        if text:
            quoted = "> " * min(depth, MOST_QUOTED)
            blocks.append("\n".join(quoted + one for one in text.split("\n")))

    stack: list[tuple[Any, int, bool]] = [(root, 0, False)]
    while stack:  # a stack, because the depth of a page has no limit
        node, depth, left = stack.pop()
        if node is None:
            continue
        tag = node.tag
        if left:
            flush(depth)
            continue
        if tag == "-text":
            line.append((node.text_content or "").replace("\v", " "))
            continue
        if tag == "br":
            line.append("\v")
            continue
        if tag == "img":
            alt = (node.attributes.get("alt") or "").strip()
            if "avatar" in alt.lower():
                flush(depth)
                line.append(alt)
                flush(depth)
            continue
        if not tag or tag.startswith(("-", "!", "_")) or tag in SKIPPED \
                or "hidden" in node.attributes or HIDDEN.search(node.attributes.get("style") or ""):
            continue
        inside = depth + (tag == "blockquote")
        if tag in BLOCKS:
            flush(depth)
            stack.append((node, inside, True))
        children = []
        child = node.child
        while child is not None:
            children.append((child, inside, False))
            child = child.next
        stack.extend(reversed(children))
    flush(0)
    return "\n\n".join(blocks), f"selectolax {version('selectolax')}"


def _charset(data: bytes) -> str:
    """Return the encoding of a page: its byte order mark, its declaration, or UTF-8."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"),
                       (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return name
    found = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:2048], re.IGNORECASE)
    return found[1].decode("ascii") if found else "utf-8"


def _decoded(data: bytes, charset: str) -> str:
    """Return the text of bytes; UTF-8 if the encoding is unknown or none of texts."""
    try:
        return data.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def mail(data: bytes) -> tuple[str, str]:
    """Return the messages of a mail file (one message, or an mbox) as plain text.

    Each message has the lines ``From:``, ``Date:``, ``Subject:``, ``Message-ID:`` and
    ``In-Reply-To:``, as far as it has them, an empty line, and its plain text.
    """
    from email import message_from_bytes, policy

    pieces = re.split(rb"(?m)^From [^\r\n]*\r?\n", data) if data.startswith(b"From ") else [data]
    out = []
    for piece in pieces:
        if not piece.strip():
            continue
        message = message_from_bytes(piece, policy=policy.default)
        heads = [f"{name}: {' '.join(str(message[name]).split())}"
                 for name in ("From", "Date", "Subject", "Message-ID", "In-Reply-To")
                 if message[name] is not None]
        body = message.get_body(("plain", "html"))  # type: ignore[attr-defined]
        text = "" if body is None else _content(body)
        if body is not None and body.get_content_type() == "text/html":
            text = html(("\ufeff" + text).encode())[0]  # the mark overrules a declared encoding
        out.append("\n".join([*heads, "", text.strip("\r\n")]))
    return "\n\n".join(out), "email of Python {}.{}".format(*sys.version_info)


def _content(body: Any) -> str:
    """Return the text of a part of a message, also if its encoding is unknown."""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError):
        return _decoded(body.get_payload(decode=True) or b"", "utf-8")


PROGRAMS: dict[str, Callable[[bytes], tuple[str, str]]] = {"pdf": pdf, "html": html, "mail": mail}


def answer(data: bytes, kind: str, letters: str) -> dict[str, str]:
    """Return the text of a file, in the process that extracts it.

    Parameters
    ----------
    data
        The bytes of the file.
    kind
        ``pdf``, ``html`` or ``mail``.
    letters
        The largest number of letters, in digits.
    """
    try:
        text, extractor = PROGRAMS[kind](data)
    except MemoryError:
        raise
    except PermissionError:
        return {"error": "password"}
    except ModuleNotFoundError as wrong:
        return {"error": "package", "package": wrong.name or ""}
    except Exception as wrong:
        return {"error": "damaged", "type": type(wrong).__name__}
    if len(text) > int(letters):
        return {"error": "letters"}
    return {"text": text, "extractor": extractor}
