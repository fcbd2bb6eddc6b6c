"""``detente play``: a crisis at the table, its debrief, tournaments, and the export to oTree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperCommand, TyperGroup

from detente.commands._options import AsJson, Force, Lambda

if TYPE_CHECKING:
    from detente.play.board import Board
    from detente.play.debrief import Account, Standing
    from detente.play.log import Record
    from detente.play.table import Table

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
    case: Case,
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
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Play a crisis in the terminal.

    Moves are read from standard input, so that a script can play too. The log keeps every event;
    types are sealed in it until the game ends.
    """
    import secrets
    import sys

    from detente.cases.names import STDIN
    from detente.commands._common import check_output, emit_json, finish, progress
    from detente.errors import InputError
    from detente.play.board import Board
    from detente.play.log import Log
    from detente.play.table import Table
    from detente.play.terminal import Terminal, lines
    from detente.render.terminal import console

    if case in (STDIN, "/dev/stdin"):
        raise InputError("the case cannot come from standard input, because moves are read there",
                         expected="the name of a file or of a shipped case")
    check_output(log, case, force=force)
    with progress("solving"):
        board = Board.of_case(case, lam=lam, reading=_reading(machine))
        taken = _seats(board, seats, everyone, names, machine)
        given = _types(board, types or [])
        certified = board.equilibrium.certificate.certified
        seed = secrets.randbelow(2**31) if seed is None else seed
        table = Table(board, taken, seed=seed, types=given, paused=pause,
                      log=None if log is None else Log(log))
    out = console(sys.stderr if as_json else sys.stdout)
    shown = Terminal(table, out, lines(), elicit=elicit,
                     hot=len(table.persons) > 1 and sys.stdin is not None and sys.stdin.isatty())
    try:
        finished = shown.play()
    finally:
        table.close()
    if as_json:
        emit_json(_game(board, table, finished))
    _ending(shown, table, finished, log)
    finish(certified)


def _reading(machine: str) -> Any:
    return "deliberate" if machine.strip().lower() == "deliberate" else "fallible"


def _seats(
    board: Board, seats: str | None, everyone: bool, names: str | None, strategy: str
) -> dict[str, Any]:
    """Return the seats: persons where asked, machines elsewhere."""
    from detente.errors import InputError
    from detente.play.table import machine, person

    players = board.tree.players
    asked = [word.strip() for word in (seats or "").split(",") if word.strip()]
    if not asked and not everyone:
        raise InputError("no seat was named",
                         expected=f"--as with one of {', '.join(players)}; or --all")
    chosen = [players[board.player(word)] for word in asked] if asked else list(players)
    if everyone:
        chosen += [p for p in players if p not in chosen]
    called = [word.strip() for word in (names or "").split(",")] if names else []
    if len(called) > len(chosen):
        raise InputError(f"{len(called)} names for {len(chosen)} seats",
                         expected="at most one name per seat", field="--name")
    out = {p: machine(strategy) for p in players}
    for k, p in enumerate(chosen):
        out[p] = person(called[k] if k < len(called) else "")
    return out


def _types(board: Board, given: list[str]) -> dict[str, int]:
    """Return the types that are given, by actor, from 0."""
    from detente.errors import InputError

    out = {}
    for text in given:
        name, _, value = text.partition("=")
        i = board.player(name.strip())
        many = board.tree.n_types[i]
        if not (value.strip().isascii() and value.strip().isdigit()
                and 1 <= int(value.strip()[:6]) <= many):
            known = "; ".join(f"{k} {t}" for k, t in enumerate(board.tree.types[i], 1))
            raise InputError(f"{text!r} gives no type", field="--type",
                             expected=f"{board.tree.players[i]}=NUMBER, the number one of: {known}")
        out[board.tree.players[i]] = int(value) - 1
    return out


def _game(board: Board, table: Table, finished: bool) -> dict[str, Any]:
    """Return the game as a JSON document."""
    tree = board.tree
    return {
        "case": board.case, "file_sha256": board.sha256, "lambda": board.lam,
        "reading": board.reading, "seed": table.seed, "finished": finished,
        "seats": {k: s.as_dict() for k, s in table.seats.items()},
        "types": {k: str(tree.types[i][table.types[k]]) for i, k in enumerate(tree.players)},
        "moves": [{"move": tree.move_into(s.child).words(), "by": dict(s.by)}
                  for s in table.steps],
        "outcome": str(table.outcome) if table.over else None,
        "terms": str(table.terms) if table.terms is not None else None,
        "payoffs": {k: table.payoff(k) for k in tree.players} if table.over else None,
    }


