"""`detente new` and `detente explain`, run as a user runs them."""

import json
import sys
from functools import cache
from pathlib import Path

import pytest

from detente.cases import load, shipped
from detente.cases.reference import entries
from detente.commands.explain import find, keys
from detente.errors import InputError
from detente.game.explore import graph_of
from detente.mechanisms import kinds, present
from detente.mechanisms import load as load_mechanism
from detente.scenario.paths import numbers
from tests.support.program import outputs

ROOT = Path(__file__).resolve().parents[1]


def detente(*words, folder):
    return outputs(*words, cwd=folder)


def test_a_new_crisis_passes_check_and_is_not_overwritten(tmp_path):
    made = detente("new", "my-crisis", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    file = tmp_path / "my-crisis.yaml"
    checked = detente("check", "my-crisis.yaml", folder=tmp_path)
    assert checked.returncode == 0 and "Warning" not in checked.stdout + checked.stderr
    file.write_text(file.read_text() + "# mine\n")
    again = detente("new", "my-crisis", "--json", folder=tmp_path)
    assert again.returncode == 2 and "exists already" in again.stderr
    assert file.read_text().endswith("# mine\n")


@pytest.mark.parametrize("name", ["", "../up", "Two Words", "a" * 61, "-x"])
def test_names_that_are_no_names_are_refused(tmp_path, name):
    done = detente("new", "--", name, folder=tmp_path)
    assert done.returncode == 2 and not list(tmp_path.iterdir())


def test_explain_as_a_user_asks(tmp_path):
    one = detente("explain", "war.win_chance", "--json", folder=tmp_path)
    assert json.loads(one.stdout)["meaning"] == entries()["war.win_chance"].meaning
    two = detente("explain", "audience", "cost", folder=tmp_path)
    assert two.returncode == 0 and "Fearon 1994" in two.stdout
    wrong = detente("explain", "war.winchance", folder=tmp_path)
    assert wrong.returncode == 2 and "war.win_chance" in wrong.stderr
    listed = json.loads(detente("explain", "--json", folder=tmp_path).stdout)
    assert set(listed) == {"crisis file", "events file", "mechanisms", "terms"}


@pytest.mark.parametrize(("asked", "key"), [
    ("events.learned", "events.learned"), ("learned", "events.learned"), ("follows", "follows"),
    ("readings.quiet.events.alert.move", "readings.*.events.*.move")])
def test_explain_knows_the_events_file(asked, key):
    entry = find(asked)
    assert (entry["key"], entry["kind"]) == (key, "events file") and entry["meaning"]


@pytest.mark.parametrize(("asked", "key"), [
    ("ultimatum", "offers.packages.ultimatum"), ("seen_by", "war.seen_by"),
    ("will_not", "actors.*.will_not"), ("issues", "stake.issues")])
def test_explain_knows_a_key_by_its_last_part(asked, key):
    assert find(asked)["key"] == key


def test_explain_names_the_nearest_key_of_the_events_file():
    with pytest.raises(InputError, match=r"did you mean 'events\.learned'"):
        find("events.lerned")


def test_explain_lists_the_forms_and_the_quantities_of_private(tmp_path):
    told = detente("explain", "actors.*.private", folder=tmp_path).stdout
    assert all(f"`{name}`" in told for name in ("war_cost", "stake_weight", "new_value"))
    forms = detente("explain", "actors.aland.private.war_cost", folder=tmp_path).stdout
    for form in ("{low, high, chance_high}", "{between, types}", "{triangular, types}",
                 "{beta, between, types}", "{values, prior}"):
        assert f"`{form}`:" in forms, forms
    assert max(map(len, forms.splitlines())) <= 80
    page = (ROOT / "docs" / "reference" / "crisis-file.md").read_text()
    assert "`{triangular, types}`" in page and "`new_value`" in page


@cache
def case_of(name):
    """Return a shipped case, read once."""
    return load(name)


@pytest.mark.parametrize("kind", kinds())
def test_a_mechanism_declares_every_private_quantity_that_it_reads(kind):
    """A file with every actor in every role: `reads` returns declared quantities only."""
    mechanism = load_mechanism(kind)
    read = set()
    for case in map(case_of, shipped()):
        for cls, spec, _ in present(case):
            if cls is mechanism:
                read |= {q for names in cls.reads(case, spec).values() for q in names}
    # A private weight of an issue is declared once for all issues.
    read = {"weight_of_<issue>" if q.startswith("weight_of_") else q for q in read}
    assert read <= set(mechanism.quantities)


@pytest.mark.parametrize("case", sorted(shipped()))
def test_every_outcome_of_a_shipped_case_can_be_explained(case):
    for outcome in graph_of(case_of(case)).outcomes:
        assert find(str(outcome))["meaning"], outcome


@pytest.mark.parametrize(("asked", "key"), [
    ("status quo", "status quo"), ("settlement", "settlement"), ("epsilon", "tremble"),
    ("aland concedes", "concession"), ("precision", "precision"), ("both closed", "divided"),
])
def test_explain_knows_other_names(asked, key, tmp_path):
    told = detente("explain", *asked.split(), "--json", folder=tmp_path)
    assert json.loads(told.stdout)["key"] == key


def test_a_key_that_is_also_a_term_gives_both():
    assert "attack" in find("war")["term"] and find("war")["keys"]


def test_everything_listed_can_be_explained():
    for names in keys().values():
        for name in names:
            found = find(name)
            assert found["meaning"] or found["keys"], name


@pytest.mark.parametrize("case", sorted(shipped()))
def test_every_number_of_a_shipped_case_has_an_entry(case):
    """The path that the report prints for a number leads to the reference."""
    scenario = load(case)
    ids = {m.id: m.kind for m in scenario.mechanisms}
    packages = {p.name.replace(" ", "_") for p in (scenario.offers.packages or [])
                } if scenario.offers else set()
    for path in numbers(scenario):
        parts = path.split(".")
        parts[0] = ids.get(parts[0], parts[0])
        if parts[0] == "offers" and parts[1] in packages:
            parts = ["offers", "packages", *parts[2:]]
        # Names of actors and parts of a private quantity lie below a documented key.
        known = [n for n in range(1, len(parts) + 1)
                 if any(_same(k, parts[:n]) for k in entries())]
        alone = len(parts) == 1 or parts[0] in ("delay_cost", "habits")
        assert known and max(known) >= (1 if alone else 2), path


def _same(key, parts):
    asked = key.split(".")
    return len(asked) == len(parts) and all(
        a in ("*", p) for a, p in zip(asked, parts, strict=True))


def test_the_committed_reference_pages_are_current():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import generate
    finally:
        sys.path.pop(0)
    for name, make in generate.PAGES.items():
        page = ROOT / "docs" / "reference" / f"{name}.md"
        assert page.read_text() == make(), f"{name}: run `python docs/generate.py`"


def test_a_file_of_a_similar_name_is_suggested(tmp_path):
    """`.yml` for `.yaml` is the usual slip; a shipped name is still nearer if it is nearer."""
    (tmp_path / "strait.yaml").write_text("crisis: strait")
    for word, near in (("strait.yml", "strait.yaml"), ("straits.yaml", "strait.yaml"),
                       ("cuba-192", "cuba-1962")):
        done = detente("check", word, folder=tmp_path)
        assert done.returncode == 2 and f"(did you mean '{near}'?)" in done.stderr, done.stderr
    away = detente("check", str(tmp_path / "strait.yml"), folder=tmp_path.parent)
    assert f"(did you mean '{tmp_path / 'strait.yaml'}'?)" in away.stderr
    assert "did you mean" not in detente("check", "nowhere/x.yaml", folder=tmp_path).stderr


@pytest.mark.parametrize("command", ["run", "claims"])
def test_more_deliberate_samples_than_samples_are_refused(tmp_path, command):
    """The deliberate model solves the first of the samples, so there cannot be more."""
    assert detente("new", "strait", folder=tmp_path).returncode == 0
    done = detente(command, "strait.yaml", "--samples", "4", "--deliberate-samples", "5",
                   folder=tmp_path)
    assert done.returncode == 2
    assert "--deliberate-samples is 5, but --samples is 4" in done.stderr
