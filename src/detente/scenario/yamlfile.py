"""Read YAML 1.2 files safely, remembering where everything stands.

No code, no tags, no duplicate keys, one document; limits on bytes, depth and on the number of
nodes after aliases are expanded. Every error becomes one `InputError` with file, line and
column. Any room can use this module: `read_yaml` gives plain data, `load_model` a pydantic model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.errors import InputError, few_searches, together
from detente.scenario.model import shown
from detente.scenario.problems import Problem, from_pydantic
from detente.scenario.yamlnodes import Node, Reader

__all__ = [
    "Document", "load_model", "parse_bytes", "parse_yaml", "read_bytes", "read_yaml", "validate",
]

M = TypeVar("M", bound=BaseModel)

MAX_BYTES, MAX_DEPTH, MAX_NODES = 1_000_000, 40, 100_000


@dataclass(frozen=True)
class Document:
    r"""Plain data of a YAML file, and where each part stands.

    Parameters
    ----------
    data
        Dicts (keys are text), lists, strings, numbers, booleans and None.
    file
        The name to print in errors.
    root
        The nodes of the file with their positions.
    text
        The text of the file.
    sha256
        The hash of the bytes that were read, in hexadecimal. A pipe can be read only once.

    Examples
    --------
    >>> doc = parse_yaml("war:\n  cost: 0.2\n")
    >>> doc.data, doc.mark(("war", "cost"))
    ({'war': {'cost': 0.2}}, (2, 9))
    """

    data: Any
    file: str
    root: Node = field(repr=False)
    text: str = field(default="", repr=False)
    sha256: str = ""

    def _walk(self, path: Iterable[str | int]) -> Iterator[tuple[Node, str | int | None, Node]]:
        """Yield (parent, key, node) down the path.

        Parts of the path that the file does not hold are skipped: a missing field, or a name that
        a validator adds. If the path omits the single key of an entry ``{kind: {...}}``, the
        search goes on below that key.
        """
        node = self.root
        for part in path:
            if part not in node.children and len(node.children) == 1 and isinstance(part, str):
                ((key, only),) = node.children.items()
                if part in only.children:
                    yield node, key, only
                    node = only
            child = node.children.get(part)
            if child is None:
                continue
            yield node, part, child
            node = child

    def mark(self, path: Iterable[str | int], *, key: bool = False) -> tuple[int, int]:
        """Return (line, column), counted from 1, of the value at a path.

        If the file does not hold the whole path, the position is that of the last part it holds.

        Parameters
        ----------
        path
            Keys and list positions from the top.
        key
            Point at the key instead of the value.
        """
        steps = list(self._walk(path))
        if not steps:
            return self.root.line + 1, self.root.column + 1
        parent, last, node = steps[-1]
        line, column = node.line, node.column
        if key and isinstance(last, str):
            line, column = parent.keys[last]
        return line + 1, column + 1

    def field(self, path: Iterable[str | int], *, absent: bool = False) -> str:
        """Return the path in words: ``ladder.mobilisation.risk``, ``sources.essay.cite``.

        Items of a list are called by their ``name``, ``id`` or only key if they have one. Parts
        that the file does not hold are left out, except the last one if ``absent`` is true.
        """
        parts: list[str] = []
        path = tuple(path)
        for parent, key, child in self._walk(path):
            if isinstance(key, int):
                parts.append(_called(child, key))
            elif not (isinstance(key, str) and len(parent.children) == 1 and parts[-1:] == [key]):
                parts.append(str(key))
        if absent:
            parts.append(str(path[-1]))
        return ".".join(parts).replace(".[", "[")

    def error(self, problem: Problem) -> InputError:
        """Return a problem as the error that the reader of the file sees."""
        line, column = self._place(problem)
        return InputError(
            problem.message,
            file=self.file,
            line=line,
            column=column,
            field=self.field(problem.path, absent=problem.absent) or None,
            expected=problem.expected,
            nearest=problem.nearest,
        )

    def _place(self, problem: Problem) -> tuple[int, int]:
        # A missing key has no position. Point at its parent's key.
        return self.mark(problem.path, key=problem.at_key or problem.absent)

    def gather(self, problems: Iterable[Problem]) -> InputError | None:
        """Return all problems as one error, in the order of the file; None if there is none."""
        return together([self.error(problem) for problem in sorted(problems, key=self._place)])


def _called(node: Node, position: int) -> str:
    for key in ("name", "id"):
        child = node.children.get(key)
        if child is not None and isinstance(child.value, str):
            return child.value
    if len(node.children) == 1 and isinstance(node.value, dict):
        return str(next(iter(node.children)))
    return f"[{position}]"


def read_yaml(
    path: str | Path,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_nodes: int = MAX_NODES,
) -> Document:
    """Read a YAML 1.2 file.

    Parameters
    ----------
    path
        The file.
    max_bytes, max_depth, max_nodes
        Limits on its size, on how deeply it nests, and on its nodes with aliases expanded.

    Raises
    ------
    InputError
        If the file cannot be read, is too large, or is not plain YAML.
    """
    return parse_bytes(read_bytes(path, max_bytes), file=str(path), max_depth=max_depth,
                       max_nodes=max_nodes)


def read_bytes(path: str | Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file; it is read once, because it may be a pipe.

    Raises
    ------
    InputError
        If the file cannot be read or is too large.
    """
    name = str(path)
    try:
        with open(path, "rb") as stream:
            raw = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise InputError(
            "there is no such file", file=name, expected="the path of a YAML file"
        ) from None
    except IsADirectoryError:
        raise InputError(
            "this is a directory", file=name, expected="the path of a YAML file"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"the file cannot be read: {reason}", file=name, expected="a file that you may read"
        ) from None
    if len(raw) > max_bytes:
        raise InputError("the file is too large", file=name, expected=f"at most {max_bytes} bytes")
    return raw


