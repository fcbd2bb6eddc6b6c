"""``detente play``: a crisis at the table, its debrief, tournaments, and the export to oTree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from typer.core import TyperCommand, TyperGroup

from detente.commands._options import AsJson, Force, Lambda

NAME = "play"
HELP = "Play a crisis against machines or persons; debrief, tournament and oTree export."
EPILOG = (
    "Example: detente play cuba-1962 --as united_states --log game.jsonl. Other words: detente "
    "play debrief LOG..., detente play tournament CASE, detente play export-otree CASE DIR; each "
    "has its own help."
)
HELP_WORDS = ("-h", "--help")


class _Default(TyperGroup):
    """A group whose first word is a case unless it is the name of one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands:
            args = ["game", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in super().list_commands(ctx) if name != "game"]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, found, rest = super().resolve_command(ctx, args)
        return (None if name == "game" else name), found, rest


class _Game(TyperCommand):
    """The command without a name of its own: ``detente play CASE``."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path.strip(), " ".join(pieces))


command = typer.Typer(cls=_Default, context_settings={"help_option_names": list(HELP_WORDS)})

Case = Annotated[str, typer.Argument(help="A crisis file, or the name of a shipped case.")]
Machine = Annotated[str, typer.Option(
    "--machine", help="How machines play: fallible, deliberate, or another strategy.")]


@command.command("game", cls=_Game, help=HELP, epilog=EPILOG)
def game(
    case: Annotated[Optional[str], typer.Argument(  # noqa: UP045
        show_default=False,
        help="A crisis file, or the name of a shipped case; with --resume it may be left out.",
    )] = None,
    seats: Annotated[Optional[str], typer.Option(  # noqa: UP045
        "--as", metavar="ACTOR[,ACTOR]", show_default=False,
        help="The seats that persons take, separated by commas.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Persons take every seat.")] = False,
    names: Annotated[Optional[str], typer.Option(  # noqa: UP045
        "--name", metavar="NAME[,NAME]", show_default=False,
        help="The names of the persons, in the order of the seats.")] = None,
    machine: Machine = "fallible",
    types: Annotated[Optional[list[str]], typer.Option(  # noqa: UP045
        "--type", metavar="ACTOR=NUMBER", show_default=False,
        help="Give an actor's type by its number, from 1; may be repeated. The others are drawn.",
    )] = None,
    elicit: Annotated[bool, typer.Option(
        "--elicit", help="Ask for beliefs before each move of a person.")] = False,
    pause: Annotated[bool, typer.Option(
        "--pause", help="Let a facilitator decide on each result of chance and of machines.",
    )] = False,
    lam: Lambda = None,
    seed: Annotated[Optional[int], typer.Option(  # noqa: UP045
        min=0, show_default="drawn", help="Seed of the types, of chance and of machines.")] = None,
    log: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default=False, help="The log to write, as JSON lines.")] = None,
    resume: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        "--resume", metavar="LOG", show_default=False,
        help="Go on with a stopped game; its log says the seats and the model.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Play a crisis in the terminal.

    Moves are read from standard input, so that a script can play too. The log keeps every event;
    types are sealed in it until the game ends.
    """
    import sys

    from detente.cases.names import STDIN
    from detente.commands._common import emit_json, finish, progress
    from detente.commands._game import begun, ending, how_to_go_on, resumed
    from detente.errors import InputError
    from detente.play import document
    from detente.play.terminal import Terminal, lines
    from detente.render.terminal import console

    if case in (STDIN, "/dev/stdin"):
        raise InputError("the case cannot come from standard input, because moves are read there",
                         expected="the name of a file or of a shipped case")
    with progress("solving"):
        if resume is not None:
            given = {"--as": seats, "--all": everyone, "--name": names, "--type": types,
                     "--machine": machine != "fallible", "--pause": pause, "--seed": seed,
                     "--lambda": lam, "--log": log, "--force": force}
            table, asks = resumed(case, resume, [
                k for k, v in given.items() if v is not None and v is not False and v != []])
            log, elicit = resume, elicit or asks
        else:
            table = begun(case, seats=seats, everyone=everyone, names=names, machine=machine,
                           types=types or [], elicit=elicit, pause=pause, lam=lam, seed=seed,
                           log=log, force=force)
    board = table.board
    out = console(sys.stderr if as_json else sys.stdout)
    shown = Terminal(table, out, lines(), elicit=elicit,
                     hot=len(table.persons) > 1 and sys.stdin is not None and sys.stdin.isatty())
    finished = False
    try:
        finished = shown.play()
    except KeyboardInterrupt:
        table.leave()
        how_to_go_on(shown, table)
        raise
    finally:
        if finished or shown.left:
            table.close()
        else:
            table.leave()
    if as_json:
        emit_json(document.game(board, table, finished=finished))
    ending(shown, table, finished)
    finish(board.equilibrium.certificate.certified)


@command.command("debrief", help="Debrief logged games: decisions apart from luck, over one game "
                 "or a class.", epilog="Example: detente play debrief game-1.jsonl game-2.jsonl "
                 "--json")
