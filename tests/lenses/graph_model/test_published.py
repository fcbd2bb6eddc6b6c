"""Published conflicts, and one analysed before by another program."""

from __future__ import annotations

import pytest

from detente.lenses.graph_model import CONCEPTS, GraphModel, OptionForm, analyse, analyse_extended
from detente.lenses.graph_model.build import ranking_of
from detente.lenses.graph_model.canon import chicken, elmira, prisoners_dilemma
from detente.lenses.graph_model.coalitions import coalition_improvements


def _found(model):
    return {c: set(analyse(model).names(c)) for c in CONCEPTS}


def test_elmira_moves_are_those_of_the_published_graph():
    model = elmira()
    ministry = {1: [2], 3: [4], 5: [6], 7: [8]}
    uniroyal = {1: [3, 9], 2: [4, 9], 5: [7, 9], 6: [8, 9]} | {s: [9] for s in (3, 4, 7, 8)}
    local = {1: [5], 2: [6], 3: [7], 4: [8], 5: [1], 6: [2], 7: [3], 8: [4]}
    for i, table in enumerate((ministry, uniroyal, local)):
        for s in range(1, 10):
            assert [t + 1 for t in model.moves.of(i, s - 1).tolist()] == table.get(s, [])


def test_elmira_equilibria():
    # Kilgour & Hipel 2005
    first, second = {"s5", "s8", "s9"}, {"s1", "s4", "s5", "s8", "s9"}
    assert _found(elmira()) == {"Nash": first, "SEQ": first, "GMR": second, "SMR": second}


def test_elmira_ended_by_the_coalition_that_did_end_it():
    (only,) = coalition_improvements(elmira(), 4)
    assert [elmira().names[i] for i in only.members] == ["ministry", "uniroyal"]
    assert elmira().states[only.end] == "s8"


def test_prisoners_dilemma():
    both = {"CC", "DD"}
    assert _found(prisoners_dilemma()) == {"Nash": {"DD"}, "GMR": both, "SMR": both, "SEQ": both}


def test_chicken():
    sided = {"WS", "SW"}
    assert _found(chicken()) == {
        "Nash": sided,
        "SEQ": sided,
        "GMR": sided | {"WW"},
        "SMR": sided | {"WW"},
    }


@pytest.fixture(scope="module")
def garrison():
    """The Garrison Diversion Unit (Fraser & Hipel 1984): 4 parties, 9 options, 23 states.

    Option table, infeasible patterns and rankings as distributed with the open-source program
    gmcr-py, which also publishes its results for it.
    """
    form = OptionForm(
        {
            "support": ["full", "reduced", "appease"],
            "opposition": ["legal"],
            "canada": ["treaty"],
            "commission": ["all", "part", "lonetree", "suspend"],
        },
        infeasible=[
            "YY-------", "Y-Y------", "-YY------", "-----YY--", "-----Y-Y-", "-----Y--Y",
            "------YY-", "------Y-Y", "-------YY", "NNN------", "-----NNNN", "Y--N-----",
            "--YY-----", "Y---NN---", "-Y--N--Y-", "-Y--N---Y", "--Y-N--Y-", "--Y-N---Y",
        ],
    )  # fmt: skip
    rankings = [
        [3, 7, [1, 2], 4, [5, 6], 8, 9, 12, 11, 15, 10, 13, 14, 17, 16, 18, 19, 21, 20, 22, 23],
        [[21, 17, 13, 10, 6, 2], [23, 19], 15, 11, 8, 4, 22, 18, 14, 7, 3, 20, 16, 12, 9, 5, 1],
        [23, [20, 21], 19, [16, 17], 11, [9, 10], 15, [12, 13], 2, 4, 1, 8, [5, 6], 22, 18, 14,
         3, 7],
        [list(range(1, 24))],
    ]  # fmt: skip
    space = form.space()
    index = {str(k + 1): k for k in range(len(space.labels))}
    named = [[[str(s) for s in x] if isinstance(x, list) else str(x) for x in r] for r in rankings]
    return GraphModel(
        tuple(form.options),
        tuple(index),
        space.moves,
        tuple(ranking_of(r, index) for r in named),
    )


def test_garrison_agrees_with_another_program(garrison):
    assert garrison.size == 23
    nash = {2, 3, 11, 17, 18, 21, 22}
    general = nash | {4, 6, 8, 10, 13, 14, 15, 19}
    found = {c: {int(name) for name in names} for c, names in _found(garrison).items()}
    # gmcr-py, test_data/Garrison_logSol.txt: Nash, GMR, SEQ, SMR
    assert found == {"Nash": nash, "SEQ": nash, "GMR": general, "SMR": general}


def test_garrison_general_relation_agrees_with_fast_path(garrison):
    assert analyse_extended(garrison).sets() == analyse(garrison).sets()
