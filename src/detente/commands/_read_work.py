"""The work of the words of ``detente read`` that follow the confirmation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from detente.commands._common import check_output, emit_json, finish, progress, save, saved
from detente.commands._reading import tell_edited
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.cases import CaseFile
    from detente.reading.exchanged import ExamplesDocument, ExportDocument
    from detente.reading.store import Session
    from detente.reading.templates import Case

__all__ = ["event", "export", "formalise", "question", "relate", "show_ledger", "show_map",
           "show_templates", "withdraw", "write_draft", "write_examples"]

MOST_OPTIONS = 6
"""Options of a slot in the list of all templates."""
MOST_DIGITS = 9
"""Digits of the largest id of a claim."""


@contextmanager
def opened(folder: Path) -> Iterator[Session]:
    """Open a session, and keep the words of texts out of every message."""
    from detente.reading.quiet import quiet
    from detente.reading.store import Session

    with quiet(), Session.open(folder, create=False) as session:
        yield session


def read_case(name: str) -> CaseFile:
    """Return a case with the hash of its file, without warnings."""
    import warnings

    from detente.cases import InputWarning, read

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        return read(name)


def case_of(name: str) -> Case:
    """Return a case with its names."""
    from detente.reading.templates import Case

    return Case.of(read_case(name).scenario)


def number(text: str) -> int:
    """Return the id of a claim from ``c3`` or ``3``."""
    digits = text.removeprefix("c")
    if not digits.isascii() or not digits.isdigit() or len(digits) > MOST_DIGITS:
        raise InputError(f"{text!r} names no claim", field="claim",
                         expected="a name such as c3, which `detente read map` prints")
    return int(digits)


def pairs(given: Sequence[str], what: str) -> dict[str, str]:
    """Return NAME=VALUE arguments as a dictionary."""
    out = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InputError(f"{text!r} is no {what}", field=what, expected=f"{what.upper()}=VALUE")
        out[name.strip()] = value.strip()
    return out


def show_templates(
    name: str, slots: Sequence[str], folder: Path | None, claim: str | None, template: str | None,
    as_json: bool,
) -> None:
    """List templates and options."""
    from detente.reading import templates as of
    from detente.reading.formalise import offered
    from detente.reading.results import templates_document

    chosen = pairs(slots, "slot")
    case = case_of(name)
    if claim is not None:
        if folder is None:
            raise InputError("--claim needs a session", expected="--session FOLDER")
        with opened(folder) as session:
            listed = offered(session, number(claim), case)
    else:
        listed = of.suggested("", case)
    if template is not None:
        wanted = of.template(template)
        listed = [row for row in listed if row[0] is wanted] or [(wanted, ())]
    if as_json:
        emit_json(templates_document(case, claim, listed, chosen))
        return
    for one, cues in listed:
        typer.echo(f"{one.id}: {one.says}" + ("  [suggested by a cue]" if cues else ""))
        if template is None:
            continue
        typer.echo(f"  {one.formal}")
        if one.proposition:
            typer.echo(f"  proposition {one.proposition} of {one.model}")
        offers = one.offers(case, chosen)
        for slot in one.slots:
            words = f" (of {slot.of})" if slot.of else ""
            typer.echo(f"  {slot.name}{words}: {slot.asks}"
                       + (f" [{slot.default}]" if slot.default else ""))
            for option in offers[slot.name]:
                typer.echo(f"    {option.value}" + (
                    "" if option.words == option.value else f"  {option.words}"))


def formalise(
    name: str, folder: Path, claim: str | None, template: str | None, slots: Sequence[str],
    note: str, none: str | None, as_json: bool,
) -> None:
    """Give claims their formal form."""
    from detente.reading.formalise import formalise as one
    from detente.reading.formalise import formalise_waiting, unformalise
    from detente.reading.results import claim_row

    chosen = pairs(slots, "slot")
    with opened(folder) as session:
        if claim is not None and none is not None:
            made = [unformalise(session, number(claim), none)]
        elif claim is not None:
            if template is None:
                raise InputError("the template is missing", field="template", expected="a template "
                                 f"of `detente read templates {name}`, or --none with a reason")
            made = [one(session, number(claim), case_of(name), template, chosen, note)[0]]
        else:
            made = formalise_waiting(session, case_of(name))
    if as_json:
        emit_json({"case": name, "claims": [claim_row(c) for c in made]})
        return
    for found in made:
        typer.echo(f"c{found.id}: {found.formal or 'no formal form'}")
        typer.echo(f"    {found.note}")
    if not made:
        typer.echo("No claim has a template with slots and no formal form.")


def relate(folder: Path, one: str, kind: str, other: str, note: str, as_json: bool) -> None:
    """Enter or remove a relation."""
    from detente.reading.map import enter

    with opened(folder) as session:
        enter(session, number(one), kind, number(other), note)
    show_map(folder, as_json)


def withdraw(folder: Path, claim: str, as_json: bool) -> None:
    """Withdraw a claim and show the map."""
    from detente.reading.withdraw import withdraw as work

    with opened(folder) as session:
        work(session, number(claim))
    show_map(folder, as_json)


def question(folder: Path, words: str, claims: Sequence[str], as_json: bool) -> None:
    """Set or remove a question."""
    from detente.reading.questions import ask, questions, withdraw

    with opened(folder) as session:
        if claims:
            ask(session, words, map(number, claims))
        else:
            withdraw(session, words)
        held = {asks: [f"c{c}" for c in listed] for asks, listed in questions(session)}
    if as_json:
        emit_json({"questions": held})
        return
    for asks, listed in held.items():
        typer.echo(f"{asks}: {', '.join(listed)}")


def event(
    folder: Path, claim: str, date: str, says: str | None, before: bool, actor: str, move: str,
    chance: str, cannot: str, as_json: bool,
) -> None:
    """Enter an event."""
    from detente.reading.events import add_event, events

    ways = [way for way, given in (("before", before), ("move", move), ("chance", chance),
                                   ("cannot", cannot)) if given]
    if len(ways) != 1:
        raise InputError("the event is entered in " + ("no way" if not ways else
                         "several ways: " + " and ".join(ways)),
                         expected="one of --before, --move with --actor, --chance and --cannot")
    with opened(folder) as session:
        held = session.claim(number(claim))
        add_event(session, held.passage, date=date, says=says or held.paraphrase, way=ways[0],
                  actor=actor, label=move or chance, reason=cannot)
        listed = events(session)
    if as_json:
        emit_json({"events": listed})
        return
    for one in listed:
        entered = {"before": "before the game begins", "move": f"{one['actor']}: {one['label']}",
                   "chance": one["label"], "cannot": f"not in the game: {one['reason']}"}
        typer.echo(f"{one['date']}  {one['says']}  ({entered[one['way']]})")


def show_map(folder: Path, as_json: bool) -> None:
    """Show the map."""
    from detente.reading.map import map_of, proposals
    from detente.reading.results import map_document
    from detente.reading.sections import map_section
    from detente.render.terminal import show_section

    with opened(folder) as session:
        mapped, offered = map_of(session), proposals(session)
        tell_edited(session)
        if as_json:
            emit_json(map_document(mapped, offered))
        else:
            show_section(map_section(mapped, offered))


def show_ledger(
    folder: Path, name: str | None, out: str | None, force: bool, as_json: bool,
    settings: dict[str, Any],
) -> None:
    """Solve the case if one is given, and show the ledger."""
    from detente.commands._options import few_enough
    from detente.defaults import DELIBERATE_SAMPLES
    from detente.reading.judge import judge
    from detente.reading.ledger import ledger
    from detente.reading.map import compute, map_of, proposals
    from detente.reading.sections import ledger_sections, report
    from detente.render.terminal import show_section

    check_output(out, *([name] if name else []), folder / "session.db", force=force)
    case = None if name is None else read_case(name)
    settings["deliberate_samples"] = few_enough(
        settings["deliberate_samples"], settings["samples"], DELIBERATE_SAMPLES)
    with opened(folder) as session:
        tell_edited(session)
        found = None
        if case is not None:
            with progress("solving") as told:
                found = judge(session, case.scenario, tell=told, **settings)
                compute(session, found.claims)
        made = ledger(session, found, case_sha256=None if case is None else case.sha256)
        mapped, offered = map_of(session), proposals(session)

    def content() -> str:
        if out is not None and out.endswith(".json"):
            return json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        return report(made, mapped, offered).to_html()

    with saved(out, content):
        if as_json:
            emit_json(made)
        else:
            for section in ledger_sections(made):
                show_section(section)
    finish(made["certified"] is not False)


def write_draft(
    folder: Path, name: str, archetype: str, roles: Sequence[str], stake: str, title: str,
    date: str, out: Path | None, force: bool, as_json: bool,
) -> None:
    """Write the draft and its events."""
    from detente.follow.begin import misfit
    from detente.follow.file import ENDING
    from detente.reading.draft import WARNING, draft
    from detente.reading.events import events, events_text, misfit_words
    from detente.reading.results import draft_document

    if out is None and not as_json:
        out = Path(f"{name}.yaml")
    with opened(folder) as session:
        tell_edited(session)
        made = draft(session, name, archetype, pairs(roles, "role"), stake=stake, title=title,
                     date=date)
        text = events_text(session, name) if events(session) else None
        found = None if text is None else misfit(made.scenario(), text)
        wrong = None if found is None else misfit_words(session, found)
    places = [] if out is None else [out]
    if out is not None and text is not None:
        places.append(out.with_name(out.stem + ENDING))
    for place in places:
        check_output(place, folder / "session.db", force=force)
    written = [save(place, content) for place, content in
               zip(places, (made.text, text or ""), strict=False)]
    if as_json:
        emit_json(draft_document(made, text, wrong))
        return
    if written and all(written):
        typer.echo(f"Wrote {' and '.join(map(str, places))}: {WARNING}. Every number is "
                   "unconfirmed.")
    typer.echo(f"Claims: {made.claims}.")
    for claim, reason in made.misfits.items():
        typer.echo(f"{claim} does not fit this case: {reason}.")
    if wrong is not None:
        typer.echo(wrong)
    if out is not None:
        typer.echo(f"Next: detente check {out}")


def export(folder: Path, form: str, out: Path | None, force: bool, as_json: bool) -> None:
    """Export the map or the claims."""
    from detente.reading.exports import exported, form_of

    chosen = form_of(form)
    check_output(out, folder / "session.db", force=force)
    with opened(folder) as session:
        tell_edited(session)
        text = exported(session, chosen)
    if out is not None and not save(out, text):
        return
    if as_json:
        made: ExportDocument = {"form": chosen, "wrote": None if out is None else str(out),
                                "text": text if out is None else None}
        emit_json(made)
    elif out is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"Wrote {out}.")


def write_examples(folder: Path, as_json: bool) -> None:
    """Write the shipped threads and the decisions on them."""
    from importlib.resources import files

    if not folder.is_dir():
        raise InputError("there is no such folder", file=str(folder), expected="a folder")
    shipped = sorted(files("detente.reading").joinpath("examples").iterdir(),
                     key=lambda file: file.name)
    for file in shipped:
        if (folder / file.name).exists():
            raise InputError("the file exists already", file=str(folder / file.name),
                             expected="another folder, or move the file away first")
    written = [save(folder / file.name, file.read_bytes()) for file in shipped]
    if not all(written):
        return
    if as_json:
        made: ExamplesDocument = {"wrote": [str(folder / file.name) for file in shipped]}
        emit_json(made)
    else:
        typer.echo(f"Wrote {', '.join(file.name for file in shipped)}.")
