"""The protocol for output: sections of tables, charts and notes.

Other packages build :class:`Section` objects from plain data. A :class:`Report` collects them. The
same objects are shown in the terminal, as one HTML file, as JSON and in a notebook.

All texts are plain text, not markup; they are escaped for the output.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.render.chart import Chart
from detente.render.plain import plain
from detente.render.table import Column, Table

__all__ = ["Chart", "Column", "Report", "Section", "Table"]

@dataclass(frozen=True)
class Section:
    """One finding: its result in words, then its tables and charts.

    Parameters
    ----------
    id
        A short name, unique in the report.
    title
        The heading.
    lead
        The finding in one or two plain sentences.
    tables, charts, notes
        In the order of the output: charts first, then tables, then notes.
    certificate
        The errors of its numbers in a line; None if nothing is computed.
    certified
        False marks the section; None if nothing is computed.
    html
        A further fragment of HTML. It is not escaped, so the caller must ensure that it is safe.

    Examples
    --------
    >>> section = Section("outcomes", "Outcomes", "War in one case of five.",
    ...                   tables=[Table("", ["outcome", "p"], [("war", 0.2)])],
    ...                   certificate="residual 3e-12", certified=True)
    >>> sorted(section.as_dict())
    ['certificate', 'certified', 'charts', 'id', 'lead', 'notes', 'tables', 'title']
    """

    id: str
    title: str
    lead: str = ""
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    notes: Sequence[str] = ()
    certificate: str | None = None
    certified: bool | None = None
    html: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "lead": self.lead,
            "tables": [t.as_dict() for t in self.tables],
            "charts": [c.as_dict() for c in self.charts],
            "notes": list(self.notes),
            "certificate": self.certificate,
            "certified": self.certified,
        }

    def _repr_html_(self) -> str:
        from detente.render.html import section_html

        return section_html(self)


@dataclass(frozen=True, repr=False)
class Report:
    """The results of one run, for every form of output.

    Parameters
    ----------
    title, subtitle
        The crisis, and the kind of the report.
    answer
        The answer in one sentence, with its band.
    sections
        In the order of the output.
    meta
        Provenance: file hash, version, seed, lambda, epsilon and the like, by name.
    certificate, answer_certified
        The certificate of the answer in a line, and whether it holds.
    brief
        What a reader must know first; shown instead of the answer, before the sections.
    data
        The run's JSON document, which the HTML file contains.

    Raises
    ------
    ValueError
        Two sections have the same id.

    Examples
    --------
    >>> report = Report("The strait crisis", "Findings", "War: 18 %.",
    ...                 [Section("outcomes", "Outcomes"), Section("trust", "Checks")],
    ...                 meta={"lambda": 40})
    >>> report.certified
    True
    """

    title: str
    subtitle: str
    answer: str
    sections: Sequence[Section]
    meta: Mapping[str, Any] = field(default_factory=dict)
    certificate: str | None = None
    answer_certified: bool | None = None
    brief: Section | None = None
    data: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        state = "checked" if self.certified else "not all checked"
        return f"<Report {self.title}: {len(self.sections)} sections, {state}>"

    def __post_init__(self) -> None:
        ids = [s.id for s in self.sections]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"two sections have the id {sorted(twice)[0]!r}; rename one")

    @property
    def certified(self) -> bool:
        """Whether every part of the report holds its certificate."""
        return self.answer_certified is not False and all(
            s.certified is not False for s in self.sections
        )

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "answer": self.answer,
            "certificate": self.certificate,
            "certified": self.certified,
            "sections": [s.as_dict() for s in self.sections],
            "meta": plain(self.meta),
        }

    def to_html(self) -> str:
        """Return one self-contained HTML page that makes no network request."""
        from detente.render.html import page

        return page(self)

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Save the report; the ending of the name says in which form.

        Parameters
        ----------
        path
            The place: ``.html`` or ``.htm`` for the whole report, ``.docx`` for its brief as a Word
            document (extra ``word``). Missing folders are made. The file is whole or not there.
        force
            Replace a file that detente has not made.

        Returns
        -------
        Path
            The place.

        Raises
        ------
        InputError
            The ending is another one, the extra is missing, or the place is refused.
        OutputError
            The place cannot be written to.

        Examples
        --------
        >>> import tempfile
        >>> report = Report("The strait crisis", "Findings", "War: 18 %.", [])
        >>> report.save(tempfile.mkdtemp() + "/report.html").name
        'report.html'
        """
        from detente.files import check_output, write_whole
        from detente.render.saving import check_ending, content

        check_output(path, force=force)
        check_ending(path)
        return write_whole(path, content(self, path))

    def to_terminal(self, full: bool = True) -> None:
        """Print the report on standard output; only the brief if ``full`` is False."""
        from detente.render.terminal import show

        show(self, full=full)

    def _repr_html_(self) -> str:
        from detente.render.html import fragment

        return fragment(self)