def parse_bytes(
    raw: bytes, *, file: str, max_depth: int = MAX_DEPTH, max_nodes: int = MAX_NODES
) -> Document:
    """Read the bytes of a YAML 1.2 file; see `read_yaml`.

    Examples
    --------
    >>> read = parse_bytes(b"a: 1", file="small.yaml")
    >>> read.data, read.sha256[:8]
    ({'a': 1}, '16c3c6d7')
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        raise InputError(
            f"byte 0x{raw[error.start]:02x} is not UTF-8",
            file=file,
            line=before.count(b"\n") + 1,
            column=len(before) - (before.rfind(b"\n") + 1) + 1,
            expected="a text file in UTF-8",
        ) from None
    read = parse_yaml(text, file=file, max_depth=max_depth, max_nodes=max_nodes)
    return replace(read, sha256=hashlib.sha256(raw).hexdigest())


def parse_yaml(
    text: str,
    *,
    file: str = "<text>",
    max_depth: int = MAX_DEPTH,
    max_nodes: int = MAX_NODES,
) -> Document:
    r"""Read YAML 1.2 from text; see `read_yaml`.

    Examples
    --------
    >>> parse_yaml("a: 1\na: &x [*x]\n")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: <text>:2:1: a: the key 'a' appears twice; expected ...
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import Reader as Letters

    reached = (0, 0)

    class Kept(Letters):
        """Keep the place that was reached, which the parser forgets when it stops."""

        def reset_reader(self) -> None:
            nonlocal reached
            if getattr(self, "index", 0):
                reached = (self.line, self.column)
            super().reset_reader()

    yaml = YAML(typ="safe", pure=True)
    yaml.Reader = Kept
    try:
        root = Reader(file, max_depth, max_nodes).read(yaml.parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row = [] if mark is None else text.split("\n")[mark.line:mark.line + 1]
        inside = bool(row and mark is not None and row[0][:mark.column].strip())
        problem, expected = _in_words(str(error.problem or error.context), inside)
        raise InputError(
            f"not YAML: {problem}",
            file=file,
            expected=expected,
            line=None if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + 1,
        ) from None
    except YAMLError as error:
        position = getattr(error, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        raise InputError(
            "not YAML: the text holds a character that YAML does not allow",
            file=file,
            expected="printable text; remove the character",
            line=before.count("\n") + 1,
            column=len(before) - (before.rfind("\n") + 1) + 1,
        ) from None
    except (RecursionError, ValueError, OverflowError, AssertionError, IndexError):
        # The parser meets a number that Python refuses, in "\\U..." or in %YAML, or fails itself.
        raise InputError(
            "not YAML: the parser cannot read this part", file=file, line=reached[0] + 1,
            column=reached[1] + 1,
            expected="YAML 1.2, with character codes up to \\U0010FFFF; correct this line",
        ) from None
    return Document(root.value, file, root, text)


def _in_words(problem: str, inside: bool) -> tuple[str, str]:
    """Return the parser's message in words that do not need its grammar, and what is allowed.

    ``inside`` says whether other text stands before the place on its line.
    """
    for part, words, allowed in (
        ("<block end>", "text follows a closed quote or bracket",
         "quotes around the whole value, such as \"'A' quarrel\"") if inside else
        ("<block end>", "the indentation differs from the lines above", "the same indentation"),
        ("mapping values are not allowed", "a ':' without a key before it",
         "quotes around text that holds ': '"),
        ("character '\\t'", "a tab stands before a value", "spaces; replace the tab") if inside else
        ("character '\\t'", "a tab indents the line", "spaces, because tabs may not indent YAML: "
         "use spaces"),
        ("cannot start any token", problem.removeprefix("found "), "quotes around the text"),
        ("<stream end>", "the file ends before a bracket or a quote is closed",
         "the closing bracket or quote; add it"),
        ("could not find expected ':'", "a line is neither 'key: value' nor '- item'",
         "one of the two forms"),
    ):
        if part in problem:
            return words, allowed
    return problem, "YAML 1.2; correct this line"


def load_model(
    path: str | Path, model: type[M], *, context: Mapping[str, Any] | None = None
) -> tuple[M, Document]:
    """Read a YAML file into a pydantic model.

    Parameters
    ----------
    path
        The file.
    model
        The model class.
    context
        Passed to the model's validators.

    Returns
    -------
    model, document
        The model, and the document, which gives later checks the positions (see
        `Document.error`).

    Raises
    ------
    InputError
        If the file has an error; `detente.errors.InputErrors` if it has several.
    """
    document = read_yaml(path)
    return validate(document, model, context=context), document


def validate(document: Document, model: type[M], *, context: Mapping[str, Any] | None = None) -> M:
    """Read a document into a pydantic model; see `load_model`."""
    if not isinstance(document.data, dict):
        found = "a list" if isinstance(document.data, list) else shown(document.data)
        raise document.error(Problem((), f"the file holds {found}", expected="keys with values"))
    with few_searches():
        try:
            return model.model_validate(document.data, context=dict(context or {}))
        except ValidationError as error:
            wrong = document.gather(from_pydantic(error, model))
            raise wrong or document.error(
                Problem((), str(error), "values as `detente explain` states them")) from None
