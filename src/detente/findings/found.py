"""An analysis with its findings: answer, report and document."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from detente.analysis.analysis import Analysis
from detente.findings.brief import headline
from detente.findings.registry import Charts, FindingTables

if TYPE_CHECKING:
    from detente.render import Report

__all__ = ["Found"]


class Found(Analysis):
    """An analysis with its findings, as `detente.analyse` returns it."""

    @property
    def answer(self) -> str:
        """The answer in one sentence."""
        return headline(self)

    @cached_property
    def tables(self) -> FindingTables:
        """Data frames by the key of the finding, such as ``tables["outcomes"]``."""
        return FindingTables(self)

    @cached_property
    def charts(self) -> Charts:
        """Charts by the key of the finding, such as ``charts["drivers"]``."""
        return Charts(self)

    def report(self) -> Report:
        """Return the report."""
        from detente.findings.report import report

        return report(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the run as one document that JSON can hold."""
        from detente.findings.document import document

        return document(self)

    def _repr_html_(self) -> str:
        html: str = self.report()._repr_html_()
        return html
