"""Write the reference pages that follow from the code: file format, mechanisms, commands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from detente.cases.reference import Entry, entries, mechanism_pages
from detente.mechanisms import registry

HERE = Path(__file__).parent / "reference"


INTRODUCTION = """# The crisis file

Written by `docs/generate.py` from the JSON Schema that detente ships; do not edit. `detente explain
KEY` prints one entry in a terminal, and `detente new NAME` writes a commented file to start from.

Costs and values are in units of the stake. *number or range* stands for a value (`0.3`), a range
(`0.2 to 0.6`, or `{low: 0.2, mode: 0.3, high: 0.6}`), or either with its reason (`{value: 0.2 to
0.6, because: "why", source: id}`). Everything else is structure and takes no range. A `*` in a key
stands for a name of the file, such as an actor or a rung.
"""


def rows(found: Iterable[Entry], drop: str) -> list[str]:
    """Return entries as a Markdown table, keys without the prefix ``drop``."""
    out = ["| key | holds | needed | meaning |", "|---|---|---|---|"]
    for e in found:
        key, meaning = e.key.removeprefix(drop), " ".join(e.meaning.replace("|", "\\|").split())
        out.append(f"| `{key}` | {e.holds} | {'yes' if e.needed else ''} | {meaning} |")
    return out


def crisis_file() -> str:
    """Return the page on the crisis file."""
    listed = registry()
    known = [e for e in entries().values() if e.key.split(".")[0] not in listed]
    top = [e for e in known if "." not in e.key]
    out = [INTRODUCTION, "## Top level", "", *rows(top, "")]
    for part in top:
        below = [e for e in known if e.key.startswith(f"{part.key}.")]
        if below:
            out += ["", f"## `{part.key}`", "", part.meaning, "", *rows(below, f"{part.key}.")]
    return "\n".join(out) + "\n"


EVENTS = """# The events file

Written by `docs/generate.py` from the JSON Schema that detente ships; do not edit. An events file
stands beside a crisis file, as `NAME.events.yaml`. [Follow a
crisis](../how-to/follow-a-crisis.md) shows one, and [How events become
moves](../explanation/how-events-become-moves.md) has the rules of entry.
"""


def events_file() -> str:
    """Return the page on the events file."""
    from detente.follow.schemas import schemas

    schema = schemas()["events.schema.json"]
    return EVENTS + "\n" + parts(schema, ["Event", "Reading", "Entry", "Source"])


TIES = """# The ties file

Written by `docs/generate.py` from the JSON Schema that detente ships; do not edit. A ties file says
who is whose friend or enemy. It stands beside a crisis file, as `NAME.ties.yaml`, or alone.
`detente world` and `detente align` read it. A claim in the case's claims file may then ask
`aligned`, `between` and `returns`; see [From a claim about alignment to a
verdict](../how-to/from-a-claim-about-alignment-to-a-verdict.md).

*number or range* stands for a value (`0.3`), a range (`0.2 to 0.6`, or `{low: 0.2, mode: 0.3, high:
0.6}`), or either with its reason (`{value: 0.2 to 0.6, because: "why", source: id}`). A range of a
tie may cross 0; its sign is then open, and each draw decides.

```yaml harbour.ties.yaml
ties: harbour
title: Three states around a harbour
year: 2025
sources: [{id: author, cite: Invented for this page}]
definitions:
  treaties: {says: "A treaty of alliance, or a closed border, in force"}
  conduct: {says: "Trade and incidents of the last five years"}
sizes: Share of the three states' military spending
actors:
  northland: {title: Northland, size: 0.4 to 0.5}
  southland: {title: Southland, size: 0.3 to 0.4}
  eastport:
    title: Eastport
    size: {value: 0.1 to 0.2, because: Budget not published, source: author}
pairs:
- between: [northland, southland]
  value: -0.9 to -0.6
  counts: [treaties, conduct]
  because: Closed border
- {between: [northland, eastport], value: 0.4 to 0.8, counts: [treaties], because: Alliance of 2019}
- between: [southland, eastport]
  value: -0.1 to 0.6
  counts: [conduct]
  because: Trade, and two incidents
  source: author
shocks:
  closure:
    title: The closure of the harbour
    precision: 1.5 to 4
    pull: 0.5 to 1.5
    before: 0.2 to 0.4
    during: -0.6 to -0.3
    after: 0.2 to 0.4
    because: The numbers are invented
    source: author
```

