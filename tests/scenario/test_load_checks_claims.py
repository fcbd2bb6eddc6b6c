"""Loading checks claims, and reports everything that is wrong with a file at once."""


import pytest
from tests.support.program import outputs

from detente.cases import load, loads, shipped
from detente.errors import InputError, InputErrors

BROKEN = "value(aland, atack) > 0"
GOOD = "value(aland, attack) > best_other(aland, attack) after aland.mobilisation"


@pytest.fixture
def broken(tmp_path, strait):
    path = tmp_path / "strait.yaml"
    path.write_text(strait.replace(GOOD, BROKEN))
    return path


def test_a_broken_claim_is_refused_with_its_place(broken):
    lines = broken.read_text().splitlines()
    line = next(k for k, text in enumerate(lines, 1) if "holds_if" in text)
    column = lines[line - 1].index("aland, atack") + 1
    with pytest.raises(InputError) as caught:
        load(broken)
    wrong = caught.value
    assert (wrong.file, wrong.line, wrong.column) == (str(broken), line, column)
    assert wrong.field == "claims.must-strike.holds_if" and "atack" in wrong.message


def test_a_text_has_places_too(strait):
    with pytest.raises(InputError, match=r"^<text>:\d+:\d+: claims\.must-strike\.holds_if"):
        loads(strait.replace(GOOD, BROKEN))


@pytest.mark.parametrize("command", ["check", "run"])
def test_commands_exit_with_2(broken, command):
    done = outputs(command, str(broken))
    assert done.returncode == 2 and done.stdout == ""
    assert f"{broken}:" in done.stderr and "claims.must-strike.holds_if" in done.stderr
    assert "Traceback" not in done.stderr


def test_everything_wrong_is_said_at_once_in_the_order_of_the_file(strait):
    text = strait.replace("status_quo: 0.5", "status_quo: 1.5").replace("d, each: 2", "d, each: 9")
    with pytest.raises(InputErrors) as caught:
        loads(text.replace("title:", "tilte:"))
    fields = [error.field for error in caught.value.errors]
    assert fields == ["tilte", "stake.status_quo", "turns.each"]
    assert len(str(caught.value).splitlines()) == 3


def test_all_claims_are_checked(strait):
    second = "  - {id: other, says: Another., holds_if: P(wra) > 0.5}\n"
    with pytest.raises(InputErrors) as caught:
        loads(strait.replace(GOOD, BROKEN) + second)
    assert [error.field for error in caught.value.errors] == [
        "claims.must-strike.holds_if", "claims.other.holds_if",
    ]  # fmt: skip


def test_a_long_list_ends_with_how_many_more():
    many = InputErrors([InputError(str(k)) for k in range(25)])
    assert str(many).splitlines()[-2:] == ["19", "and 5 more"]


def test_what_is_computed_from_a_case_is_not_kept_by_a_changed_copy():
    crisis = load(shipped()["table-2026"])
    made = []
    for _ in range(2):
        crisis.once("here", lambda: made.append(1))
    assert len(made) == 1
    crisis.model_copy(update={"title": "Another"}).once("here", lambda: made.append(1))
    assert len(made) == 2
