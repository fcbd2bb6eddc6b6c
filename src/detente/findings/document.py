"""The run as one JSON document; its schema is in ``run.schema.json`` beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.publish import DIALECT, rewrite

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis

__all__ = ["document", "head", "schema"]


class CertificateRow(TypedDict):
    """Errors of both solutions, in units of the stake."""

    certified: bool
    residual: float | None
    max_regret: float | None
    regret_bound: float | None
    nash_conv: float | None
    reached_by: str
    folds: list[float]
    deliberate_nash_conv: float | None
    fallible_certified: bool
    deliberate_certified: bool
    notes: list[str]


class SamplesRow(TypedDict):
    """Samples of the file's ranges and structures, and their largest errors."""

    deliberate_epsilon: float
    requested: int
    certified: int
    worst_residual: float | None
    deliberate_requested: int
    deliberate_certified: int
    deliberate_worst_nash_conv: float | None


class BriefRow(TypedDict):
    """The first screen: the headline and the sentences that follow the table of outcomes."""

    headline: str
    sentences: list[str]
    claims: dict[str, str]
    not_modelled: list[str]


Head = TypedDict("Head", {
    "case": str, "title": str, "file_sha256": str, "version": str, "seed": int, "answer": str,
    "question": str, "lambda": float, "epsilon": float, "certificate": CertificateRow,
    "samples": SamplesRow, "warnings": list[str], "brief": BriefRow,
})
"""The part of the document that belongs to no finding."""


def head(analysis: Analysis) -> Head:
    """Return the part of the document that belongs to no finding."""
    from detente.findings import brief
    from detente.findings.brief import headline
    from detente.findings.claims.wording import short
    from detente.version import __version__

    f, d = analysis.fallible.certificate, analysis.deliberate.certificate
    pool = analysis.pooled
    (ok, n), (good, m) = pool.passed("fallible"), pool.passed("deliberate")
    return {
        "case": analysis.scenario.crisis, "title": analysis.scenario.title,
        "file_sha256": analysis.sha256, "version": __version__, "seed": analysis.seed,
        "answer": headline(analysis), "question": analysis.question,
        "lambda": analysis.lam, "epsilon": float(analysis.deliberate.epsilon or 0.0),
        "certificate": {
            "certified": analysis.certified, "residual": f.residual, "max_regret": f.max_regret,
            "regret_bound": f.regret_bound, "nash_conv": f.nash_conv, "reached_by": f.reached_by,
            "folds": list(f.folds), "deliberate_nash_conv": d.nash_conv,
            "fallible_certified": f.certified, "deliberate_certified": d.certified,
            "notes": [note for note in (f.note, d.note) if note],
        },
        "samples": {
            "deliberate_epsilon": analysis.epsilon,
            "requested": n, "certified": ok, "worst_residual": pool.worst("fallible"),
            "deliberate_requested": m, "deliberate_certified": good,
            "deliberate_worst_nash_conv": pool.worst("deliberate"),
        },
        "warnings": list(analysis.warnings),
        "brief": {
            "headline": brief.headline(analysis), "sentences": brief.sentences(analysis),
            "claims": {f.id: short(f) for f in analysis.claims.found}
            if analysis.scenario.claims else {},
            "not_modelled": brief.missing(analysis),
        },
    }


def document(analysis: Analysis) -> dict[str, Any]:
    """Return the whole run as valid JSON without NaN and infinities.

    It holds `head`, every finding of this package by its key, and under ``added`` the findings of
    other packages.
    """
    from detente.findings.registry import builtin, findings
    from detente.render.plain import plain

    data = {f.key: f.data(analysis) for f in findings() if f.rows is not None}
    own = {f.key for f in builtin()}
    found: dict[str, Any] = plain({
        **head(analysis), **{key: rows for key, rows in data.items() if key in own},
        "added": {key: rows for key, rows in data.items() if key not in own},
    })
    return found


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `document`, made from the types of the head and the findings."""
    from pydantic import TypeAdapter

    from detente.findings.registry import builtin

    made: dict[str, Any] = TypeAdapter(Head).json_schema()
    shared: dict[str, Any] = made.setdefault("$defs", {})
    for finding in builtin():
        if finding.rows is None:
            continue
        part = _added(shared, TypeAdapter(finding.kind).json_schema(), finding.key)
        made["properties"][finding.key] = part
        made["required"].append(finding.key)
    made["properties"]["added"] = {
        "title": "Added", "type": "object", "additionalProperties": True,
        "description": "Rows of the findings of other packages, by key.",
    }
    made["required"].append("added")
    made |= {
        "$schema": DIALECT, "title": "detente run --json",
        "description": "The document of one run. Probabilities are shares of 1; payoffs, regrets "
                       "and errors are in units of the stake.",
    }
    closed: dict[str, Any] = _closed(made)
    return closed


def _added(shared: dict[str, Any], part: dict[str, Any], key: str) -> dict[str, Any]:
    """Add the types of a finding to the shared ones, and return its schema without them.

    A type that has the name of another type gets the finding's key before its name.
    """
    own = part.pop("$defs", {})
    names = {name: f"{key}{name}" if shared.get(name, made) != made else name
             for name, made in own.items()}
    told = {f"#/$defs/{old}": f"#/$defs/{new}" for old, new in names.items()}

    def renamed(x: Any) -> Any:
        if isinstance(x, list):
            return [renamed(y) for y in x]
        if isinstance(x, dict):
            return {k: told.get(v, v) if k == "$ref" else renamed(v) for k, v in x.items()}
        return x

    shared.update({names[name]: renamed(made) for name, made in own.items()})
    found: dict[str, Any] = renamed(part)
    return found


def _closed(part: Any) -> Any:
    """Return a schema whose objects with named properties allow no others."""
    if isinstance(part, list):
        return [_closed(x) for x in part]
    if not isinstance(part, dict):
        return part
    out = {k: _closed(v) for k, v in part.items()}
    if isinstance(out.get("properties"), dict) and out.get("type") == "object":
        out["additionalProperties"] = False
    return out


def main() -> None:
    """Rewrite the shipped schema."""
    rewrite(__file__, {"run.schema.json": schema()})


if __name__ == "__main__":
    main()
