"""``detente fit``: estimate a strategic model on data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.commands._options import Force

if TYPE_CHECKING:
    import pandas as pd

    from detente.game.extensive import ExtensiveGame
    from detente.history.estimators.results import FitResult
    from detente.history.modelfiles.model import ModelFile
    from detente.history.tablefile import Role
    from detente.scenario.schema import Scenario

NAME = "fit"
HELP = (
    "Estimate a strategic model: egame12, egame122, egame123, ultimatum, signalling; or any game "
    "or crisis file."
)
EPILOG = (
    "Examples: detente fit egame12 --data war1800 "
    '--formula "esc + war ~ s_wt_re1 + revis1 | 0 | regime1 | balanc + regime2"; '
    "detente fit game my-crisis.yaml --data plays.csv --outcome ending "
    '--param "war.cost.aland ~ ally + wealth" --lambda estimate'
)

MODELS = ("egame12", "egame122", "egame123", "ultimatum", "signalling", "game")


def command(
    model: Annotated[str, typer.Argument(help=", ".join(MODELS))],
    file: Annotated[
        str | None,
        typer.Argument(help="Game: a crisis file, a model file, a shipped one, or a Gambit .efg "
                       "file."),
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="A fetched data set, or a .csv, .tsv, .txt or .parquet "
                                "file. [required]")
    ] = None,
    formula: Annotated[
        str | None,
        typer.Option(help="Outcome ~ one part per utility, separated by |; 0 leaves one out."),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(help="Game: the column that names each play's outcome or its moves, joined "
                     "by ';'. Ultimatum: both, or offer to leave the answers out."),
    ] = None,
    missing: Annotated[
        list[str] | None,
        typer.Option(help="A cell that means a missing value, such as . or COLUMN=NA; may be "
                     "repeated. Empty cells are always missing."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(help="Game: PATH ~ COVARIATES for a number of the crisis file, or PLAYER at "
                     "ENDING ~ COVARIATES for what a payoff adds; may be repeated."),
    ] = None,
    lam: Annotated[
        str | None,
        typer.Option("--lambda", help="Game: the precision, or estimate; 40 for a crisis, 1 for a "
                     "game unless given."),
    ] = None,
    link: Annotated[
        str | None, typer.Option(help="Trees: probit (unless given) or logit.")
    ] = None,
    errors: Annotated[
        str | None, typer.Option(help="Trees: agent (unless given) or private.")
    ] = None,
    scale: Annotated[
        str | None, typer.Option(help="Trees: formula of a log error scale; | between players.")
    ] = None,
    fix: Annotated[
        list[str] | None,
        typer.Option(help="Fix an index: NAME=NUMBER (trees, ultimatum, signalling).")
    ] = None,
    starts: Annotated[
        int | None, typer.Option(min=0, max=1000, help="Trees, ultimatum: further random starts.")
    ] = None,
    max_offer: Annotated[float | None, typer.Option(help="Ultimatum: the amount.")] = None,
    method: Annotated[
        str | None, typer.Option(help="Signalling: npl (unless given), pl or cmle.")
    ] = None,
    first_stage: Annotated[
        str | None, typer.Option(help="Signalling: two columns, as PRhat,PFhat.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="A column to cluster by.")] = None,
    robust: Annotated[bool, typer.Option(help="Robust standard errors.")] = False,
    against_logit: Annotated[
        bool, typer.Option("--against-logit", help="Compare with a multinomial logit of the same "
                           "covariates: Vuong's and Clarke's tests.")
    ] = False,
    latex: Annotated[bool, typer.Option(help="Print a LaTeX table.")] = False,
    table_file: Annotated[
        Path | None, typer.Option("--table", help="Coefficients to write: .csv or .parquet.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Also predict over values of this variable.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="The HTML report with charts to write.")] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Estimate a strategic model and print its coefficients."""
    from detente.commands._common import check_output, emit_json, finish, progress, save
    from detente.errors import InputError, nearest, one_of

    if model not in MODELS:
        raise InputError(f"no model is called {model!r}", expected=one_of(model, MODELS),
                         nearest=nearest(model, MODELS))
    if data is None:
        raise InputError("no data was named", expected="--data: a data set, or a file")
    if model != "game" and (formula is None or file is not None):
        raise InputError(
            f"no formula for {model}" if file is None else f"{file!r} is not expected",
            expected=f"detente fit {model} --data DATA --formula FORMULA",
        )
    if model == "game" and (file is None or outcome is None):
        raise InputError(
            "no game was named" if file is None else "no outcome was named",
            expected="detente fit game FILE --data DATA --outcome COLUMN --param ...",
        )
    if table_file is not None and table_file.suffix not in (".csv", ".parquet"):
        raise InputError(f"cannot write {table_file.name}", expected=".csv or .parquet")
    check_output(table_file, data, file, html, force=force)
    check_output(html, data, file, force=force)
    _only_its_own(model, {
        "--outcome": outcome, "--param": param, "--lambda": lam, "--link": link,
        "--errors": errors, "--scale": scale, "--fix": fix, "--starts": starts,
        "--max-offer": max_offer, "--method": method, "--first-stage": first_stage,
        "--cluster": cluster, "--robust": robust or None,
    })
    with progress(f"estimating {model}"):
        game = _read_game(str(file)) if model == "game" else None
        roles = _roles(model, formula, param or [], outcome, scale, first_stage, cluster, profile,
                       game)
        table, cite, columns = _table(data, roles, missing or [])
        if model == "game":
            assert outcome is not None
            result = _game(game, param or [], table, outcome, lam, cluster, robust)
        else:
            assert formula is not None
            result = _fit(model, formula, table, link or "probit", errors or "agent", scale,
                          fix or [], starts or 0, max_offer, outcome or "both", method or "npl",
                          first_stage, cluster, robust)
        rival = None
        if against_logit:
            from detente.history.estimators.nonnested import against_logit as compare

            sides = [p.partition("~")[2] for p in param or []] if model == "game" else (
                f"{formula}|{scale or ''}".partition("~")[2].split("|"))
            rival = compare(result, sides)
        along = None
        if profile:
            from detente.history.estimators.profiles import profile as predict_along

            along = predict_along(result, profile)
    asked = formula if model != "game" else "; ".join([str(file), *(param or [])])
    if table_file is not None:
        _write_table(result, table_file)
    if html is not None:
        from detente.history.sections import fit_section, profile_section
        from detente.render.section import Report

        sections = [fit_section(result)] + ([profile_section(along)] if along is not None else [])
        report = Report(model, f"Estimated on {data}", sections[0].lead, sections,
                        meta={"data": data, "formula": asked, "columns": "; ".join(columns)})
        save(html, report.to_html())
    if as_json:
        import json

        document = {**result.as_dict(), "data": data, "formula": asked, "citation": cite,
                    "columns": columns}
        if rival is not None:
            document["against_logit"] = rival.as_dict()
        if along is not None:
            document["profile"] = json.loads(along.to_json(orient="records"))
        emit_json(document)
    elif latex:
        typer.echo(result.to_latex())
    else:
        typer.echo(result.summary())
        for line in columns:
            typer.echo(line)
        if rival is not None:
            typer.echo(str(rival))
        if along is not None:
            typer.echo(along.round(3).to_string(index=False))
        for line in cite:
            typer.echo(f"Cite: {line}")
    finish(result.converged)


