"""The public functions, which `import detente` offers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detente.analysis.settings import Settings
from detente.cases import find, loads
from detente.cases import load as _load
from detente.defaults import EPSILON, LAMBDA, SEED, STARTS, WORKERS
from detente.errors import InputError, check_names, nearest

if TYPE_CHECKING:
    from datetime import date

    from detente.analysis.claims.result import Claims
    from detente.analysis.compare import Comparison
    from detente.analysis.offramps.find import Offramps
    from detente.analysis.sweep import Sweep
    from detente.backtest.run import Backtest
    from detente.casebook.drafting import Draft, Features
    from detente.findings.found import Found
    from detente.follow.following import Following
    from detente.game.compile import Compiled
    from detente.play.table import Table
    from detente.render import Report
    from detente.scenario.schema import Scenario

__all__ = [
    "analyse", "backtest", "begin", "claims", "compare", "compile", "draft", "follow", "load",
    "loads", "offramps", "play", "report", "solve", "sweep",
]

Case = Any
"""A crisis file, the name of a shipped case, or a scenario already loaded."""
Tell = Any


def backtest(
    table: str, models: Sequence[str] = ("base", "recent", "time", "logit", "boosting"), *,
    scheme: Literal["forward", "kfold"] = "forward", first: int | None = None, step: int = 10,
    features: Literal["all", "before"] = "all", out: str | Path | None = None, seed: int = 0,
    scheduler: str | None = None, tell: Tell = None,
) -> Backtest:
    """Score forecasters on crises whose ending is known.

    Parameters
    ----------
    table
        ``mid``, ``rungs`` or ``icb``; or a `detente.history.Crises` of your own, whose missing
        features (NaN) each fit replaces by the medians of its training rows.
    models
        Names of forecasters, such as ``"logit"`` or ``"pool:logit+boosting"``. ``base``,
        ``recent`` and ``time`` always run, and ``theory`` beside a game.
    scheme
        ``forward``: train on all earlier years; ``kfold``: ten folds of whole pairs of states.
    first, step
        First year that is forecast, and the years that one origin forecasts (``forward``).
    features
        ``before``: only features that are known before a crisis.
    out
        A folder that keeps finished fits, so that the same call continues an interrupted one.
    seed
        Seed of folds, fits and intervals.
    scheduler
        Address of a Dask scheduler whose workers do the fits.
    tell : callable, optional
        Called with (done, total, stage).

    Raises
    ------
    InputError
        A name is wrong, the data has not been downloaded, or a package of the extra ``backtest`` is
        not installed.

    Examples
    --------
    >>> backtest("mid", ["lojit"])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    detente.errors.InputError: no forecaster is called 'lojit'
    """
    from pathlib import Path

    from detente.backtest.folder import held
    from detente.backtest.run import backtest as run

    with held(None if out is None else Path(out)):
        return run(table, models, scheme=scheme, first=first, step=step, features=features,
                   out=out, seed=seed, scheduler=scheduler, tell=tell)


def play(
    case: Any, persons: Sequence[str] = (), *, machine: str = "fallible", seed: int = SEED,
    types: Mapping[str, int] | None = None, lam: float | None = None, paused: bool = False,
    log: str | Path | None = None,
) -> Table:
    """Sit down at a table at which a crisis is played.

    Parameters
    ----------
    case : str, Path, Scenario, Compiled or PublicTree
        A crisis, or a tree built by hand.
    persons
        The actors whose moves you make with `Table.act`; machines have all other seats.
    machine
        The strategy of the machines: ``"fallible"``, ``"deliberate"``, or another one.
    seed
        Decides the types that are not given, chance, and the machines.
    types
        The types that are given, by actor, as positions among the actor's types.
    lam
        Precision of the fallible model. None takes the centre of the crisis's range.
    paused
        Chance and machines wait for `Table.step`, so that `Table.put` can put another result.
    log
        A file for the events. Nothing is written if it is not given.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        The file is not valid, or an actor, a strategy or a type does not exist.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1, "b": 1}, decide("a", {"out": end("out", b=2), "in": decide("b", {
    ...     "fight": end("war", a=-1, b=-1), "share": end("shared", a=1, b=1)})}))
    >>> table = play(game, ["a"], machine="deliberate", seed=1)
    >>> table.act("a", "in")
    >>> str(table.outcome)
    'shared'
    """
    from detente.play.board import Board, Reading
    from detente.play.log import Log
    from detente.play.seats import machine as plays
    from detente.play.seats import person
    from detente.play.table import Table

    reading: Reading = "deliberate" if machine == "deliberate" else "fallible"
    if isinstance(case, (str, Path)):
        board = Board.of_case(case, lam=lam, reading=reading)
    else:
        from detente.scenario.schema import Scenario

        board = Board(compile(case) if isinstance(case, Scenario) else case, lam=lam,
                      reading=reading)
    seats = dict.fromkeys(board.tree.players, plays(machine))
    seats |= {board.tree.players[board.player(name)]: person() for name in persons}
    return Table(board, seats, seed=seed, types=types, paused=paused,
                 log=None if log is None else Log(log))


def load(case: str | Path) -> Scenario:
    """Load a crisis file, or a shipped case by its name.

    Raises
    ------
    InputError
        The file does not exist or is not a valid crisis.

    Examples
    --------
    >>> load("cuba-1962").crisis
    'cuba-1962'
    """
    return _load(find(case))


def compile(case: Case) -> Compiled:
    """Compile a crisis into a game: its public tree, and its payoffs by the file's numbers.

    Raises
    ------
    InputError
        The file is not valid, or the game is too large.

    Examples
    --------
    >>> len(compile("cuba-1962").tree.players)
    2
    """
    from detente.game.compile import compile_scenario

    return compile_scenario(load(case) if isinstance(case, (str, Path)) else case)


def solve(
    game: Any, lam: float | None = None, *, reading: Literal["fallible", "deliberate"] = "fallible",
    epsilon: float = EPSILON, start: Any = None,
) -> Any:
    """Solve a game in one model.

    Parameters
    ----------
    game : Compiled, PublicTree, ExtensiveGame, Scenario, str or Path
        A crisis (compiled, loaded, or its file), a tree built by hand, or any extensive game.
    lam : float or None
        Precision of choice in the fallible model. None takes the centre of a crisis's own range;
        for other games 40 per unit of payoff.
    reading : {"fallible", "deliberate"}
        The model. The deliberate equilibrium is reached from the fallible one at ``lam``; it
        exists for public trees only.
    epsilon : float
        Tremble probability in the deliberate model.
    start : equilibrium, optional
        A neighbour's fallible equilibrium to continue from.

    Returns
    -------
    Equilibrium
        With its certificate. An equilibrium that could not be solved is returned and marked.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war", a=-1), "talk": end("peace")}))
    >>> solve(game, 2.0).certificate.certified
    True
    """
    from detente.equilibrium import solve as fallible
    from detente.equilibrium import solve_deliberate
    from detente.game.compile import Compiled
    from detente.game.tree import PublicTree
    from detente.scenario.schema import Scenario

    if isinstance(game, (str, Path, Scenario)):
        game = compile(game)
    if isinstance(game, Compiled):
        lam, game = game.lam if lam is None else lam, game.tree
    found = fallible(game, LAMBDA if lam is None else lam, start=start)
    if reading == "fallible":
        return found
    if reading != "deliberate" or not isinstance(game, PublicTree):
        raise InputError(
            f"the model {reading!r} does not exist for this game",
            expected="'fallible', or 'deliberate' for a crisis or a public tree",
            nearest=nearest(reading, ("fallible", "deliberate")),
        )
    return solve_deliberate(game, found, epsilon=epsilon)


def begin(
    case: Case, settings: Settings | None = None, *, weights: Any = None, tell: Tell = None
) -> Found:
    """Begin an analysis without computing anything; `Analysis.step` does the next step."""
    from detente.findings.found import Found

    return Found(case, settings or Settings(), weights=weights, tell=tell)


def analyse(case: Case, *, tell: Tell = None, **settings: Any) -> Found:
    """Analyse a crisis: both models, other equilibria, samples of the ranges, and the claims.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, the name of a shipped case, or a scenario.
    tell : callable, optional
        Called with (done, total, description).
    **settings
        The fields of `Settings`, such as ``samples=256``.

    Returns
    -------
    Found
        With ``answer``, ``tables``, ``charts`` and ``report()``.
    """
    return begin(case, Settings.of(**settings), tell=tell).run()


def claims(
    case: Case, *, samples: int = 512, deliberate_samples: int | None = None, points: int = 9,
    starts: int = STARTS, lam: float | None = None, epsilon: float = EPSILON, seed: int = SEED,
    workers: int = WORKERS, tell: Tell = None,
) -> Claims:
    """Evaluate the claims of a crisis: at the centre, in both models, and over the ranges.

    Parameters
    ----------
    case : str, Path, Scenario or Analysis
        An analysis that has run gives its own claims; its settings apply.
    samples, deliberate_samples : int
        Samples of the ranges in each model.
    points : int
        Points along each side of a boundary's grid (0 for none).
    """
    from detente.analysis.analysis import Analysis
    from detente.analysis.claims.evaluate import evaluate
    from detente.analysis.memo import Memo
    from detente.analysis.precision import fixed
    from detente.equilibrium import find_others, solve_deliberate
    from detente.limits import MOST_STARTS, MOST_WORKERS, check_count

    if isinstance(case, Analysis):
        return case.claims
    check_count(samples, field="samples", least=0)
    check_count(deliberate_samples or 0, "deliberate samples", field="deliberate_samples", least=0)
    check_count(starts, "starts", field="starts", least=0, most=MOST_STARTS)
    check_count(workers, "workers", field="workers", most=MOST_WORKERS)
    compiled = compile(fixed(load(case) if isinstance(case, (str, Path)) else case, lam))
    memo = Memo(compiled)
    one = memo.fallible(compiled.lam)
    two = solve_deliberate(compiled.tree, one, epsilon=epsilon)
    others = find_others(compiled.tree, one, two, starts=starts, seed=seed, workers=workers,
                         half=memo.fallible(compiled.lam / 2))
    return evaluate(
        compiled, one, two, others, samples=samples, deliberate_samples=deliberate_samples,
        seed=seed, points=points, epsilon=epsilon, memo=memo, workers=workers, tell=tell,
    )


def _checked(work: Callable[..., Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings if the function takes them; else refuse with the nearest name."""
    known = inspect.signature(work).parameters.values()
    check_names(settings, [p.name for p in known if p.kind is p.KEYWORD_ONLY], "setting")
    return settings


