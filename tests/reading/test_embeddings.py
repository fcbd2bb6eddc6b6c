"""Embeddings in the reading order: a model made by hand, whose order can be worked out."""

from __future__ import annotations

import importlib.util
import json
import socket
from pathlib import Path

import numpy as np
import pytest

from detente import cli
from detente.errors import InputError
from detente.reading import needs
from detente.reading.candidates import candidates_text
from detente.reading.embeddings import FILES, nearness, read_embeddings
from detente.reading.gate import admit
from detente.reading.order import ENOUGH, ENOUGH_NEAR, reading_order
from detente.reading.store import Session
from tests.support.program import detente

extra = pytest.mark.skipif(importlib.util.find_spec("model2vec") is None,
                           reason="the extra `embeddings` is not installed")
SHIPS = ("harbour", "pier", "quay", "dock", "wharf", "jetty", "marina")
MUSIC = ("orchestra", "violin", "cello", "flute", "oboe", "tuba", "harp")
LEFT = (("Some jetty.", "Some harp."), ("Some marina.", "Some tuba."))


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was used")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def model(tmp_path):
    """Write a model: words of ships have one vector, words of music another, 'some' none."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    words = {w: k for k, w in enumerate(("[UNK]", "some", *SHIPS, *MUSIC))}
    made = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    place = tmp_path / "model"
    place.mkdir()
    made.save(str(place / "tokenizer.json"))
    table = np.zeros((len(words), 3), dtype=np.float32)
    table[2:2 + len(SHIPS), 0] = 1.0
    table[2 + len(SHIPS):, 1] = 1.0
    save_file({"embeddings": table}, place / "model.safetensors")
    return place


@pytest.fixture
def folder(tmp_path):
    """Make a session: 15 sentences on ships confirmed, 15 on music refused, four left."""
    sentences = [f"Some {w}." for k in range(ENOUGH_NEAR)
                 for w in (MUSIC[k % ENOUGH], SHIPS[k % ENOUGH])]
    # the sentences that are left stand with music first, so the text's order is not the answer
    sentences += [s for ship, music in LEFT for s in (music, ship)]
    text = " ".join(sentences)
    with Session.open(tmp_path / "s") as session:
        one = session.add_document("a", "/a", "text", "0", "0", "x", text)
        at, spans = 0, []
        for s in sentences:
            spans.append((None, at, at + len(s)))
            at += len(s) + 1
        session.set_sentences(one.id, spans)
        for k, (_, start, end) in enumerate(spans[:2 * ENOUGH_NEAR]):
            found = admit(session, one, start, end, text[start:end])
            (session.confirm if k % 2 else session.refuse)(found.id)
    return tmp_path / "s"


def exact(text):
    return [json.loads(line)["exact"] for line in text.splitlines()]


@extra
def test_sentences_like_the_confirmed_ones_move_up(folder, model, no_network):
    """No word that is left was seen twice and none has a cue, so only similarity tells them."""
    with Session.open(folder) as session:
        plain = reading_order(session)
        order = reading_order(session, embeddings=read_embeddings(model))
        rows = [json.loads(x) for x in candidates_text(
            session, embeddings=read_embeddings(model)).splitlines()]
    assert all(c.similarity is None for c in plain)
    assert {c.sentence for c in plain[:2]} != {c.sentence for c in order[:2]}
    assert {r["exact"] for r in rows[:2]} == {ship for ship, _ in LEFT}
    assert order[0].probability > 0.5 > order[-1].probability
    # the vectors are equal or orthogonal: +1 and -1 standard deviation, so the factors are inverse
    assert order[0].similarity > 1
    assert order[0].similarity * order[-1].similarity == pytest.approx(1, rel=1e-9)
    assert "Similarity to your passages multiplies the odds by" in rows[0]["reason"]


@extra
def test_the_command_in_a_process_of_its_own(folder, model, tmp_path):
    """Code and settings in the folder are not read, and a model of the same form is enough."""
    (model / "config.json").write_text("not JSON")
    (model / "modeling.py").write_text("raise SystemExit(9)")
    done = detente("read", "candidates", "--session", folder, "--out", "c.jsonl", "--embeddings",
                   model, cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == b""
    text = (tmp_path / "c.jsonl").read_text()
    assert set(exact(text)[:2]) == {ship for ship, _ in LEFT} and "Similarity" in text


@extra
def test_without_enough_decisions_the_order_is_that_of_the_cues(tmp_path, model):
    with Session.open(tmp_path / "new") as session:
        one = session.add_document("a", "/a", "text", "0", "0", "x", "Some pier. Some harp.")
        session.set_sentences(one.id, [(None, 0, 10), (None, 11, 21)])
        assert reading_order(session, embeddings=read_embeddings(model)) == reading_order(session)


@extra
def test_vectors_have_length_one_and_unknown_words_none(model):
    found = read_embeddings(model).vectors(["Harbour pier", "harbour violin", "zzz", ""])
    half = np.sqrt(0.5)
    expected = [[1, 0, 0], [half, half, 0], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(found, expected, atol=1e-7)  # single precision
    assert read_embeddings(model).vectors([]).shape == (0, 3)


@extra
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("data", [b"", b"{}", b"\x80\x04cos\nsystem\n", b"\xff" * 100, None])
def test_a_spoilt_file_is_refused(model, name, data, no_network):
    if data is None:
        (model / name).unlink()
    else:
        (model / name).write_bytes(data)
    with pytest.raises(InputError, match=r"no file|not a static model"):
        read_embeddings(model)


@extra
@pytest.mark.parametrize("arrays", [
    {"embeddings": np.full((16, 2), np.nan)}, {"embeddings": np.ones((15, 2))},
    {"embeddings": np.ones(16)}, {"other": np.ones((16, 2))},
    {"embeddings": np.ones((3, 2)), "mapping": np.full(16, 3)},
    {"embeddings": np.ones((16, 2)), "weights": np.ones(2)}])
def test_arrays_without_a_vector_for_each_token_are_refused(model, arrays):
    from safetensors.numpy import save_file

    save_file(arrays, model / "model.safetensors")
    with pytest.raises(InputError, match="not a static model"):
        read_embeddings(model)


@extra
def test_a_mapping_and_weights_are_used(model):
    """Tokens share rows by the mapping: ships the first, all others the second, three times."""
    from safetensors.numpy import save_file

    ships = np.isin(np.arange(16), np.arange(2, 2 + len(SHIPS)))
    save_file({"embeddings": np.eye(2), "mapping": np.where(ships, 0, 1),
               "weights": np.where(ships, 1.0, 3.0)}, model / "model.safetensors")
    found = read_embeddings(model).vectors(["pier violin"])
    np.testing.assert_allclose(found, [[1 / np.sqrt(10), 3 / np.sqrt(10)]], rtol=1e-12)


@extra
def test_a_model_that_fails_on_a_sentence_says_no_word_of_it(model):
    made = json.loads((model / "tokenizer.json").read_text())
    made["model"]["unk_token"] = "[NONE]"
    (model / "tokenizer.json").write_text(json.dumps(made))
    with pytest.raises(InputError) as caught:
        read_embeddings(model).vectors(["secret"])
    assert "secret" not in str(caught.value)


def test_a_name_on_a_server_and_a_large_file_are_refused(tmp_path, monkeypatch, no_network):
    for name in ("minishlab/potion-base-8M", "https://example.org/model", tmp_path / "none"):
        with pytest.raises(InputError, match="no such folder"):
            read_embeddings(name)
    monkeypatch.setitem(FILES, "model.safetensors", 3)
    (tmp_path / "model.safetensors").write_bytes(b"1234")
    with pytest.raises(InputError, match="larger than"):
        read_embeddings(tmp_path)


def test_a_missing_extra_is_named_in_one_line(folder, tmp_path, monkeypatch, capsys):
    def absent(name):
        raise ModuleNotFoundError(name="model2vec")

    monkeypatch.setattr(needs, "import_module", absent)
    for name in FILES:
        (tmp_path / name).write_bytes(b"x")
    out = tmp_path / "c.jsonl"
    code = cli.main(["read", "candidates", "--session", str(folder), "--out", str(out),
                     "--embeddings", str(tmp_path)])
    said = capsys.readouterr().err
    assert code == 2 and "pip install -e '.[embeddings]'" in said and not Path(out).exists()


def test_the_column_against_its_definition():
    """Each mean is taken anew without the sentence."""
    draw = np.random.default_rng(8)
    X = draw.normal(size=(11, 6))
    X /= np.linalg.norm(X, axis=1)[:, None]
    y = np.array([1.0] * 6 + [0.0] * 5)

    def cosine(a, b):
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    raw = [cosine(X[k], X[(y == 1) & (np.arange(11) != k)].mean(axis=0))
           - cosine(X[k], X[(y == 0) & (np.arange(11) != k)].mean(axis=0)) for k in range(11)]
    old, new = nearness(X, y, X[:3])
    np.testing.assert_allclose(old, raw / np.sqrt(np.mean(np.square(raw))), rtol=1e-10)
    whole = [cosine(x, X[y == 1].mean(axis=0)) - cosine(x, X[y == 0].mean(axis=0)) for x in X[:3]]
    np.testing.assert_allclose(new, whole / np.sqrt(np.mean(np.square(raw))), rtol=1e-10)


def test_without_any_vector_the_column_is_zero():
    old, new = nearness(np.zeros((4, 2)), np.array([1.0, 1, 0, 0]), np.ones((2, 2)))
    assert not old.any() and not new.any()
