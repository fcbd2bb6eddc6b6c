"""Export of a map in the Argument Interchange Format, as JSON.

AIF is a graph of two kinds of nodes [chesnevar-et-al-2006]. An information node (I) holds a claim.
A scheme node joins claims: CA is a conflict and RA is an inference. An edge leads from a claim
to a scheme node and from there to a claim, and never from one claim to another. The layout of the
JSON is that of AIFdb: ``nodes``, ``edges`` and ``locutions``. Texts are the analyst's paraphrases.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from detente.errors import InputError
from detente.reading.map import ArgumentMap, name_of

__all__ = ["Aif", "aif", "read_aif"]

SCHEMES = {"attack": ("CA", "Default Conflict"), "support": ("RA", "Default Inference")}


class Node(TypedDict):
    """A claim (I), a conflict (CA) or an inference (RA)."""

    nodeID: str
    text: str
    type: str


class Edge(TypedDict):
    """An edge between a claim and a scheme node, in either direction."""

    edgeID: str
    fromID: str
    toID: str


class Locution(TypedDict):
    """Who says a claim."""

    nodeID: str
    personID: str


class Aif(TypedDict):
    """The document of ``detente read export --as aif``."""

    nodes: list[Node]
    edges: list[Edge]
    locutions: list[Locution]


def aif(mapped: ArgumentMap) -> Aif:
    """Return a map as AIF.

    Examples
    --------
    >>> from detente.reading.records import Claim, Relation
    >>> one, two = Claim(1, 1, "Aland", "The strait is ours."), Claim(2, 2, "Bland", "It is not.")
    >>> made = aif(ArgumentMap((one, two), (Relation(2, 1, "attack", "confirmed"),)))
    >>> [(n["nodeID"], n["type"]) for n in made["nodes"]]
    [('c1', 'I'), ('c2', 'I'), ('s1', 'CA')]
    >>> [(e["fromID"], e["toID"]) for e in made["edges"]]
    [('c2', 's1'), ('s1', 'c1')]
    """
    nodes: list[Node] = [{"nodeID": name_of(c.id), "text": c.paraphrase, "type": "I"}
                         for c in mapped.claims]
    edges: list[Edge] = []
    pairs = sorted({(r.from_claim, r.to_claim, r.kind) for r in mapped.relations})
    for k, (one, other, kind) in enumerate(pairs, 1):
        scheme, text = SCHEMES[kind]
        nodes.append({"nodeID": f"s{k}", "text": text, "type": scheme})
        for start, end in ((name_of(one), f"s{k}"), (f"s{k}", name_of(other))):
            edges.append({"edgeID": f"e{len(edges) + 1}", "fromID": start, "toID": end})
    return {"nodes": nodes, "edges": edges,
            "locutions": [{"nodeID": name_of(c.id), "personID": c.author}
                          for c in mapped.claims if c.author]}


def read_aif(document: Any) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    """Return the claims by name, and the relations, of an AIF document.

    Returns
    -------
    statements, relations
        Words by name; and (from, to, kind).

    Raises
    ------
    InputError
        An edge joins two claims or names no node, or a scheme node lacks a side.
    """
    nodes = {n["nodeID"]: n for n in document["nodes"]}
    kinds = {scheme: kind for kind, (scheme, _) in SCHEMES.items()}
    into: dict[str, list[str]] = {}
    out: dict[str, list[str]] = {}
    for edge in document["edges"]:
        start, end = edge["fromID"], edge["toID"]
        if start not in nodes or end not in nodes:
            raise InputError(f"edge {edge['edgeID']} names a node that is not listed",
                             expected="nodes of the document")
        if (nodes[start]["type"] == "I") == (nodes[end]["type"] == "I"):
            raise InputError(f"edge {edge['edgeID']} joins two nodes of one kind",
                             expected="an edge between a claim and a scheme node")
        into.setdefault(end, []).append(start)
        out.setdefault(start, []).append(end)
    relations = set()
    for name, node in nodes.items():
        if node["type"] in kinds:
            if not into.get(name) or not out.get(name):
                raise InputError(f"scheme node {name} lacks a premise or a conclusion",
                                 expected="a claim on each side")
            relations |= {(a, b, kinds[node["type"]]) for a in into[name] for b in out[name]}
    return {n["nodeID"]: n["text"] for n in document["nodes"] if n["type"] == "I"}, relations