def _ending(shown: Any, table: Table, finished: bool, log: Path | None) -> None:
    """Say how the game ended."""
    from detente.render.numbers import number

    board = table.board
    shown.say()
    if not finished:
        shown.say("The input ended before the crisis did, so the game was stopped here.")
    else:
        outcome = table.terms or table.outcome
        assert outcome is not None
        shown.say(f"The crisis has ended: {outcome.words(board.titles)}.", "bold")
        for k in table.persons:
            i = board.player(k)
            value = float(board.profile.value[i][0, table.types[k]])
            shown.say(f"{board.title(k)}: payoff {number(table.payoff(k))}; the expected payoff of "
                      f"its type before the game was {number(value)}.")
    for i, name in enumerate(board.tree.players):
        if board.tree.n_types[i] > 1:
            shown.say(f"Type of {board.title(name)}: {board.tree.types[i][table.types[name]]}.")
    if log is not None:
        shown.say(f"The log is {log}. Its debrief:")
        shown.out.print(f"detente play debrief {log}", soft_wrap=True, markup=False)


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
    from detente.errors import InputError
    from detente.play.debrief import accounts, standings

    with progress("debriefing"):
        boards, records = _read(logs, case)
        if not any(records):
            raise InputError("no game in these files has ended", file=str(logs[0]),
                             expected="logs of games that were closed")
        found = [accounts(b, r) for b, r in zip(boards, records, strict=True)]
        table = standings(boards, found)
        certified = all(b.equilibrium.certificate.certified for b in boards)
    if as_json:
        emit_json(_debrief_document(boards, found, table))
    else:
        _show_debrief(boards, found, table)
    finish(certified)


def _read(logs: list[Path], case: str | None) -> tuple[list[Board], list[list[Record]]]:
    """Read logs, and group them by case and model; every case is solved once."""
    from detente.errors import InputError
    from detente.play.board import Board
    from detente.play.export import header_of_table, read_table
    from detente.play.log import header_of, read_log

    boards: dict[tuple[Any, ...], Board] = {}
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for file in logs:
        exported = file.suffix.lower() == ".csv"
        head = header_of_table(file) if exported else header_of(file)
        lam, reading = head.get("lambda"), head.get("reading", "fallible")
        if not isinstance(lam, (int, float)) or isinstance(lam, bool) or not 0 <= lam <= 1e6 or (
                reading not in ("fallible", "deliberate")):
            raise InputError("the first line states no precision or no model", file=str(file),
                             line=1, expected="a log that `detente play --log` wrote")
        key = (head["file_sha256"], lam, reading)
        if key not in boards:
            board = Board.of_case(case or head["case"], lam=float(lam), reading=reading)
            if board.sha256 != head["file_sha256"]:
                raise InputError(
                    f"the crisis file {board.case} has changed since the game, or is another one",
                    file=str(file), line=1,
                    expected="the file as it was; name it with --case")
            boards[key] = board
        groups.setdefault(key, []).extend(
            read_table(file, boards[key]) if exported else [read_log(file, boards[key])])
    return list(boards.values()), list(groups.values())


def _debrief_document(
    boards: list[Board], found: list[list[Account]], table: list[Standing]
) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "games": [
            {**{k: v for k, v in asdict(a).items() if k not in ("moments", "beliefs", "scored")},
             "case": board.case, "type": str(board.tree.types[board.player(a.actor)][a.type]),
             "decision": a.decision, "others": a.total("others"), "chance": a.total("chance"),
             "types": a.total("types"), "cost": a.cost,
             "moments": [{**asdict(m), "advised": dict(m.advised)} for m in a.moments],
             "beliefs": {who: list(p) for who, p in a.beliefs},
             "stated": [asdict(s) for s in a.scored]}
            for board, each in zip(boards, found, strict=True) for a in each],
        "persons": [{**asdict(s), "precision": None if s.precision is None else
                     asdict(s.precision)} for s in table],
    }


def _show_debrief(
    boards: list[Board], found: list[list[Account]], table: list[Standing]
) -> None:
    from detente.play.report import class_sections, game_section
    from detente.render.terminal import say, show_section

    if sum(map(len, found)) <= MOST_SHOWN:
        for board, each in zip(boards, found, strict=True):
            for a in each:
                show_section(game_section(board, a))
                say()
    if sum(map(len, found)) > 1:
        for section in class_sections(table):
            show_section(section)


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

    from ruamel.yaml import YAML

    from detente.commands._common import check_output, emit_json, write_whole

    check_output(out, str(log), force=force)
    _, ((record, *_),) = _read([log], case)
    made = record.as_events()
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(made, stream)
    if out is not None:
        write_whole(out, stream.getvalue())
    if as_json:
        emit_json(made)
    elif out is None:
        typer.echo(stream.getvalue(), nl=False)
    else:
        typer.echo(f"Wrote {out}. Next: detente follow {record.header['case']} {out}")


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
    lam: Lambda = None,
    force: Annotated[bool, typer.Option(
        "--force", help="Write into a folder that is not empty.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a crisis as an oTree app."""
    from detente.commands._common import emit_json, finish, progress
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
        board = Board.of_case(case, lam=lam, reading=_reading(machine))
        made = export(board, folder, [s.strip() for s in (seats or "").split(",") if s.strip()])
    if as_json:
        emit_json({"case": board.case, "file_sha256": board.sha256, "folder": str(folder),
                   "files": [str(f) for f in made]})
    else:
        typer.echo(f"{len(made)} files are in {folder}; {folder / 'README.md'} says how to run "
                   "them.")
    finish(board.equilibrium.certificate.certified)


MOST_SHOWN = 4
"""Debriefs of single games that are printed; the JSON document has all of them."""
