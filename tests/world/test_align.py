"""``detente align`` as a user runs it, and its report and document."""

import json
import re
from dataclasses import replace
from importlib.resources import files

import pytest

from detente.world.align_document import document
from detente.world.align_report import report
from detente.world.align_study import study
from detente.world.alignment import poles_of
from detente.world.schemas import schemas
from detente.world.tiesfile import loads_ties
from tests.support.program import detente

HEAD = """
ties: small
title: Four states
sources: [{id: author, cite: Invented}]
sizes: share of spending
definitions:
  treaties: {says: A treaty or a closed border in force}
  conduct: {says: Trade and incidents}
actors:
  aland: {title: Aland, size: 0.4}
  bland: {title: Bland, size: 0.3}
  cland: {title: Cland, size: 0.2}
  dland: {title: Dland, size: 0.1}
"""
TIES = """
pairs:
- {between: [aland, bland], value: -0.9 to -0.5, counts: [treaties, conduct], because: Border}
- {between: [bland, dland], value: 0.8, counts: [treaties, conduct], because: Alliance}
- {between: [aland, cland], value: 0.4 to 0.6, counts: [treaties, conduct], because: Alliance}
- {between: [bland, cland], value: VALUE, counts: [conduct], because: Trade}
"""
SHOCK = """
shocks:
  embargo: {precision: 2, pull: 1, before: 0.4, during: -0.4, after: 0.2, because: Invented}
"""


def ties(value="0.1 to 0.3", shock=""):
    return HEAD + TIES.replace("VALUE", value) + shock


def run(folder, *words):
    """Return exit code, standard output and standard error."""
    done = detente("align", *words, cwd=folder, COLUMNS="80")
    return done.returncode, done.stdout.decode(), " ".join(done.stderr.decode().split())


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "small.ties.yaml"
    place.write_text(ties(shock=SHOCK))
    return place


def test_the_first_screen(file):
    code, out, _ = run(file.parent, file.name, "--remove", "Aland", "--html", "out.html")
    lines = out.splitlines()
    assert code == 0 and len(lines) <= 25
    assert max(len(x.rstrip()) for x in lines) <= 80
    said = " ".join(out.split())
    assert ("By every definition, in at least 75 % of draws: with Aland: Cland; with Bland: "
            "Dland.") in said
    # by treaties Cland has no other tie; by conduct it joins Bland when Aland is gone
    assert "Without Aland: Cland changes sides in 0 % / 100 %" in said
    assert "the shock cannot be undone" in said
    assert "over 38 wars" in said and "everyone with the majority" in said
    page = (file.parent / "out.html").read_text(encoding="utf-8")
    for text in ("Alignment in two blocs", "removed and put back", "Minima of the landscape",
                 "The shock and the way back", "leave at", "over 38 wars"):
        assert text in page


def test_definitions_that_disagree_give_no_headline():
    """By conduct Cland is drawn to Bland (0.3 x 0.9) more than to Aland (0.4 x 0.5)."""
    made = study(loads_ties(ties("0.9")), samples=16)
    assert made.disputed == ("cland",)
    assert made.headline.startswith("No headline") and "Cland" in made.headline
    told = document(made)
    assert told["headline"] is None and told["disputed"] == ["cland"]
    one = study(loads_ties(ties("0.9")), definition="conduct", samples=16)
    assert one.headline == (
        "In at least 75 % of draws: with Aland: no other; with Bland: Cland and Dland.")


@pytest.mark.parametrize(("high", "clear"), [(0.6, True), (0.7667, False), (0.9, False)])
def test_the_headline_lists_only_what_is_clear(high, clear):
    """By conduct Cland leaves Aland if 0.3 v > 0.4 x 0.5, so if v > 2/3 of the range 0.5 to high.

    Its shares with Aland are 1, .625 and .417.
    """
    text = ties(f"0.5 to {high}").replace("0.4 to 0.6", "0.5")
    made = study(loads_ties(text), definition="conduct", samples=256)
    share = min(1.0, (2 / 3 - 0.5) / (high - 0.5))
    held = made.alignments["conduct"].with_pole("cland", "aland").share
    assert held == pytest.approx(share, abs=1 / 64)  # Sobol' points are balanced to 1 in 256
    assert made.undecided == (() if clear else ("cland",))
    assert ("undecided: Cland" in made.headline) is not clear
    assert ("with Aland: Cland" in made.headline) is clear
    assert made.rule() in report(made).sections[0].notes and "75 %" in made.rule()
    assert document(made)["undecided"] == list(made.undecided)
    assert "cland" in study(loads_ties(text), definition="conduct", samples=2).undecided


def test_without_ranges_there_is_one_draw_and_no_interval():
    text = re.sub(r"value: (\S+) to \S+,", r"value: \1,", ties())
    assert study(loads_ties(text)).headline.startswith(
        "By every definition, at the values of the file: with Aland: Cland; with Bland: Dland.")


def test_one_clear_and_one_open_definition_are_undecided_and_not_disputed():
    """By treaties Cland is with Aland in every draw; by conduct in about half of them."""
    made = study(loads_ties(ties("0.5 to 0.8333").replace("0.4 to 0.6", "0.5")), samples=256)
    assert made.disputed == () and made.undecided == ("cland",)
    assert made.stands("treaties", "cland") == "aland" and made.stands("conduct", "cland") == ""


