"""The protocol by which every room hands over its findings: sections of tables, charts and notes.

A room builds :class:`Section` objects out of plain data and knows nothing of how they are shown. A
:class:`Report` gathers them and is shown in the terminal, as one HTML file, as JSON and in a
notebook, from the same objects.

Everything here is text for readers, never markup: it is escaped where it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from detente.render.plain import cell, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ORDER", "Chart", "Column", "Report", "Section", "Table"]

ORDER = (
    "outcomes",
    "comparison",
    "drivers",
    "global-drivers",
    "offramps",
    "paths",
    "tree",
    "ladder",
    "beliefs",
    "precision",
    "equilibria",
    "trust",
    "assumptions",
    "claims",
)
"""Order in which a report shows the sections it knows; others come before ``trust``."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name
        The heading, and the key in JSON and pandas.
    unit
        Shown after the heading, such as ``"points"`` or ``"share of the stake"``.
    format
        As in :func:`detente.render.plain.cell`: ``"percent"``, ``".2f"``, ... ; empty for text.
    bar
        Draw the number, a share in [0, 1], as a bar too.

    Examples
    --------
    >>> Column("deliberate", format="percent").show(0.184)
    '18 %'
    """

    name: str
    unit: str | None = None
    format: str = ""
    bar: bool = False

    def show(self, value: object) -> str:
        """Return the value as a reader sees it."""
        return cell(value, self.format)

    @property
    def heading(self) -> str:
        """Name and unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True)
class Table:
    """Rows under named columns.

    Parameters
    ----------
    title
        Shown above the table; may be empty.
    columns
        A plain name stands for a text column.
    rows
        One sequence of values a row, or one mapping from column names (missing keys are None).

    Raises
    ------
    ValueError
        A row is not as long as the columns, or has a column that does not exist.

    Examples
    --------
    >>> table = Table("Endings", ["ending", Column("deliberate", format="percent")],
    ...               [("war", 0.184), ("settlement", float("nan"))])
    >>> table.as_dict()["rows"]
    [{'ending': 'war', 'deliberate': 0.184}, {'ending': 'settlement', 'deliberate': None}]
    >>> Table.from_pandas(table.to_pandas(), title="Endings").as_dict()["rows"][0]
    {'ending': 'war', 'deliberate': 0.184}
    """

    title: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Any] | Mapping[str, Any]]

    def __post_init__(self) -> None:
        columns = tuple(Column(c) if isinstance(c, str) else c for c in self.columns)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "rows", tuple(self._row(row) for row in self.rows))

    def _row(self, row: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...]:
        names = [c.name for c in self.heads]
        if isinstance(row, Mapping):
            if unknown := set(row) - set(names):
                raise ValueError(f"table {self.title!r} has no column {sorted(unknown)}")
            return tuple(row.get(name) for name in names)
        if len(row) != len(names):
            raise ValueError(f"table {self.title!r}: {len(row)} values for {len(names)} columns")
        return tuple(row)

    @property
    def heads(self) -> tuple[Column, ...]:
        """The columns, each a :class:`Column`."""
        return tuple(Column(c) if isinstance(c, str) else c for c in self.columns)

    @classmethod
    def from_pandas(
        cls, frame: pd.DataFrame, title: str = "", columns: Sequence[Column | str] | None = None
    ) -> Table:
        """Return the table of a data frame, of the ``columns`` named or of all."""
        heads = columns or [str(c) for c in frame.columns]
        names = [c if isinstance(c, str) else c.name for c in heads]
        return cls(title, heads, frame[names].to_numpy(dtype=object).tolist())

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with the columns' names."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=[c.name for c in self.heads])

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        names = [c.name for c in self.heads]
        return {
            "title": self.title,
            "columns": [{"name": c.name, "unit": c.unit} for c in self.heads],
            "rows": [dict(zip(names, map(plain, row), strict=True)) for row in self.rows],
        }

    def _repr_html_(self) -> str:
        from detente.render.html import table_html

        return table_html(self)


