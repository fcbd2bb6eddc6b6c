"""Base rates: the rates that a case or its claims name, beside the model's answer.

Nothing is downloaded. If the data of a rate is not in the user's cache, the report names the rate
and the command that downloads the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.errors import DetenteError
from detente.findings.finding import Finding
from detente.findings.outcomes import certificate_line
from detente.render.numbers import percent, span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section, Table
    from detente.scenario.schema import Scenario

__all__ = ["FINDING", "RateRow", "kept", "named", "rows", "section"]


class Beside(TypedDict):
    """The model's answer on the outcome nearest to the counted event."""

    ending: str
    deliberate: float
    fallible: float


class JoinRow(TypedDict):
    """A join that a rate needed: rows kept, and rows left out by reason."""

    source: str
    kept: int
    dropped: dict[str, int]


class RivalRow(TypedDict):
    """The base rate of a rate of the record: the event without the condition."""

    words: str
    value: float | None
    n: int
    hits: int | None
    low: float | None
    high: float | None
    clusters: int


class RateRow(TypedDict):
    """A base rate: the count, its value with 95 % intervals, and the model's answer.

    ``unit`` is ``share``, ``correlation``, ``AUC`` or a unit in words. ``share`` and ``hits`` are
    null in another unit than ``share``, and ``value`` holds the number in every unit.
    """

    name: str
    question: str
    data: str
    definition: str
    warning: str
    claims: list[str]
    fetch: str | None
    why: str
    hits: int | None
    n: int | None
    unit: str
    value: float | None
    share: float | None
    low: float | None
    high: float | None
    clustered_low: float | None
    clustered_high: float | None
    clusters: int | None
    missing: int | None
    left_out: dict[str, int] | None
    joined: list[JoinRow] | None
    citation: list[str] | None
    sentence: str | None
    rival: RivalRow | None
    by_year: dict[str, int] | None
    parts: dict[str, float | None] | None
    beside: Beside | None


def named(scenario: Scenario) -> dict[str, list[str]]:
    """Return the rates that a case names, each with the claims that point to it."""
    found: dict[str, list[str]] = {str(name): [] for name in scenario.rates}
    for claim in scenario.claims:
        if claim.rate is not None:
            found.setdefault(str(claim.rate), []).append(claim.id)
    return found


def sets(rate: str) -> list[str]:
    """Return the data sets that a rate needs."""
    from detente.history.base_rates import base_rates

    return list(base_rates()[rate].sets)


def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one row per rate, JSON-ready.

    Keys: name, question, data, definition, warning, claims, fetch (the command; None if the
    data is installed), why, unit, sentence (of a rate of the record); hits, n, value, share, low,
    high, clustered_low, clustered_high, clusters, missing, left_out, joined, citation, rival,
    by_year, parts (None without data); beside (None, or outcome, deliberate, fallible).
    """
    from detente.history.base_rates import base_rates
    from detente.history.store import held

    out = []
    for name, claims in named(analysis.scenario).items():
        q = base_rates()[name]
        row: dict[str, Any] = {
            "name": name, "question": q.title, "data": q.data, "definition": q.definition,
            "warning": q.warning, "claims": claims,
            "fetch": f"detente data fetch {' '.join(sets(name))}",
            "why": "not downloaded yet", "hits": None, "n": None, "share": None, "low": None,
            "high": None, "clustered_low": None, "clustered_high": None, "clusters": None,
            "missing": None, "left_out": None, "joined": None, "citation": None,
            "unit": q.unit, "value": None, "sentence": getattr(q, "sentence", None),
            "rival": None, "by_year": None, "parts": None,
            "beside": beside(analysis, q.beside),
        }
        if all(map(held, q.needs)):
            from detente.history.rates import answer

            try:
                row |= {**answer(name).as_dict(), "fetch": None, "why": ""}
            except DetenteError as error:  # a damaged file, or an extra that is not installed
                row["why"] = str(error)
        out.append(row)
    return out


def kept(analysis: Analysis) -> list[dict[str, Any]]:
    """Return `rows`; they are computed again only if other data is installed than before."""
    from detente.history.store import held

    data = {d for name in named(analysis.scenario) for d in sets(name)}
    return analysis.once(rows, given=frozenset(d for d in data if held(d)))


def beside(analysis: Analysis, ending: str) -> dict[str, Any] | None:
    """Return the model's answer on the outcome nearest to a rate's event, None if there is none."""
    from detente.analysis.question import chance_of, mask_of

    mask = mask_of(analysis.names, ending, analysis.compiled.tree.wars)
    if not mask.any():
        return None
    return {"ending": ending, "deliberate": chance_of(analysis.deliberate, mask),
            "fallible": chance_of(analysis.fallible, mask)}


def section(analysis: Analysis) -> Section | None:
    """Return the base rates; None if the case names none."""
    found = kept(analysis)
    if not found:
        return None
    from detente.render import Section

    there = [r for r in found if r["value"] is not None]
    absent = [r for r in found if r["fetch"] is not None]
    if there:
        lead = ("A base rate counts how often an event happened in a collection of cases. It does "
                "not predict this crisis. The table shows the model's answer beside it.")
    else:
        names = " ".join(dict.fromkeys(n for r in absent for n in sets(r["name"])))
        lead = (f"The case names {len(found)} base rate{'s' * (len(found) > 1)}, whose data is not "
                f"installed. Run `detente data fetch {names}`, then run this command again. "
                "Nothing is downloaded without that command.")
    compared = any(r["beside"] for r in there)
    notes = [f"{r['name']}: {r['definition']} {r['warning']}".rstrip() for r in there]
    notes += [f"{r['name']}: {n:,} rows left out: {why}." for r in there
              for why, n in r["left_out"].items()]
    notes += dict.fromkeys(c for r in there for c in r["citation"])
    if there:
        notes.insert(0, "Intervals of shares are Wilson's, at 95 %; clustered intervals allow for "
                        "cases that depend on one another. The base rate counts a similar event, "
                        "not exactly this outcome.")
    return Section(
        FINDING.key, FINDING.title, lead,
        tables=[t for t in (counted(there), measured(there), beside_them(there), lacking(absent))
                if t.rows], notes=notes,
        certificate=certificate_line(analysis) if compared else "",
        certified=analysis.certified if compared else None,
    )


def bearing(r: dict[str, Any]) -> str:
    """Return a rate's question with the claims that name it."""
    to = f" (claim {', '.join(r['claims'])})" if r["claims"] else ""
    return f"{r['name']}: {r['question'].rstrip(':')}{to}"