POLES = """
ties: a
title: A
sizes: share
definitions: {first: {says: War or pact}, second: {says: War}}
actors: {p: {size: 3}, q: {size: 2}, r: {}, s: {}}
pairs:
- {between: [p, q], value: -0.1, counts: [first, second], because: x}
- {between: [p, r], value: -0.9, counts: [first], because: x}
- {between: [q, r], value: -0.8, counts: [first, second], because: x}
- {between: [r, s], value: 0.5, counts: [first, second], because: x}
"""


def test_the_poles_stand_in_different_blocs():
    """P and Q are weak enemies that stand together against R, so Q names no bloc of its own."""
    made = study(loads_ties(POLES), definition="first")
    assert made.poles == ("p", "r") and made.undecided == ()
    assert made.headline == "At the values of the file: with p: q; with r: s."


def test_poles_together_by_one_definition_and_apart_by_another_are_disputed():
    """By the second definition the enemies p - q - r are in line, so P and R stand together."""
    made = study(loads_ties(POLES))
    assert made.between_poles("first") == "apart" and made.between_poles("second") == "both"
    assert set(made.disputed) >= {"p", "r"} and made.headline.startswith("No headline")


def test_an_enemy_of_both_poles_is_against_both():
    made = study(loads_ties(POLES), definition="second")
    poles = replace(made, poles=("p", "r"))
    assert poles.headline == "At the values of the file: p and r stand together; with both: s; " \
                             "against both: q."


def test_the_document_fits_its_schema(file):
    import jsonschema

    code, out, _ = run(file.parent, file.name, "--remove", "aland", "--json", "--samples", "8",
                       "--html", "page.html")
    assert code == 0 and "Aland removed and put back" in (file.parent / "page.html").read_text()
    told = json.loads(out)
    jsonschema.validate(told, schemas()["align.schema.json"])
    treaties, conduct = told["definitions"]
    shares = {a["name"]: a["poles"] for a in treaties["actors"]}
    assert told["poles"] == ["aland", "bland"]
    assert shares["cland"]["aland"]["share"] == 1 and shares["dland"]["bland"]["share"] == 1
    assert conduct["removal"]["any_moved"]["share"] == 1
    assert told["shocks"][0]["cases"]["left and stayed"]["share"] == 1  # 0.2 < h_c = 0.266
    assert told["record"]["force"]["wars"] == 38


def test_the_shipped_schemas_are_those_of_the_types():
    for name, schema in schemas().items():
        shipped = json.loads((files("detente.world") / name).read_text(encoding="utf-8"))
        assert shipped == json.loads(json.dumps(schema)), "run: python -m detente.world.schemas"


def test_a_file_with_shocks_only():
    made = study(loads_ties("ties: a\ntitle: A shock\n" + SHOCK), samples=16)
    first = report(made).brief
    assert "embargo: in 100 % [81 %, 100 %] of the draws" in first.lead
    assert document(made)["poles"] == [] and document(made)["headline"] is None


@pytest.mark.parametrize(("words", "said"), [
    (("--definition", "treatis"), "did you mean 'treaties'"),
    (("--remove", "alland"), "did you mean 'aland'"),
    (("--remove", ""), "expected one of aland, bland, cland, dland"),
    (("--samples", "0"), "--samples"),
    (("--html", "out.pdf", "--html", "small.ties.yaml"), "small.ties.yaml"),
])
def test_wrong_input(file, words, said):
    code, _, err = run(file.parent, file.name, *words)
    assert code == 2 and said in err


def test_a_file_that_is_no_ties_file(tmp_path):
    (tmp_path / "bad.ties.yaml").write_text(ties().replace("cland]", "clund]", 1))
    code, _, err = run(tmp_path, "bad.ties.yaml")
    assert code == 2 and "bad.ties.yaml:" in err and "did you mean 'cland'" in err
    code, _, err = run(tmp_path, "no-such")
    assert code == 2 and "no shipped case of that name has ties" in err


def test_states_of_the_data_have_their_capabilities_as_sizes(data):
    """With equal sizes the poles of 1938 were Russia and the United Kingdom, on one side.

    The two largest shares of 1938 (CINC) are those of the United States and the Soviet Union; the
    largest state hostile to the United States is Germany. The record of the method is counted with
    the same sizes.
    """
    from detente.world.tiesfile import read_ties, shipped_ties

    file = read_ties(shipped_ties()["world-1938"], data)
    ties = file.ties("force+rivalry")
    assert 0.9 < ties.sizes.sum() <= 1.0 + 1e-9  # shares of the world; some states have no tie
    assert poles_of(ties) == ("United States of America", "Germany")
    made = study(file, definition="force+rivalry", samples=1)
    found = made.alignments["force+rivalry"]
    assert found.aligned("United States of America", "Germany").tolist() == [0.0]


def test_a_state_that_equally_good_alignments_leave_open_is_not_said_to_stand_apart(tmp_path):
    """Two equal friends that are enemies: their friend may stand with either, so it is open."""
    file = tmp_path / "three.ties.yaml"
    file.write_text(
        "ties: three\ntitle: Three\ndefinitions: {t: {says: A treaty}}\n"
        "actors: {a: {}, b: {}, c: {}}\npairs:\n"
        "- {between: [a, b], value: -1, counts: [t], because: War}\n"
        "- {between: [a, c], value: 0.5, counts: [t], because: Pact}\n"
        "- {between: [b, c], value: 0.5, counts: [t], because: Pact}\n", encoding="utf-8")
    from tests.support.program import detente

    done = detente("align", str(file))
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0 and ["c", "open", "open"] in rows
