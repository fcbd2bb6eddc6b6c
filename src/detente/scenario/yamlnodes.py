"""Turn the events of a YAML parser into plain data with positions, within limits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from detente.errors import InputError

__all__ = ["Node", "Reader"]

_INT = re.compile(r"^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_INF = re.compile(r"^([-+]?)\.(inf|Inf|INF)$")


@dataclass
class Node:
    """A value with its place, and the places of its keys; lines and columns count from 0."""

    line: int
    column: int
    value: Any = None
    children: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    anchor: str | None = None
    count: int = 1
    height: int = 1


LONGEST = 200
"""Letters of a message that are printed; it may quote a name of the file."""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST // 2]} ... {text[-LONGEST // 4:]}"


class Reader:
    """Build nodes from the parser's events, without recursion."""

    def __init__(self, file: str, max_depth: int, max_nodes: int) -> None:
        self.file, self.max_depth, self.max_nodes = file, max_depth, max_nodes
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0

    def fail(self, event: Any, message: str, **more: Any) -> InputError:
        mark = event.start_mark
        message, more = _short(message), {k: _short(v) for k, v in more.items()}
        return InputError(
            message, file=self.file, line=mark.line + 1, column=mark.column + 1, **more
        )

    def read(self, events: Iterable[Any]) -> Node:
        from ruamel.yaml import events as kinds

        root: Node | None = None
        # Open collections, innermost last, each with the key whose value comes next.
        open_: list[tuple[Node, str | None]] = []
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
            raise InputError(
                "the file is empty", file=self.file, line=1, column=1, expected="keys with values"
            )
        return root

    def _node(self, event: Any, kinds: Any, depth: int) -> Node:
        if isinstance(event, kinds.AliasEvent):
            found = self.anchors.get(event.anchor)
            if event.anchor not in self.anchors:
                raise self.fail(
                    event,
                    f"there is no anchor &{event.anchor}",
                    expected="an anchor that is defined above; or write the value out",
                )
            if found is None:
                raise self.fail(event, f"*{event.anchor} contains itself",
                                expected="a value without itself; write the value out")
            self._count(event, found.count, depth + found.height)
            return found
        self._count(event, 1, depth + 1)
        node = Node(event.start_mark.line, event.start_mark.column)
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
                "the file holds too many values (aliases are expanded)",
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
                raise self.fail(
                    event, "the number has too many digits", expected="at most 40 digits"
                )
            return int(text, 0 if text[:2] in ("0o", "0x") else 10)
        if _FLOAT.match(text):
            return float(text)
        infinite = _INF.match(text)
        if infinite:
            return float(f"{infinite[1]}inf")
        return float("nan") if text in (".nan", ".NaN", ".NAN") else text

    def _key(self, event: Any, node: Node, parent: Node, kinds: Any) -> str:
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

    def _place(self, node: Node, open_: list[tuple[Node, str | None]]) -> None:
        parent, key = open_[-1]
        if key is None:
            parent.children[len(parent.value)] = node
            parent.value.append(node.value)
        else:
            parent.children[key] = node
            parent.value[key] = node.value
            open_[-1] = (parent, None)

    def _close(self, node: Node, open_: list[tuple[Node, str | None]]) -> None:
        if node.anchor is not None:
            self.anchors[node.anchor] = node
        if open_:
            self._grow(open_[-1][0], node)

    @staticmethod
    def _grow(parent: Node, child: Node) -> None:
        parent.count += child.count
        parent.height = max(parent.height, child.height + 1)
