"""Requests and small files that would need more memory or time than there is get a message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from detente.cases import loads
from detente.errors import InputError, SizeError
from detente.game.explore import graph_of
from detente.lenses.graph_model.file import loads as graph
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of

HUGE = str(10**11)


def commands(case):
    """Every command and option that takes a number of samples, starts or threads."""
    yield ["sweep", case, "--out", "s.parquet", "--samples", HUGE]
    yield ["sweep", case, "--out", "s.parquet", "--workers", HUGE]
    yield ["compare", case, case, "--samples", HUGE]
    yield ["drivers", case, "--samples", HUGE]
    yield ["drivers", case, "--samples", str(2**40)]
    yield ["offramps", case, "--target", "0.1", "--samples", HUGE]
    yield ["offramps", case, "--target", "0.1", "--starts", HUGE]
    yield ["run", case, "--samples", HUGE]
    yield ["run", case, "--deliberate-samples", HUGE, "--samples", HUGE]
    yield ["run", case, "--starts", HUGE]
    yield ["run", case, "--indices", HUGE]
    yield ["run", case, "--indices", str(2**40)]


def test_every_command_states_its_limit(tmp_path):
    """One process runs all of them, so that Python starts once."""
    case = tmp_path / "small.yaml"
    case.write_text(text_of(SMALL))
    words = list(commands(str(case)))
    code = ("import json, sys\nfrom detente.cli import main\n"
            "for words in json.loads(sys.argv[1]):\n"
            "    print('##', main(words), file=sys.stderr, flush=True)")
    ended = subprocess.run([sys.executable, "-c", code, json.dumps(words)], cwd=tmp_path,
                           capture_output=True, text=True, timeout=600)
    told = [x.strip() for x in ended.stderr.split("## ")]
    assert ended.returncode == 0 and "Traceback" not in ended.stderr
    said = ended.stderr.split("\n")
    messages = [line for line in said if line.startswith("detente: ")]
    assert told[1:] and [x.split("\n")[0] for x in told[1:]] == ["2"] * len(words), ended.stderr
    assert len(messages) == len(words)
    for line, asked in zip(messages, words, strict=True):
        limit = any(word in line for word in ("expected", "range", "less than or equal to"))
        assert limit and "00" in line, (asked, line)
    assert sorted(os.listdir(tmp_path)) == ["small.yaml"]


def test_functions_state_their_limit():
    from detente.analysis.compare import compare
    from detente.analysis.indices import global_drivers
    from detente.analysis.offramps.find import offramps
    from detente.analysis.samples import draws
    from detente.analysis.settings import Settings
    from detente.game.compile import compile_scenario
    from detente.public import claims

    n = 10**11
    case = loads(text_of(SMALL))
    for work in (
        lambda: compare([case, case], samples=n), lambda: global_drivers(case, samples=2**40),
        lambda: offramps(case, "0.1", samples=n), lambda: Settings(samples=n),
        lambda: Settings(indices=n), lambda: Settings(deliberate_samples=n),
        lambda: Settings(starts=n), lambda: claims(case, samples=n),
        lambda: draws(compile_scenario(case), n, 1),
    ):
        with pytest.raises(InputError, match=r"expected .*1,000,000|expected .*100,000"):
            work()


def wide(shares):
    values = [round((k + 1) / 10_000, 4) for k in range(shares)]
    return loads(text_of(merged(SMALL, {"offers": {"shares": values},
                                         "turns": {"first": "aland", "each": 3}})))


def test_a_wide_menu_is_refused_before_its_states_are_made():
    """m offers lead to m states with m counter-offers each: m * m moves, at least."""
    from detente.mechanisms.rules import rules_of

    scenario = wide(1500)
    rules_of(scenario)
    began = time.process_time()
    with pytest.raises(SizeError, match="more than") as told:
        graph_of(scenario)
    assert "1,5" in told.value.message and told.value.field == "offers"
    assert time.process_time() - began < 30


def test_the_limit_of_moves_is_exact(monkeypatch):
    scenario = wide(4)
    edges = len(graph_of(wide(4)).to)
    monkeypatch.setattr("detente.game.explore.MOST_EDGES", edges)
    assert len(graph_of(scenario).to) == edges
    monkeypatch.setattr("detente.game.explore.MOST_EDGES", edges - 1)
    with pytest.raises(SizeError):
        graph_of(wide(4))


@pytest.mark.parametrize("word", ["not", "and", "or", "if", "iff", "then", "'true'", "Not", "IF"])
def test_no_option_has_the_name_of_a_keyword(word):
    text = ("graph: g\ntitle: G\ndecision_makers:\n"
            f"  a: {{options: {{{word}: Do}}, preferences: [go]}}\n"
            "  b: {options: {go: Go}, preferences: [go]}\n")
    with pytest.raises(InputError, match="statements use that word") as told:
        graph(text)
    assert (told.value.line, told.value.column) == (4, 17) and "choose another" in str(told.value)


def test_an_option_that_begins_like_a_keyword_is_allowed():
    case = graph("graph: g\ntitle: G\ndecision_makers:\n"
                 "  a: {options: {nothing: No, order: Yes}, preferences: [not nothing]}\n")
    assert len(case.model.states) == 4


def test_a_tab_that_indents_is_named():
    with pytest.raises(InputError, match="tabs may not indent YAML: use spaces") as told:
        loads("crisis: a\nactors:\n\taland: {role: principal}\n")
    assert told.value.line == 3


def test_a_long_tag_is_cut():
    with pytest.raises(InputError) as told:
        loads("a: !" + "x" * 50_000 + " 1\n")
    assert len(str(told.value)) < 1000