def offramps(case: Case, target: str | float, **settings: Any) -> Offramps:
    """Find the smallest changes of a crisis's levers that reach a target, such as "war <= 0.1".

    Settings are those of `detente.analysis.offramps.offramps`.
    """
    from detente.analysis.offramps import offramps as work

    return work(case, str(target), **_checked(work, settings))


def compare(*cases: Case, **settings: Any) -> Comparison:
    """Compare crises, or the variants of one crisis, on the same samples.

    Settings are those of `detente.analysis.compare.compare`.
    """
    from detente.analysis.compare import compare as work

    listed: Sequence[Case] = cases
    if len(cases) == 1 and isinstance(cases[0], (list, tuple)):
        (listed,) = cases
    if not listed:
        raise InputError("no case is given", expected="one case with variants, or several cases")
    return work(listed, **_checked(work, settings))


def sweep(case: Case, out: str | Path, **settings: Any) -> Sweep:
    """Solve samples of a crisis's ranges into a Parquet file.

    Settings are those of `detente.analysis.sweep.sweep`.
    """
    from detente.analysis.sweep import sweep as work

    return work(case, out, **_checked(work, settings))


def report(found: Any) -> Report:
    """Return the report of a result, which a notebook shows and `Report.to_html` writes.

    Parameters
    ----------
    found : Analysis, Comparison, Claims, Offramps, Global or Following

    Raises
    ------
    InputError
        The object is not one of these results.
    """
    from detente.analysis.analysis import Analysis
    from detente.analysis.claims.result import Claims
    from detente.analysis.compare import Comparison
    from detente.analysis.indices import Global
    from detente.analysis.offramps.find import Offramps
    from detente.follow.following import Following
    from detente.render import Report

    if isinstance(found, Analysis):
        from detente.findings.report import report as whole

        return whole(found)
    if isinstance(found, Comparison):
        from detente.findings.compare import report as compared

        return compared(found)
    if isinstance(found, Global):
        from detente.findings.indices import report as drivers

        return drivers(found)
    if isinstance(found, Following):
        from detente.follow.document import study
        from detente.follow.sections import report as followed

        return followed(study(found))
    if isinstance(found, Offramps):
        from detente.findings.offramps import section

        made = section(found)
        title = f"Off-ramps: {found.case}"
    elif isinstance(found, Claims):
        from detente.findings.claims.section import show

        made = show(found)
        title = "Claims"
    else:
        raise InputError(
            f"a {type(found).__name__} has no report",
            expected="a result of analyse, compare, claims, offramps or follow",
        )
    return Report(title, "", made.lead, [made], answer_certified=found.certified,
                  data=found.as_dict())


