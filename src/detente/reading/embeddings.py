"""Sentence vectors from a static model in a folder of the user's own; nothing is fetched.

The logistic order gains one column from them: how much nearer a sentence is to the confirmed
passages than to the refused ones. With ten decided passages, the components of a vector (often
256) could separate any two sets of them by chance. One column cannot, and what all sentences have
in common cancels in the difference.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.reading.needs import need

__all__ = ["Embeddings", "nearness", "read_embeddings"]

FILES = {"model.safetensors": 1 << 30, "tokenizer.json": 64 << 20}
"""The files that are read, each with its largest size in bytes."""
MOST_TOKENS = 512
"""Most tokens of a sentence that count."""

Array = NDArray[np.float64]


class Embeddings:
    """A static model: the vector of a sentence is the mean of those of its known tokens."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def vectors(self, texts: Sequence[str]) -> Array:
        """Return one row per text, of length 1; a text without a known token gets zeros.

        Raises
        ------
        InputError
            The model fails on a text; the message holds no words of it.
        """
        if not texts:
            return np.zeros((0, self._model.dim))
        try:
            X: Array = np.asarray(self._model.encode(
                list(texts), max_length=MOST_TOKENS, use_multiprocessing=False), dtype=np.float64)
            if not np.isfinite(X).all():
                raise ValueError
        except Exception as error:  # no message of a library, which could hold words of the text
            raise _wrong(f"its model cannot read a sentence ({type(error).__name__})") from None
        return _unit(X)


def read_embeddings(folder: str | Path) -> Embeddings:
    """Read a model from ``model.safetensors`` and ``tokenizer.json`` in a local folder.

    The two files hold numbers and JSON. No other file of the folder is read, no code in it runs,
    and a name of a model on a server is refused.

    Parameters
    ----------
    folder
        A folder that `model2vec` wrote.

    Raises
    ------
    InputError
        The extra is absent, the folder does not exist, or a file is absent, too large or no part
        of a static model.

    Examples
    --------
    >>> read_embeddings("some-owner/some-model")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: --embeddings: there is no such folder; expected ...
    """
    place = Path(folder)
    if not place.is_dir():
        raise _wrong("there is no such folder")
    held = {name: _bytes(place / name, most) for name, most in FILES.items()}
    os.environ["HF_HUB_OFFLINE"] = "1"  # no call below fetches; this holds if a library changes
    model2vec = need("model2vec", "embeddings")
    safetensors = need("safetensors.numpy", "embeddings")
    tokenizers = need("tokenizers", "embeddings")
    try:
        arrays = safetensors.load(held["model.safetensors"])
        tokenizer = tokenizers.Tokenizer.from_buffer(held["tokenizer.json"])
        _check(arrays, max(tokenizer.get_vocab().values()))
        model = model2vec.StaticModel(
            arrays["embeddings"], tokenizer, weights=arrays.get("weights"),
            token_mapping=arrays.get("mapping"))
    except Exception as error:  # the libraries raise errors of many kinds, some of their own
        raise _wrong(f"its files are not a static model ({type(error).__name__})") from None
    return Embeddings(model)


def nearness(decided: Array, labels: Array, new: Array) -> tuple[Array, Array]:
    """Return the column of the decided and of the new sentences, in standard deviations.

    It is the cosine to the mean of the confirmed less the cosine to the mean of the refused. A
    decided sentence is left out of the mean of its own label: it is nearest to itself, which would
    give the column more weight than it earns on new sentences.

    Parameters
    ----------
    decided
        Vectors of length 1 (or 0), one row per decided passage; at least two of each label.
    labels
        1 for confirmed, 0 for refused.
    new
        Vectors of the sentences to be ordered.

    Examples
    --------
    >>> a, b = [1.0, 0.0], [0.0, 1.0]
    >>> old, new = nearness(np.array([a, a, b, b]), np.array([1.0, 1, 0, 0]), np.array([b, a]))
    >>> old.tolist(), new.tolist()
    ([1.0, 1.0, -1.0, -1.0], [-1.0, 1.0])
    """
    sums = {y: decided[labels == y].sum(axis=0) for y in (1.0, 0.0)}
    own = {y: _unit(sums[y] - np.where((labels == y)[:, None], decided, 0.0)) for y in sums}
    old = np.sum(decided * (own[1.0] - own[0.0]), axis=1)
    found = new @ (_unit(sums[1.0]) - _unit(sums[0.0]))
    scale = float(np.sqrt(np.mean(old**2))) or 1.0
    return old / scale, found / scale


def _unit(X: Array) -> Array:
    """Return the rows at length 1; a row of zeros stays."""
    length = np.linalg.norm(X, axis=-1, keepdims=True)
    out: Array = np.divide(X, length, out=np.zeros_like(X), where=length > 1e-12)
    return out


def _bytes(file: Path, most: int) -> bytes:
    """Return the bytes of a regular file within a limit."""
    if not file.is_file():
        raise _wrong(f"the folder has no file {file.name}")
    try:
        with file.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as error:
        raise _wrong(f"{file.name} cannot be read ({type(error).__name__})") from None
    if len(data) > most:
        raise _wrong(f"{file.name} is larger than {most >> 20:,} MB")
    return data


def _check(arrays: dict[str, Any], last: int) -> None:
    """Refuse arrays that have no finite vector for each token."""
    table, mapping, weights = (arrays.get(k) for k in ("embeddings", "mapping", "weights"))
    if table is None or table.ndim != 2 or not np.isfinite(table).all():
        raise ValueError
    rows = len(table)
    if mapping is not None:
        if mapping.ndim != 1 or mapping.min() < 0 or mapping.max() >= rows:
            raise ValueError
        rows = len(mapping)
    if weights is not None and (
            weights.ndim != 1 or len(weights) <= last or not np.isfinite(weights).all()):
        raise ValueError
    if rows <= last:
        raise ValueError


def _wrong(message: str) -> InputError:
    return InputError(message, field="--embeddings", expected="a local folder with the files "
                      f"{' and '.join(FILES)} of a static model; nothing is downloaded")
