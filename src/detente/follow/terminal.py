"""A crisis followed through its events, on a terminal."""

from __future__ import annotations

from detente.follow.document import Study
from detente.follow.sections import report, sections

__all__ = ["show"]


def show(study: Study, *, ahead: bool = False, full: bool = False) -> None:
    """Print the first screen; with ``ahead`` only what may come next, with ``full`` everything."""
    from detente.render import Report

    if ahead:
        part = next(s for s in sections(study) if s.id == "next")
        Report(study.scenario.title, "what may come next", part.lead, [part],
               answer_certified=study.checks()["certified"]).to_terminal()
        return
    report(study).to_terminal(full=full)