def counted(there: list[dict[str, Any]]) -> Table:
    """Return the rates with counts and intervals, the model's answer beside them."""
    from detente.render import Column, Table

    def interval(r: dict[str, Any]) -> str:
        pairs = [(r["low"], r["high"], "")]
        if r["clustered_low"] is not None:
            pairs.append((r["clustered_low"], r["clustered_high"], "clustered "))
        return "; ".join(f"{word}{span(a, b)}" for a, b, word in pairs)

    def modelled(r: dict[str, Any]) -> str:
        if not r["beside"]:
            return "–"
        b = r["beside"]
        return (f"{b['ending']}: {percent(b['deliberate'])} deliberate, "
                f"{percent(b['fallible'])} fallible")

    return Table("Rates and the model's answer", [
        "question", "counted", Column("share", format="percent"), "95 % interval", "model",
    ], [
        (bearing(r), f"{r['hits']} of {r['n']}", r["share"], interval(r), modelled(r))
        for r in there if r["unit"] == "share"
    ])


def measured(there: list[dict[str, Any]]) -> Table:
    """Return the rates that are not shares, with their units and clustered intervals."""
    from detente.render import Column, Table

    return Table("Rates that are not shares", [
        "question", "unit", *(Column(c, format=".4f") for c in ("value", "low", "high")),
        Column("n", format=".0f"),
    ], [
        (bearing(r), r["unit"], r["value"], r["clustered_low"], r["clustered_high"], r["n"])
        for r in there if r["unit"] != "share"
    ])


def beside_them(there: list[dict[str, Any]]) -> Table:
    """Return the base rates beside the rates of the record, with clustered intervals."""
    from detente.render import Table

    def shown(r: dict[str, Any], x: float | None) -> str:
        return "–" if x is None else percent(x) if r["unit"] == "share" else f"{x:.4f}"

    return Table("The same event without the condition", [
        "rate", "value", "compared with", "its value", "95 % interval", "counted",
    ], [
        (r["name"], shown(r, r["value"]), v["words"], shown(r, v["value"]),
         f"{shown(r, v['low'])} to {shown(r, v['high'])}", f"{v['n']:,}")
        for r in there for v in [r["rival"]] if v is not None
    ])


def lacking(absent: list[dict[str, Any]]) -> Table:
    """Return the rates without data, and the command that downloads it."""
    from detente.render import Table

    return Table("Rates without data", ["question", "reason", "command"], [
        (bearing(r), r["why"], r["fetch"]) for r in absent
    ])


FINDING = Finding("history", "Base rates from history", 140, section, kept, list[RateRow])
