"""``detente check``: the same content in words and in JSON; exit 2 and one line on bad input."""

import json

import pytest

from detente.cases import file_sha256, find, shipped
from detente.cli import main


@pytest.fixture
def file(tmp_path, strait):
    path = tmp_path / "strait.yaml"
    # One offer less keeps the exploration short.
    path.write_text(strait.replace("0.6], each: 2", "0.6], each: 1"))
    return path


def test_json_holds_the_content(file, capsys):
    assert main(["check", str(file), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["case"] == "strait-2031"
    assert content["file_sha256"] == file_sha256(file)
    actors = {a["name"]: a for a in content["actors"]}
    assert actors["aland"]["types"] == 2 and actors["aland"]["knows"][0]["types"] == 2
    assert actors["bland"]["types"] == 18  # nine costs of war, two needs of ratification
    assert [m["rung"] for m in content["moves"]] == [
        "talks", "ultimatum", "mobilisation", "limited strike",
    ]  # fmt: skip
    assert content["moves"][0]["moves"] == [
        "hold", "escalate to ultimatum", "offer", "accept", "yield", "attack",
    ]  # fmt: skip
    assert "escalate to war" not in str(content["moves"])
    assert {r["path"] for r in content["ranges"]} == {
        "delay_cost", "ladder.mobilisation.audience_cost.bland", "war.win_chance", "precision",
        *(f"habits.{kind}" for kind in ("escalate", "offer", "accept", "yield", "attack")),
    }  # fmt: skip
    assert content["size"]["nodes"] >= content["size"]["public_states"] > 100
    assert content["levers"] == ["mediator.face_saving", "war.first_strike"]


def test_words_hold_it_too(file, capsys):
    assert main(["check", str(file)]) == 0
    out = " ".join(capsys.readouterr().out.split())  # lines are folded at the terminal's width
    for words in (
        "The strait crisis (strait-2031)",
        "alone knows its war_cost (2 types: low, high)",
        "third party on bland's side",
        "limited strike hold, offer, accept, yield, attack",
        "public states unfold into",
        "times smaller",
    ):
        assert words in out


def test_leaving_out_what_multiplies_shrinks_the_tree_as_said(file, capsys, tmp_path, strait):
    """The factor of the mediator's step is the size with it over the size without."""
    main(["check", str(file), "--json"])
    size = json.loads(capsys.readouterr().out)["size"]
    lean = tmp_path / "lean.yaml"
    text = file.read_text().replace("offers: {shares: [0.45, 0.5, 0.55, 0.6], each: 1}\n", "")
    lean.write_text(text)
    main(["check", str(lean), "--json"])
    without = json.loads(capsys.readouterr().out)["size"]
    assert without["nodes"] < size["nodes"]
    offers = [row["times"] for row in size["multiplies"] if "offer" in row["what"]]
    # Each side's offers multiply by themselves; without both the tree shrinks more than that.
    assert offers and size["nodes"] / without["nodes"] >= max(offers) - 1e-9


def test_bad_input_is_one_line_and_exit_2(file, capsys):
    file.write_text(file.read_text().replace("status_quo", "status_qou"))
    assert main(["check", str(file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1 and "did you mean 'status_quo'" in captured.err


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_cases_are_found_by_name(name):
    assert find(name).is_file()


def test_a_misspelt_case_gets_the_nearest(capsys):
    names = sorted(shipped())
    assert names
    assert main(["check", names[0][:-1] + "x"]) == 2
    assert f"did you mean '{names[0]}'" in capsys.readouterr().err
