"""The findings collected in one report."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread
from typing import TYPE_CHECKING

from detente.errors import NotDrawnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.analysis import Analysis
    from detente.findings.finding import Finding
    from detente.render import Report, Section

__all__ = ["drawn_beside", "prepare", "provenance", "report"]


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
        for finding in findings() for made in _sections(finding, analysis)
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


def prepare(workers: int) -> None:
    """Load the chart library and start the process that draws, while other work goes on."""
    from detente.analysis.ahead import ahead

    def load() -> None:
        from detente.render.draw import prepare

        prepare()
        import altair  # noqa: F401  # it takes a second

    ahead(load, workers)


@contextmanager
def drawn_beside(analysis: Analysis) -> Iterator[None]:
    """Make and draw the sections that need no claims while the claims are evaluated.

    `report` then finds them done. A section that fails here is made again there, which raises its
    error. Used when every sample is solved (the step "sampled").
    """
    seen, stop = analysis.beside(), Event()

    def draw(section: Section) -> None:
        for chart in section.charts:
            for narrow in (False, True):
                if not stop.is_set():
                    with suppress(NotDrawnError):  # said on the page
                        chart.to_svg(narrow=narrow)

    def work() -> None:
        from detente.findings.registry import findings

        with ThreadPoolExecutor(1) as pool:
            for finding in findings():
                if stop.is_set():
                    return
                with suppress(Exception):  # among them NotReadyError of the claims
                    for made in _sections(finding, seen):
                        pool.submit(draw, made)

    thread = Thread(target=work, name="sections", daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        stop.set()
        raise
    finally:
        thread.join()


def _sections(finding: Finding, analysis: Analysis) -> list[Section]:
    return analysis.once(finding.sections, key=("sections", finding))
