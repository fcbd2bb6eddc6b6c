"""Write the reference pages that follow from the code: file format, mechanisms, commands."""

from __future__ import annotations

import inspect
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "reference"


def kind_of(part: dict[str, Any], defs: dict[str, Any]) -> str:
    """Say in a word or two what a property of the schema holds."""
    if "$ref" in part:
        return part["$ref"].rsplit("/", 1)[-1]
    if "enum" in part:
        return " or ".join(f"`{x}`" for x in part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    for key in ("anyOf", "oneOf"):
        if key in part:
            kinds = [kind_of(p, defs) for p in part[key]]
            return " or ".join(dict.fromkeys(k for k in kinds if k != "null"))
    if part.get("type") == "array":
        return f"list of {kind_of(part.get('items', {}), defs)}"
    if part.get("type") == "object":
        return "mapping"
    return str(part.get("type", "any"))


def table(part: dict[str, Any], defs: dict[str, Any]) -> list[str]:
    """Return the properties of an object as a table."""
    rows = ["| key | holds | needed | meaning |", "|---|---|---|---|"]
    for name, p in part.get("properties", {}).items():
        needed = "yes" if name in part.get("required", []) else ""
        words = str(p.get("description", "")).replace("|", "\\|").replace("\n", " ")
        rows.append(f"| `{name}` | {kind_of(p, defs)} | {needed} | {words} |")
    return rows


def file_format() -> str:
    """Return the page on the crisis file, from the shipped JSON Schema."""
    schema = json.loads(files("detente.scenario").joinpath("crisis.schema.json").read_text())
    defs = schema.get("$defs", {})
    out = ["# The crisis file", "",
           "Generated from the JSON Schema that detente ships. Costs and values are in units of "
           "the "
           "stake. Where a *number* is meant, a range (`0.2 to 0.6`, `{low, mode, high}`) or "
           "`{value, because, source}` may stand; everything else is structure and takes no range.",
           "", "## Top level", "", *table(schema, defs)]
    for name, part in sorted(defs.items()):
        if part.get("properties"):
            words = str(part.get("description", "")).split("\n")[0]
            out += ["", f"## {name}", "", words, "", *table(part, defs)]
    return "\n".join(out) + "\n"


def mechanisms() -> str:
    """Return the page on mechanisms, from their docstrings."""
    from detente.mechanisms import TABLE, load

    out = ["# Mechanisms", "",
           "Each mechanism's meaning, units, source and direction, as its own file states them. "
           "Names with a space are brought in by the file's own fields."]
    for kind in TABLE:
        cls = load(kind)
        doc = inspect.getdoc(inspect.getmodule(cls)) or ""
        title, _, rest = doc.partition("\n")
        out += ["", f"## `{kind}`", "", title.strip(), ""]
        for line in rest.splitlines():
            if line and not line.startswith(" "):
                out += ["", f"**{line.strip()}**", ""]
            else:
                out.append(line.strip())
        if "Spec" in vars(cls):
            fields = ["| key | meaning |", "|---|---|"]
            fields += [f"| `{n}` | {f.description} |" for n, f in cls.Spec.model_fields.items()]
            out += ["", *fields]
    return "\n".join(out) + "\n"


def commands() -> str:
    """Return the page on commands, from their help."""
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    modules = command_modules()
    app, run = application(modules), CliRunner()
    out = ["# Commands", "", "`--json` prints one JSON document on standard output and nothing "
           "else. Exit 0 on success, 1 when a result could not be certified (it is still printed, "
           "marked), 2 on bad input.", ""]
    for module in modules:
        text = run.invoke(app, [module.NAME, "--help"], prog_name="detente").output
        out += [f"## `detente {module.NAME}`", "", "```text", text.strip(), "```", ""]
    return "\n".join(out) + "\n"


def write() -> None:
    """Write every generated page."""
    HERE.mkdir(exist_ok=True)
    for name, make in (
        ("file-format", file_format), ("mechanisms", mechanisms), ("commands", commands)
    ):
        (HERE / f"{name}.md").write_text(make())


if __name__ == "__main__":
    write()
