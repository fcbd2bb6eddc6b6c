"""Rewrite what follows from the registry in ``reference/history.md``: rates, joins, data sets.

Run ``python docs/history_page.py`` after adding a data set, a base rate or a part of a join.
"""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parent / "reference" / "history.md"


def rates() -> str:
    """Return the table of base rates."""
    from detente.history.base_rates import base_rates

    rows = ["| name | over | what is counted | beside, in a report |", "|---|---|---|---|"]
    for q in base_rates().values():
        what = f"{q.title.rstrip(':')}. {q.definition} *{q.warning}*"
        rows.append(f"| `{q.name}` | `{q.data}` | {what} | {q.beside or '–'} |")
    return "\n".join(rows) + "\n"


def joins() -> str:
    """Return the parts of both joins."""
    from detente.history import countries, dyads

    out = []
    for call, parts, until in (
        ("dyad_years(start, end, directed=, relevant=, parts=)", dyads.PARTS, dyads.UNTIL),
        ("country_years(start, end, parts=)", countries.STATE_PARTS, countries.UNTIL),
    ):
        out += [f"`{call}`. The parts and their columns:", ""]
        out += [f"- `{name}` (to {until[name]}): {words}" for name, words in parts.items()]
        out.append("")
    return "\n".join(out)


def data_sets() -> str:
    """Return a section for every data set: what it is, its traps, its citation, its columns."""
    from detente.history.registry import registry

    out = []
    for name, d in registry().items():
        out += [f"### `{name}`", "",
                f"**{d.title}**, version {d.version}. {d.description} {d.rows:,} rows, one per "
                f"{d.unit}.", ""]
        out += [f"- Trap: {t}" for t in d.traps]
        out += [f"- Cite: {c}" for c in d.citation]
        out += [f"- Licence: {d.licence}", "", "| column | kind | meaning |", "|---|---|---|"]
        for v in d.variables:
            missing = "" if not v.missing else (
                f" (missing: {', '.join(f'{x:g}' for x in v.missing)})")
            out.append(f"| `{v.name}` | {v.kind} | {v.meaning.replace('|', chr(92) + '|')}"
                       f"{missing} |")
        out.append("")
    return "\n".join(out)


def text(page: str) -> str:
    """Return the page with the generated parts, each between its two marks, made again."""
    for name, make in (("rates", rates), ("joins", joins), ("data sets", data_sets)):
        begin, end = f"<!-- {name}: generated -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = page.partition(begin)
        _, mark, after = rest.partition(end)
        if not mark:
            raise SystemExit(f"{PAGE.name} has no part {name!r}")
        page = before + begin + "\n" + make().rstrip("\n") + "\n\n" + end + after
    return page


if __name__ == "__main__":
    PAGE.write_text(text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
