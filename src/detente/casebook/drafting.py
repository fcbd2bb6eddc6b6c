"""Draft a crisis file from data, without the data on how the crisis ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from detente.casebook import templates
from detente.casebook.estimated import Estimated, draws_text, estimated
from detente.casebook.facts import Facts, Side, facts, named, of_icb
from detente.casebook.write import WARNING, crisis_text, renamed
from detente.errors import InputError, nearest
from detente.scenario.beside import Source
from detente.scenario.yamlfile import read_yaml

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["Draft", "Features", "called", "draft"]

Features = Literal["before", "coded"]
DEFAULT = "limited-aims-claim"


@dataclass(frozen=True, repr=False)
class Draft:
    """A drafted crisis file with what stands beside it.

    Attributes
    ----------
    facts : Facts
        The sides, the object and the template.
    features : {"before", "coded"}
        Which covariates were used.
    text : str
        The crisis file.
    numbers : Estimated
        The estimated numbers, with their joint draws and formulas, by path of the template.
    reference : dict
        Forecasts without a game, estimated without the pair: by forecaster and ending.
    notes : tuple of str
        Warnings about the draft.
    """

    facts: Facts
    features: Features
    text: str
    numbers: Estimated
    reference: dict[str, dict[str, float]]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Draft of {self.facts.name} by {self.facts.template}: {WARNING}>"

    @property
    def draws(self) -> str:
        """The joint draws as the text of a CSV file, by path of the crisis file."""
        return draws_text(self.numbers.draws.rename(columns=partial(renamed, facts=self.facts)))

    def scenario(self) -> Scenario:
        """Return the crisis, checked."""
        from detente.cases import loads

        return loads(self.text, file=f"{self.facts.name}.yaml")


def draft(
    source: str, *, features: Features = "before", template: str | None = None,
    folder: Path | None = None,
) -> Draft:
    """Draft a crisis file from data: a starting point, not a forecast.

    Parameters
    ----------
    source
        ``icb:N``, a crisis of International Crisis Behavior by its number; or the name of a
        crisis of the casebook.
    features
        "before": only covariates that were known before the crisis; "coded": also covariates that
        ICB coded with hindsight.
    template
        The template, in place of the one coded in the casebook.
    folder
        Folder of the downloaded data.

    Returns
    -------
    Draft

    Raises
    ------
    InputError
        There is no such crisis or template, or data has not been downloaded.
    """
    from detente.casebook.covariates import BEFORE, CODED, crises, described, others
    from detente.casebook.reference import references

    if features not in ("before", "coded"):
        raise InputError(f"{features!r} is not a set of features", field="features",
                         expected="before or coded", nearest=nearest(features, get_args(Features)))
    if template is not None:
        templates.template(template)
    coded = list(CODED) if features == "coded" else []
    of, notes = _facts(source, folder)
    if template is not None:
        of = of.model_copy(update={"template": template, "why": "chosen by the user"})
    own = templates.template(of.template)
    raw = described(of.challenger.cow, of.target.cow, of.year, folder)
    filled = [name for name in BEFORE if raw[name].isna().any()]
    known, row = others(of.pair, raw, folder)
    if coded:
        if of.icb is None:
            raise InputError(f"{of.name} is not in ICB, so it has no coded features",
                             field="features", expected="before")
        whole = crises(folder)
        here = whole[whole["crisis"] == of.icb]
        row = row.assign(**{name: here[name].to_numpy() for name in coded})
    found = estimated(of.template, known, row, coded=coded)
    common = read_yaml(Path(str(files("detente.casebook"))) / "common.yaml").data["crisis"]
    name = of.name if of.icb is None else f"icb:{of.icb}"
    stated = f"detente draft --from {name}" + (" --features coded" if coded else "") + (
        "" if template is None else f" --template {template}")
    text = crisis_text(of, own, common, found, features=features, filled=filled, stated=stated)
    notes += [found.trouble] if found.trouble else []
    return Draft(of, features, text, found, references(known, row, coded), tuple(notes))


def called(source: str) -> str:
    """Return the name of the crisis that a source names.

    Raises
    ------
    InputError
        It names no crisis.

    Examples
    --------
    >>> called("icb:69"), called("icb:70")
    ('book-memel-1939', 'icb-70')
    """
    number = _number(source)
    if number is None:
        return source
    known = of_icb(number)
    return f"icb-{number}" if known is None else known.name


def _number(source: str) -> int | None:
    """Return the ICB number that a source gives, or None if it is a name of the casebook."""
    match = re.fullmatch(r"icb:(\d{1,4})", source)
    if match is not None:
        return int(match[1])
    if source in named():
        return None
    raise InputError(f"{source!r} names no crisis", field="from",
                     expected="icb: and a number such as icb:69, or a name that `detente cases "
                              "--book` prints", nearest=nearest(source, named()))


def _facts(source: str, folder: Path | None) -> tuple[Facts, list[str]]:
    """Return the coded facts that a source names, and warnings about them."""
    number = _number(source)
    if number is None:
        return facts(source), []
    known = of_icb(number)
    if known is not None:
        return known, []
    return _uncoded(number, folder), [
        f"The casebook has not coded this crisis. Object and template ({DEFAULT}) are "
        "placeholders: answer the questions of docs/how-to/code-a-crisis.md, and set --template."]


def _uncoded(number: int, folder: Path | None) -> Facts:
    """Return facts of an ICB crisis that the casebook does not hold, with placeholders."""
    from detente.casebook.covariates import crises
    from detente.history.read import load

    known = crises(folder).set_index("crisis")
    if number not in known.index:
        raise InputError(f"ICB has no crisis {number} with a state as the source of the threat",
                         field="from",
                         expected=f"a number from {known.index.min()} to {known.index.max()}")
    challenger, target, year = (
        int(known.loc[[number], key].iloc[0]) for key in ("challenger", "target", "year"))
    called = load("icb-system", folder).set_index("crisno")["crisname"].astype(str)[number]
    states = load("cow-states", folder).drop_duplicates("ccode", keep="last")
    names = states.set_index("ccode")["statenme"]

    def side(cow: int) -> Side:
        title = str(names.get(cow, f"state {cow}"))
        return Side(id=re.sub(r"[^a-z]+", "_", title.lower()).strip("_") or "state", title=title,
                    cow=cow)

    one, two = side(challenger), side(target)
    if one.id == two.id:
        two = two.model_copy(update={"id": f"{two.id}_target"})
    title = f"{called.title()}, {year}"
    return Facts(
        name=f"icb-{number}", icb=number, title=title, date=str(year), challenger=one,
        target=two, object="the object of the dispute (to be written)", template=DEFAULT,
        why="a placeholder, because the casebook has not coded this crisis",
        summary=f"ICB lists a crisis of {two.title}, with {one.title} as the source of the threat. "
                "Write here what each demanded on the day of the trigger.",
        sources=[Source(id="icb", date="", url="", cite=(
            f"International Crisis Behavior, version 14, crisis {number}"))],
    )
