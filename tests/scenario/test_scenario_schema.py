"""The shipped JSON Schema: up to date, described throughout, and agreeing with the loader."""

import copy
import json
import random

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.cases import loads, shipped
from detente.cases.jsonschema import SHIPPED, text
from detente.errors import InputError
from detente.scenario.yamlfile import parse_yaml, read_yaml


@pytest.fixture(scope="module")
def schema():
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def test_the_shipped_schema_is_what_the_models_say():
    assert SHIPPED.read_text(encoding="utf-8") == text(), (
        "run python -m detente.cases.jsonschema"
    )


def test_the_schema_is_a_schema_and_describes_every_property(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    bare = []

    def walk(part, way):
        if isinstance(part, dict):
            for name, prop in part.get("properties", {}).items():
                if not prop.get("description"):
                    bare.append((*way, name))
            for key, below in part.items():
                walk(below, (*way, key))
        elif isinstance(part, list):
            for k, below in enumerate(part):
                walk(below, (*way, k))

    walk(schema, ())
    assert bare == []


def test_the_schema_accepts_the_example_and_refuses_a_misspelling(schema, strait):
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(parse_yaml(strait).data)
    for old, new in [
        ("no_deal", "no_dael"),
        ("d, each: 2", "d, each: 1 to 3"),
        ("status_quo: 0.5", "status_quo: 1.5"),
        ("- spoiler", "- spolier"),
        ("risk: 0.01", "rsik: 0.01"),
        ("wrecks: 0.6", "wrekcs: 0.6"),
        ("chance_high", "chance_hihg"),
    ]:
        assert not validator.is_valid(parse_yaml(strait.replace(old, new, 1)).data), new


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_schema_accepts_the_shipped_cases(schema, name):
    path = shipped()[name]
    jsonschema.Draft202012Validator(schema).validate(read_yaml(path).data)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.split("=", 1)[1]).resolve() == SHIPPED.resolve()


# Whatever happens to a file, its reader sees data or one error -----------------------------------

WORDS = [
    "", "~", "x", "aland", "war", "0.5", "-1", "1e400", ".nan", "0.2 to 0.6", "0.6 to 0.2", "true",
    "[]", "{}", "[1, 2]", "{low: 0, high: 1}", "{aland: 1}", "{value: }", "*a", "&a", "!!str x",
    "'", '"', ": ", "- ", "\n", "\t", "#", "?", "|", ">", "%", "\x00", "é",
    "{values: [1], prior: [1]}", "9999999999999999999999",
]  # fmt: skip


def mutate(text: str, seed: int, count: int) -> str:
    """Replace, delete, repeat or move words and lines at random."""
    rng = random.Random(seed)
    for _ in range(count):
        lines = text.split("\n")
        k = rng.randrange(len(lines))
        kind = rng.randrange(6)
        if kind == 0:
            del lines[k]
        elif kind == 1:
            lines.insert(k, lines[rng.randrange(len(lines))])
        elif kind == 2:
            lines[k] = " " * rng.randrange(5) + lines[k].lstrip()
        else:
            words = lines[k].split(" ")
            j = rng.randrange(len(words))
            words[j] = rng.choice(WORDS) + (":" if kind == 3 and words[j].endswith(":") else "")
            lines[k] = " ".join(words)
        text = "\n".join(lines) or " "
    return text


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 4))
def test_a_mutated_file_loads_or_gives_one_input_error(strait, seed, count):
    try:
        loads(mutate(strait, seed, count), file="f.yaml")
    except InputError as error:
        for one in getattr(error, "errors", [error]):
            assert "\n" not in str(one)
            assert one.message and one.file == "f.yaml"


VALUES = [
    None, True, 0, -1, 2, 0.5, 1e308, "x", "aland", "union", "war", "talks", "essay", "0.2 to 0.6",
    "0.6 to 0.2", [], {}, [0.5], [2], ["x"], {"low": 0.1, "high": 0.2}, {"aland": 0.1}, {"x": 1},
    {"value": 0.5, "because": 3}, {"between": [0, 1]}, {"values": [1, 2], "prior": [0.5, 0.5]}, "",
]  # fmt: skip


def places(value, way=()):
    yield way
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in inside:
            yield from places(below, (*way, key))


def disturb(data, draw):
    """Change one value, key or item of plain data."""
    if not data:
        return
    *way, last = draw(st.sampled_from([p for p in places(data) if p]))
    parent = data
    for part in way:
        parent = parent[part]
    kind = draw(st.sampled_from(["value", "delete", "rename", "add"]))
    if kind == "value":
        parent[last] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    elif kind == "delete":
        del parent[last]
    elif isinstance(parent, list):
        parent.insert(last, copy.deepcopy(draw(st.sampled_from([*VALUES, *parent]))))
    elif kind == "rename":
        parent[draw(st.sampled_from([f"{last}x", "low", "id", "aland", "war"]))] = parent.pop(last)
    else:
        parent[draw(st.sampled_from(["x", "id", "low", "source"]))] = 1


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), count=st.integers(1, 3))
def test_disturbed_data_loads_or_gives_one_input_error(strait, data, count):
    crisis = parse_yaml(strait).data
    for _ in range(count):
        disturb(crisis, data.draw)
    try:
        loads(json.dumps(crisis), file="f.yaml")  # JSON is YAML
    except InputError as error:
        assert all("\n" not in str(x) for x in getattr(error, "errors", [error]))
        assert error.line == 1 and (error.column or 0) >= 1
