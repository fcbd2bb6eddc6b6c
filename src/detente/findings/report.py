"""Gather the findings into one report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.findings import (
    assumptions,
    beliefs,
    claims,
    drivers,
    equilibria,
    history,
    indices,
    ladder,
    outcomes,
    paths,
    precision,
    reasons,
    trust,
)
from detente.findings.answer import sentence
from detente.findings.document import document

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Report, Section

__all__ = ["SECTIONS", "report"]

SECTIONS = (
    outcomes.section, drivers.section, indices.of_report, paths.section, reasons.section,
    paths.tree_section, ladder.section, beliefs.section, precision.section, equilibria.section,
    trust.section, assumptions.section, claims.section, history.section,
)
"""To add a finding, write its module and enter its ``section`` here."""


def report(analysis: Analysis, extra: Sequence[Section] = ()) -> Report:
    """Return the report: the answer first, what drives it, how far to trust it.

    ``extra`` are sections of other rooms about the same case.
    """
    from detente.render import Report
    from detente.version import __version__

    line = outcomes.certificate_line(analysis)
    # It stands below the answer; once is enough on one page.
    sections = [
        replace(made, certificate=None) if made.certificate == line else made
        for make in SECTIONS if (made := make(analysis)) is not None
    ]
    scenario = analysis.scenario
    size = analysis.compiled.tree
    return Report(
        title=scenario.title, subtitle=scenario.summary, answer=sentence(analysis),
        sections=[*sections, *extra],
        meta={
            "case": scenario.crisis, "file sha256": analysis.sha256, "detente": __version__,
            "seed": analysis.seed, "lambda": analysis.lam,
            "epsilon": analysis.deliberate.epsilon, "public nodes": size.n_nodes,
            "information sets": size.n_information_sets,
        },
        certificate=line, answer_certified=analysis.certified,
        data=document(analysis),
    )
