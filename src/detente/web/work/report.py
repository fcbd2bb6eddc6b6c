"""The analysis of a desk's crisis: its first answer, then its sections as they are ready."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from detente.analysis.settings import Settings
from detente.errors import NotReadyError
from detente.web.progress import Progress, Tell, told

if TYPE_CHECKING:
    from detente.findings.found import Found
    from detente.render import Section
    from detente.web.source import Source

__all__ = ["Answer", "Part", "analyse", "file"]

SAMPLES, DELIBERATE, STARTS = 256, 32, 8
"""Samples and starts of the analysis on the page; `file` uses the defaults of `detente run`."""
EARLY = ("paths", "decisions", "tree", "ladder")
"""Findings that need both equilibria and no samples."""
OUTSIDE = ("world",)
"""Findings that need no samples, but time of their own: they come after the early ones."""


@dataclass(frozen=True)
class Answer:
    """The answer in both models at the centre.

    Attributes
    ----------
    words : str
        A sentence; empty if a solution is not checked.
    checked : bool
    check : str
        How far both solutions are from exact ones.
    """

    words: str
    checked: bool
    check: str


@dataclass(frozen=True)
class Part:
    """Sections that are ready.

    Attributes
    ----------
    html : dict
        Sections by the key of the finding; ``brief`` is the first screen.
    headline : str
        The answer of the first screen, empty as long as the samples are missing.
    check : str
        The samples that passed their check.
    checked : bool
        Whether every solution did.
    whole : bool
        Whether all sections are there.
    """

    html: dict[str, str] = field(default_factory=dict)
    headline: str = ""
    check: str = ""
    checked: bool = True
    whole: bool = False


def _found(source: Source, settings: Settings, tell: Tell) -> Found:
    from detente.findings.found import Found
    from detente.web.source import check

    found = Found(source.crisis(), settings, tell=tell)
    found.warnings += check(source.text, source.name, source.case).remarks
    if not source.moved:  # with sliders moved the answer is not that of the text
        found.sha256 = hashlib.sha256(source.text.encode("utf-8", "replace")).hexdigest()
    return found


def _provenance(found: Found, source: Source) -> dict[str, object]:
    """Return what the report states at its end, and the sliders that were moved."""
    from detente.findings.report import provenance
    from detente.web.stale import moved_words

    made = provenance(found)
    return made if not source.moved else {**made, "sliders moved": moved_words(source)}


def _provenance_section(found: Found, source: Source) -> Section:
    from detente.render import Section, Table

    return Section("provenance", "Provenance", tables=[
        Table("", ["", "value"], list(_provenance(found, source).items()))])


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
    from detente.findings.brief import brief, check_line, early, headline
    from detente.web.show import error_of, html_of

    news: list[Progress] = []
    found = _found(source, Settings(
        samples=SAMPLES, deliberate_samples=DELIBERATE, starts=STARTS, workers=1),
        lambda done, total, what: news.append(Progress(done, total, what)))
    while (step := found.step()) is not None:
        if step.name == "deliberate":
            both = (found.fallible, found.deliberate)
            yield Answer(early(found), all(e.certificate.certified for e in both),
                         "; ".join(map(error_of, both)))
            yield Part(_sections(found, EARLY))
            yield Part(_sections(found, OUTSIDE))
        yield from news[-1:]
        news.clear()
    yield Progress(0, 0, "drawing")
    # The first screen has the headline and its check already.
    rest = replace(brief(found), lead="", certificate=None, certified=None)
    html = {**_sections(found), "brief": html_of([rest]),
            "provenance": html_of([_provenance_section(found, source)])}
    yield Part(html, headline(found),
               check_line(found), found.certified, whole=True)


def file(source: Source, kind: str) -> Iterator[Any]:
    """Yield progress, then the report as a file: ``html``, ``docx`` or ``json``."""
    yield from told(lambda tell: _file(source, kind, tell))


def _file(source: Source, kind: str, tell: Tell) -> bytes:
    found = _found(source, Settings(), tell).run()
    tell(0, 0, "writing")
    if kind == "json":
        import json

        from detente.findings.document import document
        from detente.render.plain import plain

        return json.dumps(plain(document(found)), allow_nan=False, indent=1).encode()
    from detente.findings.report import report
    from detente.render.saving import content

    whole = replace(report(found), meta=_provenance(found, source))
    made = content(whole, f"report.{kind}")
    return made.encode() if isinstance(made, str) else made
