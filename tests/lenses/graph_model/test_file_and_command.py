"""Files, their errors by line and column, the command, the report and the interactive session."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from detente.cli import main
from detente.errors import InputError
from detente.lenses.graph_model import analyse
from detente.lenses.graph_model.elicit import elicit
from detente.lenses.graph_model.file import load, loads
from detente.lenses.graph_model.sections import report, sections
from detente.lenses.graph_model.study import study
from tests.support.program import outputs

ELMIRA = """\
graph: elmira-1991
title: Groundwater in Elmira
decision_makers:
  ministry:
    name: Ministry of the Environment
    options: {modify: Modify the order}
    ranking: [s7, s3, s4, s8, s5, s1, s2, s6, s9]
  uniroyal:
    options: {delay: Delay, accept: Accept, abandon: Abandon the site}
    ranking: [s1, s4, s8, s5, s9, s3, s7, s2, s6]
  local:
    options: {insist: Insist on the order}
    ranking: [s7, s3, s5, s1, s8, s6, s4, s2, s9]
infeasible:
  - delay and accept
  - abandon and (delay or accept)
  - "-NNN-"
irreversible: [modify, abandon, {option: delay, once: withdrawn}]
merged: {s9: abandon}
states:
  s1: N|YNN|N
  s2: Y|YNN|N
  s3: N|NYN|N
  s4: Y|NYN|N
  s5: N|YNN|Y
  s6: Y|YNN|Y
  s7: N|NYN|Y
  s8: Y|NYN|Y
status_quo: s1
"""

DILEMMA = """\
graph: dilemma
title: Prisoner's dilemma
states: [CC, CD, DC, DD]
moves:
  row: [[CC, DC], [DC, CC], [CD, DD], [DD, CD]]
  column: [[CC, CD], [CD, CC], [DC, DD], [DD, DC]]
decision_makers:
  row: {ranking: [DC, CC, DD, CD]}
  column: {ranking: [CD, CC, DD, DC]}
"""


def test_elmira_from_a_file():
    case = loads(ELMIRA)
    found = analyse(case.model)
    assert found.names("SEQ") == ["s5", "s8", "s9"]
    assert found.names("GMR") == ["s1", "s4", "s5", "s8", "s9"]
    assert case.describe(0) == "Delay" and case.describe(8) == "s9"


def test_states_and_moves_without_options():
    found = analyse(loads(DILEMMA).model)
    assert found.names("Nash") == ["DD"] and found.names("SMR") == ["CC", "DD"]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "says"),
    [
        ("[s7, s3, s4, s8", "[s77, s3, s4, s8", 7, 15, "no state 's77'"),
        ("s6, s9]", "s6]", 7, 14, "omits s9"),
        ("delay and accept", "delay and acept", 15, 5, "'accept'"),
        ("delay and accept", "delay and", 15, 5, "cannot be read at its end"),
        ("[modify, abandon,", "[modfy, abandon,", 18, 16, "'modify'"),
        ("once: withdrawn", "once: gone", 18, 55, "unknown 'gone'"),
        ("s1: N|YNN|N", "s1: -|YNN|N", 21, 7, "describes 2 states"),
        ("merged: {s9: abandon}", "merged: {s9: abandon and delay}", 19, 14, "no combination"),
        ("status_quo: s1", "status_quo: s11", 29, 13, "no state 's11'"),
        ("title: Ground", "titel: Ground", 2, 1, "title"),
        ("    ranking: [s7, s3, s4, s8, s5, s1, s2, s6, s9]\n", "", 5, 5, "has no preferences"),
    ],
)
def test_errors_say_where_and_what(old, new, line, column, says, tmp_path):
    path = tmp_path / "bad.graph.yaml"
    assert old in ELMIRA
    path.write_text(ELMIRA.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        load(path)
    assert says in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column), str(caught.value)
    assert caught.value.file == str(path)


def test_bad_files_exit_2_without_a_traceback(tmp_path, capsys):
    path = tmp_path / "bad.yaml"
    path.write_text(ELMIRA.replace("delay and accept", "delay & & accept"))
    assert main(["graph", str(path)]) == 2
    said = capsys.readouterr()
    assert "bad.yaml:15:5" in said.err and "Traceback" not in said.err and not said.out
    assert main(["graph", "no-such-thing"]) == 2
    assert main(["graph"]) == 2


def test_json_is_one_document(tmp_path, capsys):
    path = tmp_path / "elmira.yaml"
    path.write_text(ELMIRA)
    assert main(["graph", str(path), "--json", "--want", "s7"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["equilibria"]["Nash"] == ["s5", "s8", "s9"]
    assert found["inverse"]["wanted"] == "s7"
    assert {"coalition": ["ministry", "uniroyal"], "from": "s5", "to": "s8"}.items() <= (
        next(c for c in found["coalition_improvements"] if c["from"] == "s5").items()
    )
    assert len(found["states"]) == 9 and len(found["file_sha256"]) == 64


def test_report_is_whole_and_safe(tmp_path):
    hostile = ELMIRA.replace("Modify the order", "'<script>alert(1)</script>'")
    page = report(study(loads(hostile))).to_html()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "http-equiv" in page and "src=" not in page.split("</head>")[1]


def test_every_table_names_the_model():
    for section in sections(study(loads(ELMIRA), wanted=6)):
        assert "graph model" in section.title.lower() + " ".join(t.title for t in section.tables)


def _shipped():
    folder = Path(str(resources.files("detente"))) / "cases"
    return sorted(folder.glob("*/*.graph.yaml"))


@pytest.mark.parametrize("path", _shipped(), ids=lambda p: p.name)
def test_shipped_models_are_complete(path):
    case = load(path)
    known = {s.id for s in case.file.sources}
    for entry in case.file.decision_makers.values():
        for said in entry.preferences or ():
            assert said.reason and said.source in known, said.says
    assert case.model.status_quo is not None
    assert study(case).equilibria()


def test_two_crises_are_shipped():
    assert [p.name for p in _shipped()] == ["caucasus-2025.graph.yaml", "cuba-1962.graph.yaml"]


def test_cuba_is_left_only_together():
    """The known end: withdrawal against a pledge, which neither could bring about alone."""
    found = study(load(_shipped()[1]), robust=False)
    model = found.case.model
    settled = model.state("full_settlement")
    assert settled in found.main.equilibria("SEQ")
    verdict = {e.state: e.verdict for e in found.evolution}
    assert verdict[settled] == "needs a step back"
    assert any(c.start == model.status_quo and c.end == settled for c in found.improvements)


def test_unknown_and_strong_preferences_in_a_file():
    text = """\
