"""Read a model file: its schema, its crisis, and the links between table and crisis."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from detente.cases.load import find, from_document
from detente.cases.names import named, shipped
from detente.history.modelfiles.model import ModelFile, build
from detente.history.modelfiles.schema import ModelEntry
from detente.history.modelfiles.spec import pair
from detente.scenario.paths import canonical
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
    return _from(read_yaml(_place(name)))


def read_game(name: str) -> ModelFile | Scenario:
    """Read a model file or a crisis file: a path, or the name of a shipped one.

    A file with the key ``model`` is a model file.

    Raises
    ------
    InputError
        There is no such file, or the file has an error.
    """
    document = read_yaml(named(name, {**model_files(), **shipped()},
                               kind="model file or case"))
    if isinstance(document.data, dict) and "model" in document.data:
        return _from(document)
    return from_document(document, case=Path(document.file))


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
    place = _place(name)
    document = read_yaml(place)
    crisis = document.data.get("crisis") if isinstance(document.data, dict) else None
    return [place, _template(crisis, document.file)] if isinstance(crisis, str) else [place]


def _place(name: str | os.PathLike[str]) -> Path:
    return named(name, model_files(), kind="model file")


def _template(crisis: str, file: str) -> Path:
    """Return the crisis file that a model file names: beside it, or as `find` does."""
    beside = Path(file).parent / crisis
    return beside if not Path(crisis).is_absolute() and beside.is_file() else find(crisis)


def _from(document: Document) -> ModelFile:
    entry = validate(document, ModelEntry)
    if isinstance(entry.crisis, str):
        place = _template(entry.crisis, document.file)
        scenario = from_document(read_yaml(place), case=place)
    else:
        inner = document.root.children["crisis"]
        scenario = from_document(Document(inner.value, document.file, inner, document.text))
    wrong = document.gather([
        *_repeats("numbers", entry.numbers, canonical, "one entry for each number"),
        *_repeats("utilities", entry.utilities, pair,
                  "one entry for each player at each ending")])
    if wrong is not None:
        raise wrong
    return build(document, entry, scenario)


def _repeats(
    part: str, keys: Iterable[str], same: Callable[[str], Any], expected: str
) -> Iterator[Problem]:
    """Yield a fault for each key that means the same as an earlier key of its part."""
    seen: dict[Any, str] = {}
    for key in keys:
        first = seen.setdefault(same(key), key)
        if first != key:
            yield Problem((part, key), f"{key!r} is given twice, first as {first!r}", expected,
                          at_key=True)