TREES = ("egame12", "egame122", "egame123")
OPTIONS = {
    "--outcome": ("game", "ultimatum"), "--param": ("game",), "--lambda": ("game",),
    "--link": TREES, "--errors": TREES, "--scale": TREES,
    "--fix": (*TREES, "ultimatum", "signalling"), "--starts": (*TREES, "ultimatum"),
    "--max-offer": ("ultimatum",), "--method": ("signalling",), "--first-stage": ("signalling",),
    "--cluster": (*TREES, "ultimatum", "game"), "--robust": (*TREES, "ultimatum", "game"),
}
"""The models that take an option; the others refuse it."""


def _only_its_own(model: str, given: dict[str, object]) -> None:
    """Refuse an option that the model would ignore."""
    from detente.errors import InputError

    for option, value in given.items():
        if value is not None and model not in OPTIONS[option]:
            raise InputError(f"{model} has no option {option}",
                             expected=f"{option} only with " + ", ".join(OPTIONS[option]))


def _roles(
    model: str, formula: str | None, params: list[str], outcome: str | None, scale: str | None,
    first_stage: str | None, cluster: str | None, profile: str | None, game: Any,
) -> dict[str, Role]:
    """Return the columns that the fit uses, and the use of each."""
    from detente.history.estimators.columns import left_columns
    from detente.history.estimators.formula import columns_in

    roles: dict[str, Role] = {}
    if cluster is not None:
        roles[cluster] = "key"
    if model == "game":
        texts = [p.partition("~")[2] for p in params]
        roles |= dict.fromkeys(getattr(game, "covariates", ()), "typed")
        if outcome is not None:
            roles[outcome] = "text"
    else:
        left, _, right = (formula or "").partition("~")
        texts = [*right.split("|"), *(scale or "").split("|")]
        roles |= dict.fromkeys(left_columns(left), "typed")
    roles |= dict.fromkeys((c for text in texts for c in columns_in(text)), "typed")
    more = [c.strip() for c in (first_stage or "").split(",") if c.strip()]
    return roles | dict.fromkeys([*more, *([profile] if profile else [])], "typed")