graph: two
title: Two
decision_makers:
  a:
    options: {x: X}
    preferences: [{says: y, strong: true}, {says: not x, unknown: true}]
  b: {options: {y: Y}, ranking: [N|Y, ">>", [Y|Y, N|N], Y|N], unknown: [[N|N, Y|N]]}
"""
    found = study(loads(text))
    assert [a.variant for a in found.analyses] == [
        *(f"unknown {r}" for r in "abcd"),
        *(f"strong unknown {r}" for r in "abcd"),
    ]
    a = found.analyses[0]
    # under reading a, x being of unknown worth tempts a away from everywhere
    assert not a.stable["Nash"][0].any() and found.analyses[1].stable["Nash"][0].all()


def test_the_session_writes_a_file_that_loads(tmp_path):
    answers = iter([
        "Two cars", "Who gives way?",
        "one", "First", "go", "Drive on", "",
        "two", "", "on", "Drive on", "go", "",
        "",
        "go und on", "",
        "",
        "NN",
        "not (go and on)", "safety", "not onn", "not on", "", "go", "", "",
        "not (go and on)", "", "not go", "", "on", "", "",
    ])  # fmt: skip
    said: list[str] = []
    path = tmp_path / "cars.graph.yaml"
    _, text = elicit(path, ask=lambda _: next(answers), say=said.append)
    path.write_text(text)
    case = load(path)
    assert analyse(case.model).names("Nash") == ["Y|N", "N|Y"]
    assert case.file.question == "Who gives way?"
    assert any("cannot be read" in s for s in said) and any("did you mean 'on'" in s for s in said)
    done = outputs("graph", "--new", str(path))
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert path.read_text() == text


def test_importing_the_command_is_light():
    code = (
        "import sys, detente.commands.graph, detente.commands.bargain;"
        "print([m for m in ('numpy', 'numba', 'lark', 'pandas', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_states_may_be_numbers_and_statements_option_numbers():
    text = "graph: a\ntitle: b\nstates: [1, 2]\nmoves: {x: [[1, 2]]}\n"
    assert loads(text + "decision_makers: {x: {ranking: [2, 1]}}\n").model.states == ("1", "2")
    numbered = "graph: a\ntitle: b\ndecision_makers: {x: {options: {go: Go}, preferences: [1]}}\n"
    assert analyse(loads(numbered).model).names("Nash") == ["Y"]