Instead of actors and pairs, `from: {year: 1938}` takes the ties from the downloaded data, and each
definition names one of the data's: `force+rivalry: {data: force+rivalry}`. Definitions with
`votes` begin in 1946 and have no data for 1964; see [What a signed network can and cannot
say](../explanation/signed-networks.md). `detente world world-1938` shows such a file.
"""


def ties_file() -> str:
    """Return the page on the ties file."""
    from detente.world.schemas import schemas

    schema = schemas()["ties.schema.json"]
    names = ["Definition", "Actor", "Tie", "Shock", "FromData", "Source"]
    return TIES + "\n" + parts(schema, names)


def parts(schema: dict[str, Any], names: Iterable[str]) -> str:
    """Return one table for the top level of a schema, and one per named part."""
    out: list[str] = []
    for title, part in (("Top level", schema),
                        *((f"`{name}`", schema["$defs"][name]) for name in names)):
        found = [Entry(key, holds(one), key in part.get("required", []),
                       one.get("description", "")) for key, one in part["properties"].items()]
        out += [f"## {title}", "", " ".join(part.get("description", "").split()), "",
                *rows(found, ""), ""]
    return "\n".join(out).rstrip() + "\n"


def holds(part: dict[str, Any]) -> str:
    """Return in a few words what a part of a schema may hold."""
    kinds = [p for p in part.get("anyOf", [part]) if p.get("type") != "null"]
    if any("because" in kind.get("properties", {}) for kind in kinds):
        return "number or range"
    said = []
    for kind in kinds:
        name = kind.get("$ref", "").rsplit("/", 1)[-1]
        if kind.get("type") == "array":
            to = kind["items"].get("$ref", "").rsplit("/", 1)[-1]
            said.append(f"list of `{to}`" if to else "list of names")
        elif kind.get("type") == "object":
            named = list(kind.get("patternProperties", {}).values())
            below = named[0] if named else kind.get("additionalProperties")
            to = below.get("$ref", "") if isinstance(below, dict) else ""
            said.append("mapping of names to " + (
                f"`{to.rsplit('/', 1)[-1]}`" if to else "numbers or ranges"
                if "anyOf" in below else "probabilities"))
        elif "enum" in kind:
            said.append("one of " + ", ".join(f"`{word}`" for word in kind["enum"]))
        else:
            said.append(f"`{name}`" if name else {
                "string": "text", "boolean": "true or false", "number": "number",
                "integer": "whole number"}.get(kind.get("type", ""), "anything"))
    return " or ".join(dict.fromkeys(said))


MODEL = """# The model file

Written by `docs/generate.py` from the schema; do not edit. A model file is a crisis whose numbers
depend on covariates. [Write a model file](../how-to/write-a-model-file.md) shows one, and
`detente.cases.modelfile.read_model` reads it.

A coefficient name that occurs in several places is one coefficient. Covariates are scaled to mean 0
and standard deviation 1 in the rows of a fit, so every coefficient is per standard deviation. Each
coefficient has a Gaussian prior: `priors`, or else `shrinkage`. An intercept's prior mean is the
template's own value, through its link.
"""

MODEL_HOLDS = {
    "crisis": "a crisis, or the path of a crisis file", "endings": "mapping of names to sets",
    "numbers": "mapping of paths to links", "utilities": "mapping of PLAYER at ENDING to indices",
    "shrinkage": "`Shrinkage`", "priors": "mapping of coefficients to priors",
    "outcome": "name or list of names", "escalated": "whole number or list",
    "intercept": "true, false or name", "terms": "list, or mapping of covariates to coefficients",
    "link": "identity, log or logit", "intercepts": "number", "mean": "number", "sd": "number",
}


def model_file() -> str:
    """Return the page on the model file."""
    from detente.history.modelfiles import schema

    out = [MODEL]
    for title, part in (
        ("Top level", schema.ModelEntry), ("Sets of leaves", schema.EndingEntry),
        ("Links", schema.LinkEntry), ("Utilities", schema.IndexEntry),
        ("Priors", schema.PriorEntry), ("`Shrinkage`", schema.Shrinkage),
    ):
        found = [
            Entry(key, "number" if (title, key) == ("`Shrinkage`", "terms")
                  else MODEL_HOLDS.get(key, "text"), info.is_required(), info.description or "")
            for key, info in part.model_fields.items()
        ]
        out += [f"## {title}", "", str(part.__doc__).strip(), "", *rows(found, ""), ""]
    return "\n".join(out).rstrip() + "\n"


def mechanisms() -> str:
    """Return the page on mechanisms, from their docstrings and fields."""
    out = ["# Mechanisms", "",
           "Written by `docs/generate.py` from the docstrings of `src/detente/mechanisms/`; do not "
           "edit. Names with a space are brought in by the file's own fields; the others stand in "
           "the list `mechanisms`. `detente explain NAME` prints one in a terminal."]
    for kind, doc in mechanism_pages().items():
        title, _, rest = doc.partition("\n")
        out += ["", f"## `{kind}`", "", title.strip(), ""]
        for line in rest.splitlines():
            if line and not line.startswith(" "):
                out += ["", f"**{line.strip()}**", ""]
            else:
                out.append(line.strip())
        fields = [e for e in entries().values() if e.key.startswith(f"{kind}.")]
        if kind in registry():
            out += ["", *rows(fields, f"{kind}.")]
    text = "\n".join(out)
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def commands() -> str:
    """Return the page on commands, from their help."""
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    modules = command_modules()
    app, run = application(modules), CliRunner()
    out = ["# Commands", "", "`--json` prints one JSON document on standard output and nothing "
           "else. [Outputs](outputs.md) lists the exit codes, and says which files a command "
           "replaces.", ""]
    for module in modules:
        text = run.invoke(app, [module.NAME, "--help"], prog_name="detente").output
        out += [f"## `detente {module.NAME}`", "", "```text", text.strip(), "```", ""]
    return "\n".join(out) + "\n"


PAGES = {"crisis-file": crisis_file, "events-file": events_file, "ties-file": ties_file,
         "model-file": model_file, "mechanisms": mechanisms, "commands": commands}
"""Committed pages, so that a clone is readable before anything is built; a test compares them."""


def write() -> None:
    """Write every generated page."""
    HERE.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (HERE / f"{name}.md").write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write()
