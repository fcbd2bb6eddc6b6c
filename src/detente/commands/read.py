"""``detente read``: documents and threads read into a session, with candidates for claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperCommand, TyperGroup

from detente.commands._options import AsJson, Force
from detente.commands._read_claims import add
from detente.render.numbers import several

if TYPE_CHECKING:
    from detente.reading.document import ReadDocument

NAME = "read"
HELP = "Read documents and threads into a session; confirm passages, and state claims."
EPILOG = (
    "Example: detente read thread.md --session notes. Other words: detente read candidates, "
    "confirm, turns, annotations, propose and score; then templates, formalise, withdraw, relate, "
    "question, event, map, ledger, draft, export and examples. Each has its own help."
)
HELP_WORDS = ("-h", "--help")


class _Default(TyperGroup):
    """A group whose first word is a file unless it is the name of one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands:
            args = ["documents", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in super().list_commands(ctx) if name != "documents"]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, found, rest = super().resolve_command(ctx, args)
        return (None if name == "documents" else name), found, rest


class _Documents(TyperCommand):
    """The command without a name of its own: ``detente read FILE...``."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path.strip(), " ".join(pieces))


command = typer.Typer(cls=_Default, context_settings={"help_option_names": list(HELP_WORDS)})

Session = Annotated[Path, typer.Option(
    "--session", help="The session's folder; nothing of the texts leaves it.")]
Case = Annotated[Optional[str], typer.Option(  # noqa: UP045
    "--case", show_default=False, help="A crisis file or the name of a shipped case; its actors "
    "are searched by their titles.")]
Document = Annotated[int, typer.Option("--document", min=1, help="The document's number.")]


@command.command("documents", cls=_Documents, help=HELP, epilog=EPILOG)
def documents(
    session: Session,
    files: Annotated[Optional[list[Path]], typer.Argument(  # noqa: UP045
        metavar="FILE...", show_default=False,
        help="Local files: text, Markdown, HTML, PDF, mail, or annotations of Hypothes.is. "
        "Without files the session is shown.")] = None,
    form: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default="the form that fits best",
        help="The form of the turns: numbered, avatar, interview, mail, quoted, hypothesis or "
        "plain.")] = None,
    case: Case = None,
    first: Annotated[int, typer.Option(min=0, help="Candidates that are listed.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Make or continue a session; list its documents and the next candidates, without their words.

    A file that changed is read again: its passages are found again and must be confirmed again.
    Each file is stored as soon as it is read, so an error in a later file does not lose it.
    """
    from detente.commands._common import emit_json
    from detente.reading.document import read_document
    from detente.reading.ingest import Added, read_files
    from detente.reading.names import names_of
    from detente.reading.order import reading_order
    from detente.reading.quiet import quiet
    from detente.reading.store import Session as Open

    with quiet():
        known = gazetteer_of(case)
        added: list[Added] = []
        try:
            for one in read_files(session, files or (), form):
                added.append(one)
        except BaseException:  # Ctrl-C too
            if added:
                names = ", ".join(names_of([one.document for one in added]).values())
                typer.echo(f"Stored in the session: {names}. The files after them are not stored.",
                           err=True)
            raise
        with Open.open(session, create=False) as opened:
            made = read_document(opened, added, reading_order(opened, known), first)
        if as_json:
            emit_json(made)
        else:
            _show(made)


def gazetteer_of(case: str | None) -> Any:
    """Return the gazetteer, extended by the actors of a case."""
    from detente.reading.actors import gazetteer

    if case is None:
        return gazetteer()
    from detente.cases import find, load
    from detente.scenario.labels import titles_of

    return gazetteer(titles_of(load(find(case))))


def _show(made: ReadDocument) -> None:
    counts = made["counts"]
    for d in made["documents"]:
        typer.echo(f"{d['id']:>3}  {d['name']}: {d['characters']:,} characters, "
                   f"{several(d['turns'], 'turn')} ({several(d['replies'], 'reply', 'replies')}), "
                   f"{several(d['sentences'], 'sentence')}"
                   + (f"; {d['state']}" if d["state"] else ""))
        typer.echo(f"     form {d['form']}: {d['form_reason']}")
        if d["state"] == "edited since":
            typer.echo("     read the file again: then its passages are found again and must be "
                       "confirmed again")
        if d["state"] == "missing":
            typer.echo("     no file is there now, and the session keeps its text; if you moved "
                       "it, read it at its new place")
        if d["state"] == "changed":
            typer.echo(f"     {several(d['found_again'], 'passage')} found again, {d['lost']} "
                       "lost; confirm them again")
    passages = ", ".join(f"{n} {status}" for status, n in counts["passages"].items() if n)
    verb = "is" if counts["folded"] == 1 else "are"
    typer.echo(f"Passages: {passages or 'none'}. Claims: {counts['claims']}. Candidates: "
               f"{counts['candidates']}, of which {counts['folded']} {verb} folded.")
    if counts["waiting_for_second_confirmation"]:
        waiting = counts["waiting_for_second_confirmation"]
        typer.echo(f"{several(waiting, 'flagged passage')} {'needs' if waiting == 1 else 'need'} a "
                   "second confirmation.")
    if made["candidates"]:
        typer.echo("\nNext candidates, as document, span and reason; their words stay in the "
                   "session:")
    for k, c in enumerate(made["candidates"], start=1):
        chance = "" if c["probability"] is None else f"  {c['probability']:.2f}"
        actors = f" ({', '.join(c['actors'])})" if c["actors"] else ""
        folded = "  folded" if c["flags"] else ""
        cues = ", ".join(c["cues"]) or "no cue"
        typer.echo(f"{k:>3}  {c['document']}  {c['start']}-{c['end']}{chance}  {cues}{actors}"
                   f"{folded}")
    if made["candidates"]:
        typer.echo(f"\nTo confirm: `detente read candidates --session {made['session']} --out "
                   "FILE.jsonl`.")


