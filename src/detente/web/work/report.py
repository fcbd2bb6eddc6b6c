"""The analysis of a desk's crisis: its first answer, then its sections as they are ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.analysis.settings import Settings
from detente.errors import NotReadyError
from detente.web.progress import Progress

if TYPE_CHECKING:
    from detente.findings.found import Found
    from detente.web.desk import Source

__all__ = ["Answer", "Part", "analyse", "file"]

SAMPLES, DELIBERATE, STARTS = 256, 32, 8
"""Samples and starts of the analysis on the page; `file` uses the defaults of `detente run`."""
EARLY = ("paths", "decisions", "tree", "ladder")
"""Findings that need both equilibria and no samples."""


@dataclass(frozen=True)
class Answer:
    """The answer in both models at the centre.

    Attributes
    ----------
    words : str
        A sentence; empty if a solution is not checked.
    checked : bool
    """

    words: str
    checked: bool


@dataclass(frozen=True)
class Part:
    """Sections that are ready.

    Attributes
    ----------
    html : dict
        Sections by the key of the finding; ``brief`` is the first screen.
    headline : str
        The answer of the first screen, empty as long as the samples are missing.
    whole : bool
        Whether all sections are there.
    """

    html: dict[str, str] = field(default_factory=dict)
    headline: str = ""
    whole: bool = False


def _found(source: Source, settings: Settings, told: list[Progress]) -> Found:
    from detente.findings.found import Found

    return Found(source.crisis(), settings,
                 tell=lambda done, total, what: told.append(Progress(done, total, what)))


def _sections(found: Found, keys: tuple[str, ...] | None = None) -> dict[str, str]:
    from detente.findings.registry import findings
    from detente.web.show import html_of

    made = {}
    for finding in findings():
        if keys is None or finding.key in keys:
            try:
                made[finding.key] = html_of(finding.sections(found))
            except NotReadyError:
                continue
    return made


def analyse(source: Source) -> Iterator[Any]:
    """Yield the answer in both models, progress, and the sections as they are ready."""
    from detente.findings.brief import brief, early, headline
    from detente.web.show import html_of

    told: list[Progress] = []
    found = _found(source, Settings(
        samples=SAMPLES, deliberate_samples=DELIBERATE, starts=STARTS, workers=1), told)
    while (step := found.step()) is not None:
        if step.name == "deliberate":
            both = (found.fallible, found.deliberate)
            yield Answer(early(found), all(e.certificate.certified for e in both))
            yield Part(_sections(found, EARLY))
        yield from told[-1:]
        told.clear()
    yield Progress(0, 0, "drawing")
    yield Part({**_sections(found), "brief": html_of([brief(found)])}, headline(found), whole=True)


def file(source: Source, kind: str) -> Iterator[Any]:
    """Yield progress, then the report as a file: ``html``, ``docx`` or ``json``."""
    import json

    told: list[Progress] = []
    found = _found(source, Settings(), told)
    while found.step() is not None:
        yield from told[-1:]
        told.clear()
    yield Progress(0, 0, "writing")
    if kind == "json":
        from detente.findings.document import document
        from detente.render.plain import plain

        yield json.dumps(plain(document(found)), allow_nan=False, indent=1).encode()
    else:
        from detente.findings.report import report
        from detente.render.saving import content

        made = content(report(found), f"report.{kind}")
        yield made.encode() if isinstance(made, str) else made
