"""The run as one JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis

__all__ = ["document"]


def document(analysis: Analysis) -> dict[str, Any]:
    """Return everything a program needs, valid JSON (no NaN, no infinity).

    Keys are documented in the reference of ``detente run --json``.
    """
    from detente.findings import assumptions, drivers, equilibria, history, outcomes, paths, reasons
    from detente.findings.answer import sentence
    from detente.findings.claims.section import claims_of
    from detente.render.plain import plain
    from detente.version import __version__

    f, d = analysis.fallible.certificate, analysis.deliberate.certificate
    certificate = {
        "certified": analysis.certified, "residual": f.residual, "max_regret": f.max_regret,
        "regret_bound": f.regret_bound, "nash_conv": f.nash_conv, "reached_by": f.reached_by,
        "folds": list(f.folds), "deliberate_nash_conv": d.nash_conv,
        "fallible_certified": f.certified, "deliberate_certified": d.certified,
        "notes": [note for note in (f.note, d.note) if note],
    }
    done = analysis.band, analysis.deliberate_band
    found: dict[str, Any] = plain({
        "case": analysis.scenario.crisis, "title": analysis.scenario.title,
        "file_sha256": analysis.sha256, "version": __version__, "seed": analysis.seed,
        "answer": sentence(analysis), "question": analysis.question,
        "lambda": analysis.lam, "epsilon": analysis.deliberate.epsilon,
        "outcomes": analysis.once(outcomes.rows),
        "equilibria": analysis.once(equilibria.rows),
        "certificate": certificate,
        "samples": {
            "deliberate_epsilon": analysis.epsilon,
            "requested": len(done[0].certified), "certified": int(done[0].certified.sum()),
            "worst_residual": done[0].worst,
            "deliberate_requested": len(done[1].certified),
            "deliberate_certified": int(done[1].certified.sum()),
            "deliberate_worst_nash_conv": done[1].worst,
        },
        "paths": analysis.once(paths.rows), "decisions": analysis.once(paths.decisions),
        "must_believe": analysis.once(reasons.rows),
        "drivers": analysis.once(drivers.rows),
        "global_drivers": None if analysis.indices is None else analysis.indices.as_dict(),
        "assumptions": assumptions.rows(analysis),
        "claims": claims_of(analysis).as_dict() if analysis.scenario.claims else None,
        "history": history.kept(analysis), "warnings": analysis.warnings,
    })
    return found
