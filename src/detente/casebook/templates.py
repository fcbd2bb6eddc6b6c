"""Role-neutral templates: a crisis whose numbers are estimated from a table of crises."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, nearest, one_of
from detente.scenario.yamlfile import read_yaml

if TYPE_CHECKING:
    from detente.history.modelfiles.model import ModelFile

__all__ = ["CODED_IN", "model", "template", "templates"]

CODED_IN = ("war.cost.challenger", "war.cost.target", "no_deal.cost.challenger",
            "no_deal.cost.target")
"""Numbers that also depend on covariates coded with hindsight, if those are asked for."""


def _folder() -> Path:
    return Path(str(files("detente.casebook")))


def templates() -> dict[str, Path]:
    """Return the files of the templates by name.

    Examples
    --------
    >>> sorted(templates())[:2]
    ['deterrence-of-an-ally', 'fait-accompli']
    """
    return {file.stem: file for file in sorted((_folder() / "templates").glob("*.yaml"))}


def template(name: str) -> dict[str, Any]:
    """Return a template: its title, question and meaning, and its part of the crisis.

    Raises
    ------
    InputError
        There is no such template.
    """
    known = templates()
    if name not in known:
        raise InputError(f"there is no template {name!r}", field="template",
                         expected=one_of(name, known), nearest=nearest(name, known))
    return dict(read_yaml(known[name]).data)


def model(name: str, coded: Sequence[str] = ()) -> ModelFile:
    """Return a template as a model that can be estimated.

    Parameters
    ----------
    name
        The template.
    coded
        Covariates that are coded with hindsight, added to the numbers `CODED_IN`.

    Examples
    --------
    >>> "precision" in model("fait-accompli").links
    True
    """
    from detente.cases.modelfile import reads_model

    own, common = template(name), read_yaml(_folder() / "common.yaml").data
    numbers = {path: dict(one) for path, one in common["numbers"].items()}
    for path in CODED_IN:
        numbers[path]["terms"] = [*numbers[path]["terms"], *coded]
    return reads_model(json.dumps({
        **common, "model": name, "title": own["title"], "numbers": numbers,
        "crisis": {**common["crisis"], **own["crisis"]},
    }), file=f"template {name}")
