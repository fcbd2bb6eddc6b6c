"""Read a model file: its schema, its crisis, and the links between table and crisis."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from detente.cases.load import find, from_document
from detente.cases.names import named, shipped
from detente.history.modelfiles.model import ModelFile, build
from detente.history.modelfiles.schema import ModelEntry
from detente.scenario.problems import Problem
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import Document, parse_yaml, read_yaml, validate

__all__ = ["model_files", "read_game", "read_model", "reads_model", "sources"]


def model_files() -> dict[str, Path]:
    """Return the shipped model files by name."""
    folder = Path(str(files("detente.history.modelfiles"))) / "shipped"
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def read_model(name: str | os.PathLike[str]) -> ModelFile:
    """Read a model file: a shipped model's name, or a path.

    Raises
    ------
    InputError
        There is no such file, or the file has an error; `InputErrors` if it has several.
    """
    return _from(read_yaml(named(name, model_files())))


def read_game(name: str) -> ModelFile | Scenario:
    """Read a model file or a crisis file: a path, or the name of a shipped one.

    A file with the key ``model`` is a model file.

    Raises
    ------
    InputError
        There is no such file, or the file has an error.
    """
    document = read_yaml(named(name, {**model_files(), **shipped()}))
    if isinstance(document.data, dict) and "model" in document.data:
        return _from(document)
    return from_document(document)


def reads_model(text: str, *, file: str = "<text>") -> ModelFile:
    r"""Read a model from the text of a file.

    Examples
    --------
    >>> model = reads_model('''
    ... model: small
    ... title: A small model
    ... crisis:
    ...   crisis: recorded
    ...   title: A recorded crisis
    ...   actors: {target: {role: principal}, challenger: {role: principal}}
    ...   stake: {name: the stake, first: challenger, status_quo: 0.1}
    ...   turns: {first: target, each: 1}
    ...   delay_cost: 0.01
    ...   war: {win_chance: 0.5, cost: 0.2}
    ...   precision: 10
    ... endings:
    ...   war: war
    ...   peace: [target concedes, challenger concedes, status quo]
    ... numbers:
    ...   war.cost: {link: log, terms: [nuclear]}
    ... ''')
    >>> model.coefficients, model.endings
    (('war.cost', 'war.cost: nuclear'), ('war', 'peace'))
    """
    return _from(parse_yaml(text, file=file))


def sources(name: str | os.PathLike[str]) -> list[Path]:
    """Return the files that a model is read from: its own, and that of its crisis if it names one.

    Raises
    ------
    InputError
        There is no such file.

    Examples
    --------
    >>> [file.name for file in sources("tight-icb")]
    ['tight-icb.yaml']
    """
    place = named(name, model_files())
    document = read_yaml(place)
    crisis = document.data.get("crisis") if isinstance(document.data, dict) else None
    return [place, _template(crisis, document.file)] if isinstance(crisis, str) else [place]


def _template(crisis: str, file: str) -> Path:
    """Return the crisis file that a model file names: beside it, or as `find` does."""
    beside = Path(file).parent / crisis
    return beside if not Path(crisis).is_absolute() and beside.is_file() else find(crisis)


def _from(document: Document) -> ModelFile:
    entry = validate(document, ModelEntry)
    if isinstance(entry.crisis, str):
        scenario = from_document(read_yaml(_template(entry.crisis, document.file)))
    else:
        inner = document.root.children["crisis"]
        scenario = from_document(Document(inner.value, document.file, inner, document.text))
    unknown = [Problem(("numbers", k), f"{k!r} is given twice", "one entry for each number")
               for k in entry.numbers if " " in k and k.replace(" ", "_") in entry.numbers]
    wrong = document.gather(unknown)
    if wrong is not None:
        raise wrong
    return build(document, entry, scenario)