@command.command("candidates", help="Write the candidates with their words to a file to be filled.",
                 epilog="Example: detente read candidates --session notes --out notes.jsonl")
def candidates(
    session: Session,
    out: Annotated[Path, typer.Option(help="The file to write, as JSON lines.")],
    first: Annotated[Optional[int], typer.Option(  # noqa: UP045
        min=1, show_default="all", help="The number of candidates.")] = None,
    flagged: Annotated[bool, typer.Option(
        "--flagged", help="Write the words of flagged passages too.")] = False,
    embeddings: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default=False, metavar="FOLDER", help="A folder with a static model of sentences, "
        "which joins the order from 15 confirmed and 15 refused passages on.")] = None,
    case: Case = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write the passages that wait for a decision, then the sentences in reading order.

    The file holds sentences that are not confirmed yet, and only you can read it. Fill
    `confirm` with yes or no, and give each confirmed passage an author and a paraphrase in neutral
    words. Then run `detente read confirm FILE`.
    """
    from detente.commands._reading import write_candidates
    from detente.reading.quiet import quiet

    with quiet():
        write_candidates(session, out, first, flagged, gazetteer_of(case), embeddings, force,
                         as_json)


@command.command("confirm", help="Read a filled file of candidates: decisions and claims.",
                 epilog="Example: detente read confirm notes.jsonl --session notes")
def confirm(
    file: Annotated[Path, typer.Argument(help="The filled file.")],
    session: Session,
    as_json: AsJson = False,
) -> None:
    """Confirm or refuse passages and store the claims; all of them, or none if a line is wrong.

    Each passage must stand in its document letter for letter. A flagged passage needs yes in
    `confirm_again` too. A paraphrase that copies its passage is refused.
    """
    from detente.commands._reading import read_confirmed
    from detente.reading.quiet import quiet

    with quiet():
        read_confirmed(file, session, as_json)


@command.command("turns", help="Write the turns of a document to a file, or read them back.",
                 epilog="Examples: detente read turns --session notes --out turns.jsonl; "
                 "detente read turns turns.jsonl --session notes")
def turns(
    session: Session,
    file: Annotated[Optional[Path], typer.Argument(  # noqa: UP045
        show_default=False, help="The edited file, to be read back.")] = None,
    document: Document = 1,
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default=False, help="The file to write, as JSON lines.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Correct authors, replies and the bounds of turns in a file."""
    from detente.commands._reading import edit_turns
    from detente.reading.quiet import quiet

    with quiet():
        edit_turns(session, file, document, out, force, as_json)


@command.command("annotations", help="Write confirmed passages as annotations, or read marks in.",
                 epilog="Example: detente read annotations --session notes --out notes.json")
def annotate(
    session: Session,
    file: Annotated[Optional[Path], typer.Argument(  # noqa: UP045
        show_default=False, help="An export of Hypothes.is, whose marks become proposals.")] = None,
    document: Document = 1,
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default=False, help="The JSON file to write.")] = None,
    hypothesis: Annotated[bool, typer.Option(
        "--hypothesis", help="Write the form of Hypothes.is instead of W3C JSON-LD.")] = False,
    quotes: Annotated[bool, typer.Option(
        "--quotes", help="Write the words of the confirmed passages too.")] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Exchange annotations with other programs; the paraphrase is the comment."""
    from detente.commands._reading import exchange
    from detente.reading.quiet import quiet

    with quiet():
        exchange(session, file, document, out, hypothesis, quotes, force, as_json)


@command.command("score", help="Score the cues, or the proposals of a program, by what you "
                 "confirmed.", epilog="Example: detente read score --session notes")
def score(
    session: Session,
    file: Annotated[Optional[Path], typer.Argument(  # noqa: UP045
        show_default="the cues", help="Proposals as JSON lines: document, start and end, the best "
        "first.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print precision and recall of the first n proposals.

    A passage that was not confirmed counts as wrong, so read the documents to the end before.
    """
    from detente.commands._reading import print_score
    from detente.reading.quiet import quiet

    with quiet():
        print_score(session, file, as_json)


@command.command("propose", help="Ask a language model of your own; sends the text to its address.",
                 epilog="Example: detente read propose --session notes --address "
                 "http://localhost:8080/v1 --model my-model")
def propose(
    session: Session,
    address: Annotated[str, typer.Option(
        help="The address before /chat/completions: https, or http on this machine.")],
    model: Annotated[str, typer.Option(help="The model's name.")],
    document: Document = 1,
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default=False, help="Also write the spans, for `detente read score`.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Send the text of a document to a model's address, and admit exact passages as proposals.

    This is the only word of `detente read` that uses the network. The key is read from the
    environment variable DETENTE_MODEL_KEY. A reply can name passages, templates and slots, and
    nothing else; you confirm each proposal like any other candidate.
    """
    from detente.commands._reading import ask_model
    from detente.reading.quiet import quiet

    with quiet():
        ask_model(session, address, model, document, out, force, as_json)


add(command)