def debrief(
    logs: Annotated[list[Path], typer.Argument(
        help="Logs that `detente play --log` wrote, or .csv tables of the exported oTree app.")],
    case: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default=False, help="The crisis file, if it is not where the log says.")] = None,
    as_json: AsJson = False,
) -> None:
    """Debrief logged games."""
    from detente.commands._common import emit_json, finish, progress
    from detente.commands._debrief import games_of, show_debrief
    from detente.errors import InputError
    from detente.play.debrief import accounts, standings
    from detente.play.document import debrief_document

    with progress("debriefing"):
        boards, records = games_of(logs, case)
        if not any(records):
            raise InputError("no game in these files has ended", file=str(logs[0]),
                             expected="logs of games that were closed")
        found = [accounts(b, r) for b, r in zip(boards, records, strict=True)]
        table = standings(boards, found)
        certified = all(b.equilibrium.certificate.certified for b in boards)
    if as_json:
        emit_json(debrief_document(boards, found, table))
    else:
        show_debrief(boards, found, table, sum(map(len, records)))
    finish(certified)


@command.command("events", help="Write a logged game as an events file, for `detente follow`.",
                 epilog="Example: detente play events game.jsonl --out game.events.yaml")
def events(
    log: Annotated[Path, typer.Argument(help="A log that `detente play --log` wrote.")],
    case: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default=False, help="The crisis file, if it is not where the log says.")] = None,
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        show_default=False, help="The file to write; printed if not given.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write a logged game as an events file."""
    import io
    import shlex

    from ruamel.yaml import YAML

    from detente.commands._common import check_output, emit_json, write_whole
    from detente.commands._debrief import games_of
    from detente.errors import InputError

    check_output(out, str(log), force=force)
    (board,), (games,) = games_of([log], case)
    if len(games) != 1:
        raise InputError(f"the file holds {len(games)} games that have ended", file=str(log),
                         expected="one game, such as a log of `detente play --log`")
    made = games[0].as_events(board)
    stream, yaml = io.StringIO(), YAML(pure=True)
    yaml.default_flow_style, yaml.width = False, 96
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(made, stream)
    if out is not None:
        write_whole(out, stream.getvalue())
    if as_json:
        emit_json(made)
    elif out is None:
        typer.echo(stream.getvalue(), nl=False)
    else:
        typer.echo(f"Wrote {out}. Next:\n"
                   f"detente follow {shlex.join([case or games[0].header['case'], str(out)])}")


@command.command("tournament", help="Play every strategy against every strategy, in both seats.",
                 epilog="Example: detente play tournament cuba-1962 --out tournament.html")
def tournament_(
    case: Case,
    names: Annotated[Optional[str], typer.Option(  # noqa: UP045
        "--strategies", metavar="NAME[,NAME]", show_default="all",
        help="The strategies that take part.")] = None,
    games: Annotated[int, typer.Option(
        min=2, max=1_000_000, help="Games of each pair that must be simulated.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulated games.")] = 1962,
    lam: Lambda = None,
    out: Annotated[Optional[str], typer.Option(  # noqa: UP045
        show_default=False, help="The report to write: .html.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Play every strategy against every strategy."""
    from detente.commands._common import check_output, emit_json, finish, progress, saved
    from detente.play.board import Board
    from detente.play.report import tournament_report
    from detente.play.tournament import tournament

    check_output(out, case, force=force)
    with progress("playing") as told:
        board = Board.of_case(case, lam=lam)
        found = tournament(board, [n for n in (names or "").split(",") if n.strip()], games=games,
                           seed=seed, tell=told)
    with saved(out, lambda: tournament_report(board, found).to_html()):
        if as_json:
            emit_json(found.as_dict())
        else:
            tournament_report(board, found).to_terminal()
    finish(found.certified)


@command.command("export-otree",
                 help="Write a crisis as an oTree app, for a laboratory or a class.",
                 epilog="Example: detente play export-otree cuba-1962 cuba-app --as "
                 "united_states,soviet_union")
def export_otree(
    case: Case,
    folder: Annotated[Path, typer.Argument(help="The folder of the oTree project; it is made.")],
    seats: Annotated[Optional[str], typer.Option(  # noqa: UP045
        "--as", metavar="ACTOR,ACTOR", show_default="the principals",
        help="The seats that persons take, at least two.")] = None,
    machine: Annotated[str, typer.Option(
        "--machine", help="How the other actors play: fallible or deliberate.")] = "fallible",
    elicit: Annotated[bool, typer.Option(
        "--elicit", help="Ask for beliefs before each move; a session can be set otherwise.",
    )] = False,
    lam: Lambda = None,
    force: Annotated[bool, typer.Option(
        "--force", help="Write into a folder that is not empty.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a crisis as an oTree app."""
    from detente.commands._common import emit_json, finish, progress
    from detente.commands._game import reading_of
    from detente.errors import InputError, nearest
    from detente.play.board import Board
    from detente.play.export import export

    if machine not in ("fallible", "deliberate"):
        raise InputError(f"machines of an oTree app cannot play {machine!r}",
                         expected="fallible or deliberate", field="--machine",
                         nearest=nearest(machine, ("fallible", "deliberate")))
    if folder.exists() and not folder.is_dir():
        raise InputError("the place is not a folder", file=str(folder),
                         expected="the name of a folder; choose another name")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise InputError("the folder is not empty", file=str(folder),
                         expected="an empty or new folder, or --force to write into it")
    with progress("solving"):
        board = Board.of_case(case, lam=lam, reading=reading_of(machine))
        made = export(board, folder, [s.strip() for s in (seats or "").split(",") if s.strip()],
                      elicit=elicit)
    if as_json:
        emit_json({"case": board.case, "file_sha256": board.sha256, "folder": str(folder),
                   "files": [str(f) for f in made]})
    else:
        typer.echo(f"{len(made)} files are in {folder}; {folder / 'README.md'} says how to run "
                   "them.")
    finish(board.equilibrium.certificate.certified)
