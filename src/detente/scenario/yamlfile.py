"""Read YAML 1.2 files safely, remembering where everything stands.

No code, no tags, no duplicate keys, one document; limits on bytes, depth and on the number of
nodes after aliases are expanded. Whatever is wrong becomes one `InputError` with file, line and
column. Any room can use it: `read_yaml` gives plain data, `load_model` a pydantic model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.errors import InputError
from detente.scenario.model import shown
from detente.scenario.problems import Problem, from_pydantic

__all__ = ["Document", "load_model", "parse_yaml", "read_yaml", "validate"]

M = TypeVar("M", bound=BaseModel)

MAX_BYTES, MAX_DEPTH, MAX_NODES = 1_000_000, 40, 100_000

_INT = re.compile(r"^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_INF = re.compile(r"^([-+]?)\.(inf|Inf|INF)$")


@dataclass
class _Node:
    """A value with its place, and the places of its keys; lines and columns count from 0."""

    line: int
    column: int
    value: Any = None
    children: dict[str | int, _Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    anchor: str | None = None
    count: int = 1
    height: int = 1


@dataclass(frozen=True)
class Document:
    r"""Plain data of a YAML file, and where each part stands.

    Parameters
    ----------
    data
        Dicts (keys are text), lists, strings, numbers, booleans and None.
    file
        The name to print in errors.

    Examples
    --------
    >>> doc = parse_yaml("war:\n  cost: 0.2\n")
    >>> doc.data, doc.mark(("war", "cost"))
    ({'war': {'cost': 0.2}}, (2, 9))
    """

    data: Any
    file: str
    root: _Node = field(repr=False)

    def _walk(self, path: Iterable[str | int]) -> Iterator[tuple[_Node, str | int | None, _Node]]:
        """Yield (parent, key, node) down the path.

        What is not in the file is passed over (a missing field, a name that a validator adds);
        an entry ``{kind: {...}}`` is looked through when the path does not name its key.
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

        Where the path goes beyond what the file holds, the last value on it that exists.

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

        Items of a list are called by their ``name``, ``id`` or only key where they have one.
        What the file does not hold is left out, but the last part if it is said to be ``absent``.
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
        # What is absent has no place: the key of what lacks it is the best there is.
        return self.mark(problem.path, key=problem.at_key or problem.absent)

    def first(self, problems: Iterable[Problem]) -> InputError | None:
        """Return the error that comes first in the file, or None if there is no problem."""
        ordered = sorted(problems, key=self._place)
        return self.error(ordered[0]) if ordered else None


