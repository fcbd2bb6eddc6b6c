"""The how-to page on types and ranges says what the loader does."""

import doctest
import json
import re
from pathlib import Path

from detente.cases import loads
from detente.scenario.yamlfile import parse_yaml

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "types-and-ranges.md"


def test_python_examples_run():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5 and failed == 0


def test_yaml_examples_load(strait):
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) >= 4
    whole = parse_yaml(strait).data
    for block in blocks:
        part = parse_yaml(block).data
        war = {**whole["war"], **part.get("war", {})}
        loads(json.dumps({**whole, **part, "war": war}))


def test_forms_of_a_prior_load(strait):
    forms = re.findall(r"^\| `(\{.*\})` \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(forms) == 5
    for form in forms:
        loads(strait.replace("{between: [0.1, 0.5]}", form))