@dataclass(frozen=True)
class Chart:
    """A drawing: a Vega-Lite specification, or SVG drawn by detente itself.

    Parameters
    ----------
    title
        Shown above the chart.
    spec
        Vega-Lite JSON, as ``altair.Chart.to_dict`` gives it; None for SVG.
    alt
        What the chart shows, in words, for those who cannot see it.
    svg
        A complete ``<svg>`` element whose text is already escaped; None for Vega-Lite.
    narrow
        The same for a column of some 300 pixels (a telephone): a specification or an SVG element.

    Raises
    ------
    ValueError
        Neither or both of ``spec`` and ``svg``, or no words in ``alt``.

    Examples
    --------
    >>> Chart("Nothing", None, "An empty drawing.", svg="<svg/>").to_svg()
    '<svg/>'
    """

    title: str
    spec: dict[str, Any] | None
    alt: str
    svg: str | None = None
    narrow: dict[str, Any] | str | None = None

    def __post_init__(self) -> None:
        if (self.spec is None) == (self.svg is None):
            raise ValueError(f"chart {self.title!r} needs either a specification or SVG")
        if not self.alt.strip():
            raise ValueError(f"chart {self.title!r} has no words for those who cannot see it")

    def to_svg(self, *, narrow: bool = False) -> str:
        """Return the chart as an ``<svg>`` element, for a page or, ``narrow``, for a telephone."""
        drawing = self.narrow if narrow and self.narrow is not None else self.spec or self.svg
        if drawing is None or isinstance(drawing, str):
            return drawing or ""
        return _rendered(json.dumps(plain(drawing), sort_keys=True))

    def to_altair(self) -> Any:
        """Return the Altair chart, to be changed further in a notebook.

        Raises
        ------
        ValueError
            The chart is drawn by detente and has no specification.
        """
        if self.spec is None:
            raise ValueError(f"chart {self.title!r} is SVG and has no specification")
        import altair

        return altair.Chart.from_dict(self.spec)

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"title": self.title, "alt": self.alt, "spec": plain(self.spec), "svg": self.svg}

    def _repr_html_(self) -> str:
        from detente.render.html import chart_html

        return chart_html(self)


@lru_cache(maxsize=256)
def _rendered(spec: str) -> str:
    """Draw a Vega-Lite specification once, however often a notebook shows it."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))


@dataclass(frozen=True)
class Section:
    """One finding: what it says in words, then its tables and charts.

    Parameters
    ----------
    id
        A short name, unique in the report; :data:`ORDER` lists those the report knows how to place.
    title
        The heading.
    lead
        The finding in one or two plain sentences.
    tables, charts, notes
        In the order they are shown: charts first, then tables, then notes.
    certificate
        How far its numbers can be trusted, in a line; None where nothing is computed.
    certified
        False marks the section; None where nothing is computed.
    html
        A further fragment of HTML, shown as it is: the caller answers for it being safe.

    Examples
    --------
    >>> section = Section("outcomes", "How it ends", "War in one case of five.",
    ...                   tables=[Table("", ["ending", "p"], [("war", 0.2)])],
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
        """Return what JSON can hold."""
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


@dataclass(frozen=True)
class Report:
    """Everything one run found, to be shown in any form.

    Parameters
    ----------
    title, subtitle
        The crisis, and what kind of report this is.
    answer
        The answer in one sentence, with its band.
    sections
        In any order: :meth:`ordered` places those of :data:`ORDER`.
    meta
        Provenance: file hash, version, seed, lambda, epsilon and the like, by name.
    certificate, answer_certified
        The certificate of the answer in a line, and whether it holds.
    data
        The run's JSON document, carried inside the HTML file for whoever wants the numbers.

    Raises
    ------
    ValueError
        Two sections have the same id.

    Examples
    --------
    >>> report = Report("The strait crisis", "Findings", "War: 18 %.",
    ...                 [Section("trust", "Trust"), Section("outcomes", "How it ends")],
    ...                 meta={"lambda": 40})
    >>> [s.id for s in report.ordered()]
    ['outcomes', 'trust']
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
    data: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        ids = [s.id for s in self.sections]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"two sections are called {sorted(twice)[0]!r}")

    @property
    def certified(self) -> bool:
        """Whether nothing in the report is marked as uncertified."""
        return self.answer_certified is not False and all(
            s.certified is not False for s in self.sections
        )

    def ordered(self) -> list[Section]:
        """Return the sections as a reader meets them."""
        place = {name: k for k, name in enumerate(ORDER)}
        return sorted(self.sections, key=lambda s: place.get(s.id, place["trust"] - 0.5))

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "answer": self.answer,
            "certificate": self.certificate,
            "certified": self.certified,
            "sections": [s.as_dict() for s in self.ordered()],
            "meta": plain(self.meta),
        }

    def to_html(self) -> str:
        """Return one self-contained HTML page that makes no request to anywhere."""
        from detente.render.html import page

        return page(self)

    def to_terminal(self) -> None:
        """Print the report on standard output."""
        from detente.render.terminal import show

        show(self)

    def _repr_html_(self) -> str:
        from detente.render.html import fragment

        return fragment(self)