def _called(node: _Node, position: int) -> str:
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
    name = str(path)
    try:
        with open(path, "rb") as stream:
            raw = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise InputError("there is no such file", file=name) from None
    except IsADirectoryError:
        raise InputError("is a directory", file=name, expected="a YAML file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", file=name) from None
    if len(raw) > max_bytes:
        raise InputError("the file is too large", file=name, expected=f"at most {max_bytes} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        raise InputError(
            f"byte 0x{raw[error.start]:02x} is not UTF-8",
            file=name,
            line=before.count(b"\n") + 1,
            column=len(before) - (before.rfind(b"\n") + 1) + 1,
            expected="a text file in UTF-8",
        ) from None
    return parse_yaml(text, file=name, max_depth=max_depth, max_nodes=max_nodes)


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

    try:
        root = _Reader(file, max_depth, max_nodes).read(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(
            f"not YAML: {_in_words(str(error.problem or error.context))}",
            file=file,
            line=None if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + 1,
        ) from None
    except YAMLError as error:
        position = getattr(error, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        raise InputError(
            "not YAML: a character that may not stand in a text file",
            file=file,
            line=before.count("\n") + 1,
            column=len(before) - (before.rfind("\n") + 1) + 1,
        ) from None
    except (RecursionError, ValueError, AssertionError, IndexError) as error:
        reason = str(error)[:80] or type(error).__name__
        raise InputError(f"not YAML: {reason}", file=file) from None
    return Document(root.value, file, root)


def _in_words(problem: str) -> str:
    """Say what the parser found in words for somebody who does not know its grammar."""
    for part, words in (
        ("<block end>", "the indentation does not fit the lines above"),
        ("mapping values are not allowed", "a ':' that no key precedes (quote text with ': ')"),
        ("cannot start any token", f"{problem.removeprefix('found ')} (quote the text)"),
        ("<stream end>", "the file ends too early; a bracket or a quote is not closed"),
        ("could not find expected ':'", "a line that is neither 'key: value' nor '- item'"),
    ):
        if part in problem:
            return words
    return problem


class _Reader:
    """Build nodes from the parser's events, without recursion."""

    def __init__(self, file: str, max_depth: int, max_nodes: int) -> None:
        self.file, self.max_depth, self.max_nodes = file, max_depth, max_nodes
        self.anchors: dict[str, _Node | None] = {}
        self.nodes = 0

    def fail(self, event: Any, message: str, **more: Any) -> InputError:
        mark = event.start_mark
        return InputError(
            message, file=self.file, line=mark.line + 1, column=mark.column + 1, **more
        )

    def read(self, events: Iterable[Any]) -> _Node:
        from ruamel.yaml import events as kinds

        root: _Node | None = None
        # Open collections, innermost last, each with the key that waits for its value.
        open_: list[tuple[_Node, str | None]] = []
        for event in events:
            if isinstance(event, kinds.MappingEndEvent | kinds.SequenceEndEvent):
                node, _ = open_.pop()
                self._close(node, open_)
                continue
            if isinstance(event, kinds.DocumentStartEvent) and root is not None:
                raise self.fail(event, "a second document begins", expected="one document")
            if not isinstance(event, kinds.NodeEvent):
                continue
            node = self._node(event, kinds, len(open_))
            waiting = bool(open_) and open_[-1][1] is None and isinstance(open_[-1][0].value, dict)
            if waiting:
                open_[-1] = (open_[-1][0], self._key(event, node, open_[-1][0], kinds))
                continue
            if root is None:
                root = node
            if isinstance(event, kinds.MappingStartEvent | kinds.SequenceStartEvent):
                if open_:
                    self._place(node, open_)
                open_.append((node, None))
            else:
                if open_:
                    self._place(node, open_)
                    self._grow(open_[-1][0], node)
        if root is None or root.value is None:
            raise InputError("the file is empty", file=self.file, line=1, column=1)
        return root

    def _node(self, event: Any, kinds: Any, depth: int) -> _Node:
        if isinstance(event, kinds.AliasEvent):
            found = self.anchors.get(event.anchor)
            if event.anchor not in self.anchors:
                raise self.fail(event, f"there is no anchor &{event.anchor}")
            if found is None:
                raise self.fail(event, f"*{event.anchor} contains itself")
            self._count(event, found.count, depth + found.height)
            return found
        self._count(event, 1, depth + 1)
        node = _Node(event.start_mark.line, event.start_mark.column)
        if isinstance(event, kinds.ScalarEvent):
            node.value = self._scalar(event)
        else:
            if event.tag is not None:
                raise self.fail(event, f"the tag {event.tag!r}", expected="plain data without tags")
            node.value = {} if isinstance(event, kinds.MappingStartEvent) else []
        if event.anchor is not None:
            # A collection cannot be referred to before it ends.
            self.anchors[event.anchor] = node if isinstance(event, kinds.ScalarEvent) else None
            node.anchor = event.anchor
        return node

    def _count(self, event: Any, more: int, depth: int) -> None:
        self.nodes += more
        if self.nodes > self.max_nodes:
            raise self.fail(
                event,
                "the file holds too many values, aliases expanded",
                expected=f"at most {self.max_nodes} values",
            )
        if depth > self.max_depth:
            raise self.fail(event, "nested too deeply", expected=f"at most {self.max_depth} levels")

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag is not None:
            raise self.fail(event, f"the tag {event.tag!r}", expected="plain data without tags")
        if not event.implicit[0]:
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return text[0] in "tT"
        if _INT.match(text):
            if len(text) > 40:
                raise self.fail(event, "a number of that many digits", expected="a shorter number")
            return int(text, 0 if text[:2] in ("0o", "0x") else 10)
        if _FLOAT.match(text):
            return float(text)
        infinite = _INF.match(text)
        if infinite:
            return float(f"{infinite[1]}inf")
        return float("nan") if text in (".nan", ".NaN", ".NAN") else text

    def _key(self, event: Any, node: _Node, parent: _Node, kinds: Any) -> str:
        if not isinstance(event, kinds.ScalarEvent):
            raise self.fail(event, "a key that is not a plain name", expected="a name")
        name = str(event.value)
        if not name:
            raise self.fail(event, "an empty key", expected="a name")
        if name in parent.keys:
            raise self.fail(
                event,
                f"the key {name!r} appears twice",
                field=name,
                expected=f"one {name!r} (the first is on line {parent.keys[name][0] + 1})",
            )
        parent.keys[name] = (node.line, node.column)
        return name

    def _place(self, node: _Node, open_: list[tuple[_Node, str | None]]) -> None:
        parent, key = open_[-1]
        if key is None:
            parent.children[len(parent.value)] = node
            parent.value.append(node.value)
        else:
            parent.children[key] = node
            parent.value[key] = node.value
            open_[-1] = (parent, None)

    def _close(self, node: _Node, open_: list[tuple[_Node, str | None]]) -> None:
        if node.anchor is not None:
            self.anchors[node.anchor] = node
        if open_:
            self._grow(open_[-1][0], node)

    @staticmethod
    def _grow(parent: _Node, child: _Node) -> None:
        parent.count += child.count
        parent.height = max(parent.height, child.height + 1)


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
        The model, and the document for marks of later checks (see `Document.error`).

    Raises
    ------
    InputError
        For the first thing that is wrong, in the order of the file.
    """
    document = read_yaml(path)
    return validate(document, model, context=context), document


def validate(document: Document, model: type[M], *, context: Mapping[str, Any] | None = None) -> M:
    """Read a document into a pydantic model; see `load_model`."""
    if not isinstance(document.data, dict):
        found = "a list" if isinstance(document.data, list) else shown(document.data)
        raise document.error(Problem((), f"the file holds {found}", expected="keys with values"))
    try:
        return model.model_validate(document.data, context=dict(context or {}))
    except ValidationError as error:
        first = document.first(from_pydantic(error, model))
        raise first or document.error(Problem((), str(error))) from None
