"""The findings collected in one report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.analysis import Analysis
    from detente.render import Report, Section

__all__ = ["provenance", "report"]


def report(analysis: Analysis, extra: Sequence[Section] = ()) -> Report:
    """Return the report: the answer, then the sections of every finding in order.

    Parameters
    ----------
    analysis : Analysis
    extra : sequence of Section
        Sections of other rooms about the same case; they come last.
    """
    from detente.findings.brief import brief, headline
    from detente.findings.document import document
    from detente.findings.outcomes import certificate_line
    from detente.findings.registry import findings
    from detente.render import Report

    line = certificate_line(analysis)
    # The line is shown below the answer; a section does not repeat it.
    sections = [
        replace(made, certificate=None) if made.certificate == line else made
        for finding in findings() for made in finding.sections(analysis)
    ]
    scenario = analysis.scenario
    return Report(
        title=scenario.title, subtitle=scenario.summary, answer=headline(analysis),
        brief=brief(analysis), sections=[*sections, *extra],
        meta=provenance(analysis),
        certificate=line, answer_certified=analysis.certified, data=document(analysis),
    )


def provenance(analysis: Analysis) -> dict[str, object]:
    """Return what the answer was computed from, and with which settings."""
    from detente.version import __version__

    size = analysis.compiled.tree
    return {
        "case": analysis.scenario.crisis, "file sha256": analysis.sha256, "detente": __version__,
        "seed": analysis.seed, "lambda": analysis.lam,
        "epsilon": analysis.deliberate.epsilon, "public nodes": size.n_nodes,
        "information sets": size.n_information_sets,
    }
