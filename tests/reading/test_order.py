"""The reading order: cues with reasons, the analyst's choices, flags last; the gazetteer."""

from __future__ import annotations

import re

import numpy as np
import pytest

from detente.reading.actors import gazetteer
from detente.reading.flags import flags_at, flags_of
from detente.reading.gate import admit
from detente.reading.logistic import fit, probability
from detente.reading.order import ENOUGH, KINDS, cues_of, reading_order, reason
from detente.reading.patterns import patterns, table
from detente.reading.store import Session


@pytest.mark.parametrize("text, kind", [
    ("They must leave first.", "demand"), ("We answer with sanctions.", "threat"),
    ("It will end in autumn.", "prediction"), ("Talks are cheaper than delay.", "comparison"),
    ("It failed because nobody paid.", "cause"), ("A settlement exists.", "bargain"),
    ("Ankara said so.", "actor")])
def test_each_cue_has_its_reason(text, kind):
    cues = cues_of(text, gazetteer().actors(text))
    assert kind in cues and set(cues) <= set(KINDS)
    assert reason(cues) and reason([]) == "No cue."


def test_cues_and_flags_are_lists_of_patterns_that_compile():
    for name in ("cues.yaml", "flags.yaml"):
        assert set(patterns(name)) == set(table(name))
    assert set(table("cues.yaml")) == set(KINDS) - {"actor"}


def test_the_gazetteer_has_no_name_twice_in_an_entry_and_no_empty_name():
    from detente.reading.actors import _known

    for key, one in _known().items():
        assert re.fullmatch(r"[a-z_]+", key) and len(set(one.names)) == len(one.names)
        assert one.title in one.names and all(n == n.strip() and n for n in one.names)


def test_metonyms_and_the_actors_of_a_case():
    known = gazetteer()
    assert known.actors("The White House and the Kremlin met in U.S. waters, US-led.") == (
        "united_states", "russia")
    assert known.actors("muscovy, us, polish, a Turkeyman") == ()
    case = gazetteer({"ussr": "Soviet Union", "fleet": "The Fleet"})
    assert case.actors("Moscow warned The Fleet.") == ("ussr", "fleet")
    assert case.titles["fleet"] == "The Fleet" and case.actors("Russian") == ("russia",)


@pytest.fixture
def session(tmp_path):
    with Session.open(tmp_path / "s") as made:
        yield made


def add(session, sentences):
    text = " ".join(sentences)
    one = session.add_document("a", f"/{len(session.documents())}", "text", "0", "0", "x", text)
    at, spans = 0, []
    for s in sentences:
        spans.append((None, at, at + len(s)))
        at += len(s) + 1
    session.set_sentences(one.id, spans)
    return one


def words(session, candidates):
    texts = {d.id: d.text for d in session.documents()}
    return [texts[c.document][c.start:c.end] for c in candidates]


def test_the_order_without_labels(session):
    one = add(session, ["Good morning.", "They are vermin and must go.", "It will rain.",
                        "Moscow must leave because talks cost less than war."])
    order = reading_order(session)
    assert [c.sentence for c in order] == [4, 3, 1, 2]
    assert order[-1].flags == ("dehumanising",) and order[0].probability is None
    session.refuse(admit(session, one, order[0].start, order[0].end,
                         one.text[order[0].start:order[0].end]).id)
    assert [c.sentence for c in reading_order(session)] == [3, 1, 2]


def test_a_long_text_is_ordered_in_linear_time(tmp_path):
    """The limit is ten times the usual time; a search of the whole text per sentence exceeds it."""
    import time

    from detente.reading.ingest import read_into

    place = tmp_path / "a.txt"
    place.write_text("\n\n".join(f"Sentence {k} says that talks will fail. So it goes on."
                                 for k in range(4000)))
    with Session.open(tmp_path / "s") as session:
        began = time.process_time()
        read_into(session, place)
        assert len(reading_order(session)) == 8000
        assert time.process_time() - began < 15


def test_the_order_follows_what_the_analyst_confirmed(session):
    """Cues are equal, and the analyst confirms one subject only: it comes first."""
    subject = [f"The harbour will matter in year {k}." for k in range(12)]
    other = [f"The orchestra will tour in year {k}." for k in range(12)]
    one = add(session, [x for pair in zip(other, subject, strict=True) for x in pair])
    for k, c in enumerate(reading_order(session)[:2 * ENOUGH + 2]):
        text = one.text[c.start:c.end]
        found = admit(session, one, c.start, c.end, text)
        if "harbour" in text:
            session.confirm(found.id)
        else:
            session.refuse(found.id)
        after = reading_order(session)
        assert (after[0].probability is None) == (k + 1 < 2 * ENOUGH)
    left = words(session, after)
    assert all("harbour" in x for x in left[:6]) and all("orchestra" in x for x in left[6:])
    assert after[0].probability > 0.5 > after[-1].probability


def test_logistic_regression_against_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model")
    draw = np.random.default_rng(4)
    for n, k, penalty in ((30, 4, 1.0), (80, 20, 0.3), (15, 40, 2.0)):
        X = draw.normal(size=(n, k))
        y = (draw.random(n) < 1 / (1 + np.exp(-X[:, 0]))).astype(float)
        peer = linear.LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10_000).fit(X, y)
        ours = fit(X, y, penalty=penalty)
        # Both stop at a gradient near 1e-9, and the curvature is at least the penalty.
        assert np.allclose(ours[1:], peer.coef_[0], atol=1e-4)
        assert np.allclose(ours[0], peer.intercept_[0], atol=1e-4)
        assert np.allclose(probability(X, ours), peer.predict_proba(X)[:, 1], atol=1e-4)


def test_the_prior_is_the_limit_of_a_large_penalty_and_the_gradient_vanishes():
    draw = np.random.default_rng(5)
    X, y = draw.normal(size=(40, 3)), (draw.random(40) < 0.4).astype(float)
    mean = np.array([0.5, -1.0, 0.0])
    assert np.allclose(fit(X, y, penalty=1e8, prior=mean)[1:], mean, atol=1e-5)
    w = fit(X, y, penalty=0.7, prior=mean)
    miss = probability(X, w) - y
    assert abs(miss.sum()) < 1e-4  # the intercept has no prior
    assert np.allclose(X.T @ miss + 0.7 * (w[1:] - mean), 0, atol=1e-4)


@pytest.mark.parametrize("text, flag", [
    ("Those people are parasites.", "dehumanising"), ("They deserve to die.", "incitement"),
    ("Strike the hospital.", "targets"), ("All of them are scum.", "hate")])
def test_flags(text, flag):
    assert flag in flags_of(text)


def test_a_passage_cannot_be_cut_out_of_its_flag():
    text = "The pact holds. They are vermin. A treaty follows.\n\n" + "Calm words. " * 200
    turns = [(0, 50), (52, len(text))]
    assert flags_at(text, 0, 15, turns) == ("dehumanising",)
    assert flags_at(text, 60, 80, turns) == ()
    assert flags_at(text, 0, 15, [(0, len(text))]) == ("dehumanising",)  # by its paragraph