def _table(
    data: str, roles: dict[str, Role], missing: list[str]
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the columns of a fetched data set or a file, its citation, and words about them."""
    from detente.errors import InputError
    from detente.history.tablefile import ENDINGS, kinds_of, read_columns
    from detente.tables.kinds import columns_line

    if Path(data).suffix.lower() in ENDINGS:
        table, columns, notes = read_columns(data, roles, missing)
        return table, [], [columns_line(columns), *notes]
    from detente.history.read import load
    from detente.history.registry import get

    if Path(data).is_file():
        raise InputError("cannot read this kind of file", file=data,
                         expected=f"a table in {', '.join(ENDINGS)}, or a data set's name")
    if missing:
        raise InputError("--missing applies to text files",
                         expected="no --missing with a data set, whose missing values are known")
    table = load(data)
    known = [name for name in roles if name in table.columns]
    return table, list(get(data).citation), [columns_line(kinds_of(table, known))]


def _write_table(result: FitResult, file: Path) -> None:
    """Write the coefficients as a table."""
    import io

    from detente.commands._common import save

    content = io.BytesIO()
    if file.suffix == ".csv":
        result.tidy().to_csv(content, index=False)
    else:
        result.tidy().to_parquet(content, index=False)
    save(file, content.getvalue())


def _read_game(file: str) -> Scenario | ExtensiveGame | ModelFile:
    """Return the game of a crisis file, a model file, a shipped one, or an ``.efg`` file."""
    if file.endswith(".efg"):
        from detente.game.efg import read_efg

        return read_efg(file)
    from detente.cases.modelfile import read_game

    return read_game(file)


def _game(
    game: Any, params: list[str], table: pd.DataFrame, outcome: str,
    lam: str | None, cluster: str | None, robust: bool,
) -> FitResult:
    """Estimate a crisis file, a model file or a Gambit game."""
    from detente.errors import InputError
    from detente.history.estimators.general import fit_game

    payoffs: dict[tuple[str, str] | str, str] = {}
    for text in params:
        name, mark, part = (x.strip() for x in text.partition("~"))
        if not (name and mark and part):
            raise InputError(
                f"cannot read --param {text!r}",
                expected="PATH ~ COVARIATES, or PLAYER at OUTCOME ~ COVARIATES",
            )
        player, at, ending = name.partition(" at ")
        payoffs[(player.strip(), ending.strip()) if at else name] = part
    precision: float | str | None = lam
    if lam not in (None, "estimate"):
        try:
            precision = float(str(lam))
        except ValueError:
            raise InputError(
                f"--lambda is {lam!r}", expected="a number above 0, or estimate"
            ) from None
    return fit_game(
        game, payoffs, table, outcome, lam=precision,  # type: ignore[arg-type]
        cluster=cluster, robust=robust,
    )


def _fit(
    model: str, formula: str, table: pd.DataFrame, link: str, errors: str, scale: str | None,
    fix: list[str], starts: int, max_offer: float | None, outcome: str, method: str,
    first_stage: str | None, cluster: str | None, robust: bool,
) -> FitResult:
    from detente.errors import InputError

    fixed: dict[str, float] = {}
    for item in fix:
        name, _, number = item.partition("=")
        try:
            fixed[name.strip()] = float(number)
        except ValueError:
            raise InputError(f"cannot read --fix {item!r}", expected="NAME=NUMBER") from None
    if model.startswith("egame"):
        from detente.history.estimators.fit_tree import fit_tree

        parts = [p.strip() for p in scale.split("|")] if scale else None
        return fit_tree(
            model, formula, table, link=link, errors=errors, fixed=fixed,
            scale=parts[0] if parts and len(parts) == 1 else parts, cluster=cluster,
            robust=robust, starts=starts,
        )
    if model == "ultimatum":
        from detente.history.estimators.ultimatum import fit_ultimatum

        if max_offer is None:
            raise InputError("the ultimatum model needs --max-offer", expected="the greatest offer")
        return fit_ultimatum(formula, table, max_offer=max_offer, outcome=outcome, fixed=fixed,
                             starts=starts, cluster=cluster, robust=robust)
    from detente.history.estimators.fit_signalling import fit_signalling

    columns = [c.strip() for c in first_stage.split(",")] if first_stage else []
    if first_stage and len(columns) != 2:
        raise InputError(f"cannot read --first-stage {first_stage!r}", expected="two columns")
    return fit_signalling(
        formula, table, method=method, fixed=fixed,
        first_stage=(columns[0], columns[1]) if columns else None,
    )
