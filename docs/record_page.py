"""Rewrite the table of the record in ``explanation/the-record.md`` from the downloaded data.

Run ``python docs/record_page.py`` after a change of a rate of the record. It needs the data sets
of the rates: ``detente data fetch NAME`` for each.
"""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parent / "explanation" / "the-record.md"
BEGIN, END = "<!-- table: generated -->\n", "<!-- end of table -->\n"


def number(value: float, unit: str) -> str:
    """Return a value as the table prints it: a share in per cent, another number as it is."""
    from detente.history.rates import three

    return f"{100 * value:.1f} %" if unit == "share" else three(value)


def table(folder: Path | None = None) -> str:
    """Return the table of sentences, rates, intervals and base rates."""
    from detente.history.base_rates import record_rates
    from detente.history.rates import answer

    rows = ["| sentence | rate | counted | value (95 %) | beside it |", "|---|---|---|---|---|"]
    for name, q in sorted(record_rates().items(), key=lambda item: (item[1].sentence, item[0])):
        r = answer(name, folder)
        v, of = r.rival, f"{r.n:,}" if r.hits is None else f"{r.hits:,} of {r.n:,}"
        if r.clustered is None or v is None:
            raise SystemExit(f"{name} has no clustered interval or no base rate")
        inside = " to ".join(number(x, q.unit) for x in r.clustered)
        unit = "" if q.unit == "share" else f"{q.unit} "
        around = f"{number(v.low, q.unit)} to {number(v.high, q.unit)}"
        rows.append(
            f"| \"{q.sentence}\" | `{name}`: {q.title.rstrip(':')} | {of} | "
            f"{unit}**{number(r.value, q.unit)}** ({inside}) | "
            f"{v.words}: {number(v.value, q.unit)} ({around}) |")
    return "\n".join(rows) + "\n"


def text(page: str, folder: Path | None = None) -> str:
    """Return the page with its table made again."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{PAGE.name} has no table")
    return f"{before}{BEGIN}\n{table(folder)}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