def follow(
    case: Case, events: str | Path | None = None, *, until: date | str | None = None,
    lam: float | None = None, samples: int = 1024, seed: int = SEED, workers: int = WORKERS,
    tell: Tell = None,
) -> Following:
    """Follow a crisis through its events.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, or the name of a shipped case.
    events : str or Path, optional
        An events file; the one beside the crisis file if not given.
    until : str or date, optional
        A day such as ``1962-10-26``: leave out what was not complete by then.
    lam : float, optional
        Fixes the precision of choice.
    samples : int
        Samples of the ranges.
    tell : callable, optional
        Called with (done, total, stage).

    Raises
    ------
    InputError
        A file is not valid, or an event does not fit the crisis.

    Examples
    --------
    >>> found = follow("cuba-1962", samples=32, until="1962-10-22")
    >>> found.count, round(found.pool.evidence(0), 9)
    (1, 1.0)
    """
    from detente.follow.run import begun

    return begun(case, events, until=until, lam=lam, samples=samples, seed=seed, workers=workers,
                 tell=tell)


def draft(
    source: str, *, features: Features = "before", template: str | None = None,
    folder: Path | None = None,
) -> Draft:
    """Draft a crisis file from data: a starting point, not a forecast.

    Each number is estimated on the ICB crises of all other pairs of states. How the crisis ended
    is not read.

    Parameters
    ----------
    source : str
        ``icb:N``, a crisis of International Crisis Behavior by its number; or the name of a
        crisis of the casebook.
    features : {"before", "coded"}
        Covariates known before the crisis only, or also those that ICB coded with hindsight.
    template : str, optional
        The template, in place of the one coded in the casebook.
    folder : Path, optional
        Folder of the downloaded data.

    Returns
    -------
    Draft
        Its ``text`` is the crisis file, ``scenario()`` the crisis, ``draws`` the joint draws as
        CSV, and ``reference`` the forecasts without a game.

    Raises
    ------
    InputError
        There is no such crisis or template, or data has not been downloaded.

    Examples
    --------
    >>> draft("icb:none")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: from: 'icb:none' names no crisis; expected icb: and a number such as
    icb:69, or a name that `detente cases --book` prints
    """
    from detente.casebook.drafting import draft as made

    return made(source, features=features, template=template, folder=folder)
