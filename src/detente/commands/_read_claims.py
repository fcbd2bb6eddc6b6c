"""The words of ``detente read`` that follow the confirmation: from claims to ledger and case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Case, Force, Lambda, Seed, Workers
from detente.defaults import SEED, STARTS, WORKERS

__all__ = ["add"]

Folder = Annotated[Path, typer.Option("--session", help="The session's folder.")]
OneCase = Annotated[Optional[str], typer.Argument(  # noqa: UP045
    show_default=False, metavar="CASE", help="A crisis file or the name of a shipped case.")]
Chosen = Annotated[Optional[list[str]], typer.Argument(  # noqa: UP045
    metavar="SLOT=VALUE...", show_default=False, help="Slots of the template.")]


def templates(
    case: Case,
    slots: Chosen = None,
    session: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        "--session", show_default=False, help="The session of --claim.")] = None,
    claim: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default=False, help="A claim of the session: its cues order the list.")] = None,
    template: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default=False, help="Only this template, with all options of its slots.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the templates that a claim may state on a case, and the options of their slots."""
    from detente.commands._read_work import show_templates

    show_templates(case, slots or [], session, claim, template, as_json)


def formalise(
    case: Case,
    session: Folder,
    claim: Annotated[Optional[str], typer.Argument(  # noqa: UP045
        show_default="every claim with a template", help="The claim, such as c3.")] = None,
    template: Annotated[Optional[str], typer.Argument(  # noqa: UP045
        show_default=False, help="The template.")] = None,
    slots: Chosen = None,
    note: Annotated[str, typer.Option(help="Your decisions besides the slots.")] = "",
    none: Annotated[Optional[str], typer.Option(  # noqa: UP045
        "--none", show_default=False, help="The reason why the claim has no formal form.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give a claim its formal form: a template with its slots, checked on a case.

    Without a claim, every claim whose template and slots came with `detente read confirm` gets its
    form.
    """
    from detente.commands._read_work import formalise as work

    work(case, session, claim, template, slots or [], note, none, as_json)


def relate(
    one: Annotated[str, typer.Argument(metavar="CLAIM", help="The attacking or supporting claim.")],
    kind: Annotated[str, typer.Argument(help="attack, support, or none to remove the relation.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The claim that it concerns.")],
    session: Folder,
    note: Annotated[str, typer.Option(help="The reason, in your words.")] = "",
    as_json: AsJson = False,
) -> None:
    """Enter an attack or a support between two claims, or remove it."""
    from detente.commands._read_work import relate as work

    work(session, one, kind, other, note, as_json)


def withdraw(
    claim: Annotated[str, typer.Argument(help="The claim, such as c3.")],
    session: Folder,
    as_json: AsJson = False,
) -> None:
    """Withdraw a claim; its passage is a candidate again.

    This is the way to correct an author or a paraphrase. The claim's relations go, and its place in
    questions.
    """
    from detente.commands._read_work import withdraw as work

    work(session, claim, as_json)


def question(
    words: Annotated[str, typer.Argument(help="The question, in neutral words.")],
    session: Folder,
    claims: Annotated[Optional[list[str]], typer.Argument(  # noqa: UP045
        metavar="CLAIM...", show_default=False, help="Its claims; without any it is removed."
    )] = None,
    as_json: AsJson = False,
) -> None:
    """Set the claims that one table of the ledger compares."""
    from detente.commands._read_work import question as work

    work(session, words, claims or [], as_json)


def event(
    claim: Annotated[str, typer.Argument(help="The claim whose passage reports the event.")],
    session: Folder,
    date: Annotated[str, typer.Option(help="A day, or a first and a last day with 'to'.")],
    says: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default="the claim's words", help="The event in neutral words.")] = None,
    before: Annotated[bool, typer.Option("--before", help="Before the game begins.")] = False,
    actor: Annotated[str, typer.Option(help="Who moved, with --move.")] = "",
    move: Annotated[str, typer.Option(help="The move, as `detente check` prints it.")] = "",
    chance: Annotated[str, typer.Option(help="A result of chance.")] = "",
    cannot: Annotated[str, typer.Option(help="The reason why the game has no place for it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Enter the event that a confirmed passage reports, with its date."""
    from detente.commands._read_work import event as work

    work(session, claim, date, says, before, actor, move, chance, cannot, as_json)


def map_(
    session: Folder,
    as_json: AsJson = False,
) -> None:
    """Show the claims, their relations and which claims stand in the exchange.

    Replies without a relation are listed as proposals; they do not count before you enter them with
    `detente read relate`.
    """
    from detente.commands._read_work import show_map

    show_map(session, as_json)


def ledger(
    session: Folder,
    case: OneCase = None,
    out: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default=False, help="The HTML page to write, or NAME.ledger.json: beside NAME.yaml "
        "the ledger is a section of every report on the case.")] = None,
    force: Force = False,
    as_json: AsJson = False,
    samples: Annotated[int, typer.Option(min=1, help="Samples of the ranges.")] = 512,
    deliberate_samples: Annotated[Optional[int], typer.Option(  # noqa: UP045
        min=1, help="Samples that the deliberate model also solves.", show_default="128")] = None,
    starts: Annotated[int, typer.Option(
        min=0, help="Random starts of the search for other equilibria.")] = STARTS,
    lam: Lambda = None,
    seed: Seed = SEED,
    workers: Workers = WORKERS,
) -> None:
    """Show per question what the exchange, the game and the record say of each claim.

    With a case its game is solved. Claims that hold together in no sample then attack each other.
    """
    from detente.commands._read_work import show_ledger

    show_ledger(session, case, out, force, as_json, {
        "samples": samples, "deliberate_samples": deliberate_samples, "starts": starts,
        "lam": lam, "seed": seed, "workers": workers})


def draft(
    name: Annotated[str, typer.Argument(help="The name of the crisis, such as my-crisis.")],
    session: Folder,
    archetype: Annotated[str, typer.Option(
        help="demand-and-red-line, war-with-talks or brokered-settlement.")],
    role: Annotated[list[str], typer.Option(
        help="ROLE=TITLE: who fills a role of the archetype; once per role.")],
    stake: Annotated[str, typer.Option(help="The object in dispute, in neutral words.")],
    title: Annotated[str, typer.Option(help="The title of the crisis.")] = "",
    date: Annotated[str, typer.Option(help="Its day.", show_default="today")] = "",
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default="NAME.yaml here", help="The crisis file; events stand beside it.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Draft a crisis file, and an events file, with the claims and sources of the session.

    Every number is a placeholder that is marked as unconfirmed: a starting point, not a forecast.
    """
    from detente.commands._read_work import write_draft

    write_draft(session, name, archetype, role, stake, title, date, out, force, as_json)


def export(
    session: Folder,
    form: Annotated[str, typer.Option("--as", help="argdown, aif, or claims: sources and claims "
                                      "for a crisis file.")],
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default="print it", help="The file to write.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Export the map as Argdown or AIF, or the claims as a part of a crisis file."""
    from detente.commands._read_work import export as work

    work(session, form, out, force, as_json)


def examples(
    folder: Annotated[Path, typer.Argument(help="An existing folder.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write two invented threads, and an analyst's decisions on them, into a folder."""
    from detente.commands._read_work import write_examples

    write_examples(folder, as_json)


WORDS = (
    (templates, "templates", "detente read templates cuba-1962 --template must-act "
     "actor=soviet_union"),
    (formalise, "formalise", "detente read formalise cuba-1962 c3 talks-useless "
     "agreement=settlement --session notes"),
    (relate, "relate", "detente read relate c4 attack c1 --session notes"),
    (withdraw, "withdraw", "detente read withdraw c3 --session notes"),
    (question, "question", "detente read question 'Do talks help?' c3 c4 --session notes"),
    (event, "event", "detente read event c2 --date 2031-05-09 --actor aland --move attack "
     "--session notes"),
    (map_, "map", "detente read map --session notes"),
    (ledger, "ledger", "detente read ledger cuba-1962 --session notes --out ledger.html"),
    (draft, "draft", "detente read draft my-crisis --session notes --archetype war-with-talks "
     "--role first=Aland --role second=Bland --stake 'the strait'"),
    (examples, "examples", "detente read examples"),
    (export, "export", "detente read export --as argdown --session notes"),
)


def add(command: typer.Typer) -> None:
    """Add the words to the command; no message of theirs repeats a long argument."""
    from detente.reading.quiet import quiet

    for function, name, example in WORDS:
        first = (function.__doc__ or "").partition("\n")[0]
        command.command(name, short_help=first, epilog=f"Example: {example}")(
            quiet()(function))
