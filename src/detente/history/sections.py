"""Base rates and estimated models as sections of a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from detente.history.estimators.results import FitResult
from detente.history.rates import Rate, answer
from detente.render.palette import BLUE
from detente.render.section import Chart, Column, Section, Table

__all__ = ["fit_section", "polarity_section", "profile_section", "rates_section"]


def rates_section(
    rates: Sequence[str | Rate], folder: Path | None = None
) -> Section:
    """Return base rates beside a model's answer.

    Parameters
    ----------
    rates
        Names of registered questions, or their answers.
    folder
        Folder of the downloaded files.

    Raises
    ------
    InputError
        A name is unknown, or its data has not been downloaded.
    """
    found = [answer(r, folder) if isinstance(r, str) else r for r in rates]
    columns: list[Column | str] = [
        "question", Column("share", format="percent"), Column("low", format="percent"),
        Column("high", format="percent"), Column("hits", format=".0f"), Column("n", format=".0f"),
        "data",
    ]
    rows: list[tuple[object, ...]] = []
    others: list[tuple[object, ...]] = []
    for r in found:
        low, high = r.clustered or (r.low, r.high)
        if r.measured is None:
            rows.append((r.question.title, r.share, low, high, r.hits, r.n, r.question.data))
        else:
            others.append((r.question.title, r.question.unit, r.value, low, high, r.n,
                           r.question.data))
    tables = [Table("", columns, rows)] if rows or not others else []
    if others:
        tables.append(Table("Rates that are not shares", [
            "question", "unit", *(Column(c, format=".4f") for c in ("value", "low", "high")),
            Column("n", format=".0f"), "data"], others))
    notes = [
        "Wilson intervals at 95 %, clustered if observations depend on one another.",
        *(f"{r.question.title} {r.beside}" for r in found if r.beside),
        *dict.fromkeys(f"{r.question.data}: {r.question.warning}" for r in found),
        *dict.fromkeys(c for r in found for c in r.citation),
    ]
    lead = ("How often similar events happened in the past. A base rate is a frequency, not a "
            "forecast of this crisis.")
    return Section("history", "Base rates", lead, tables, [], notes)


def polarity_section(table: pd.DataFrame, highlight: int | None = None) -> Section:
    """Return the concentration of capability over the years as a chart.

    Parameters
    ----------
    table
        From `detente.history.polarity.polarity`.
    highlight
        A year that the lead reports.
    """
    import altair as alt

    years = table[["year", "concentration"]]
    chart = (
        alt.Chart(years)
        .mark_line(color=BLUE)
        .encode(
            x=alt.X("year:Q", title="year", axis=alt.Axis(format="d")),
            y=alt.Y("concentration:Q", title="concentration (0: equal powers, 1: one power)"),
        )
        .properties(width=560, height=240)
    )
    lead = "Inequality of capability among the powers of each year."
    now = table[table.year == highlight]
    if len(now):
        lead += f" Concentration in {highlight}: {float(now.concentration.iloc[0]):.3f}."
    alt_text = (
        f"A line from {int(table.year.min())} to {int(table.year.max())}, between "
        f"{float(table.concentration.min()):.2f} and {float(table.concentration.max()):.2f}."
    )
    return Section(
        "polarity", "Concentration of capability", lead,
        charts=[Chart("Ray and Singer's concentration", chart.to_dict(), alt_text)],
        notes=[str(table.attrs.get("note", ""))] if table.attrs.get("note") else [],
    )


def fit_section(result: FitResult) -> Section:
    """Return an estimated model as a table, marked if the estimate cannot be trusted."""
    rows = [
        (r["index"], r["term"], r["estimate"], r["std_error"], r["low"], r["high"])
        for r in result.tidy().to_dict("records")
    ]
    numbers = [Column(c, format=".3f") for c in ("estimate", "std. error", "low", "high")]
    lead = (
        f"{result.model}: log-likelihood {result.loglik:.3f} over {result.n_plays} plays, "
        f"AIC {result.aic:.1f}."
    )
    return Section(
        "fit", "Estimated model", lead, [Table("", ["index", "term", *numbers], rows)],
        notes=[f"Standard errors: {result.cov_kind}.", *result.warnings],
        certificate="the gradient is zero and the Hessian negative definite" if result.converged
        else "the search found no proper maximum",
        certified=result.converged,
    )


def profile_section(table: pd.DataFrame, title: str = "Predicted probabilities") -> Section:
    """Return predicted probabilities along a variable, from `profile`, as a chart and a table."""
    from detente.history.estimators.profiles import profile_chart

    variable = str(table.columns[0])
    ends = ", ".join(dict.fromkeys(map(str, table["outcome"])))
    chart = Chart(
        f"Along {variable}", profile_chart(table).to_dict(),
        f"Predicted probability of {ends} along {variable}, with 95 % intervals.",
    )
    columns = [Column(variable), Column("outcome")]
    columns += [Column(c, format=".3f") for c in ("probability", "low", "high")]
    plain = table.set_axis([variable, "outcome", "probability", "low", "high"], axis=1)
    return Section(
        "profile", title, f"All variables except {variable} have typical values.",
        [Table.from_pandas(plain, columns=columns)], [chart],
    )
