"""Each way of getting a crisis file wrong gives one message that says where and what is right.

In a replacement, ``@@`` marks the place that the message must name; it is cut out before the text
is read, so line and column come from the text and not from the reader under test.
"""

import pytest

from detente.cases import load, loads
from detente.errors import InputError

MARK = "@@"


def error_of(text: str) -> tuple[InputError, tuple[int, int]]:
    assert text.count(MARK) == 1
    before = text[: text.index(MARK)]
    place = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    with pytest.raises(InputError) as caught:
        loads(text.replace(MARK, ""), file="f.yaml")
    return caught.value, place


# old text, new text with the mark, field, word of the message, expected, nearest
MISTAKES = [
    # unknown and duplicate keys
    ("no_deal:", "@@no_dael:", "no_dael", "unknown key 'no_dael'", None, "no_deal"),
    ("status_quo", "@@status_qou", "stake.status_qou", "unknown key", "status_quo", "status_quo"),
    ("first_strike: 0.05", "@@first_stirke: 0.05", "war.first_stirke", "unknown key",
     "first_strike", "first_strike"),
    ("risk: 0.01", "@@rsik: 0.01", "ladder.mobilisation.rsik", "unknown key", "risk", "risk"),
    ("attention", "@@atention", "mechanisms.mediator.atention", "unknown key", None, "attention"),
    ("because:", "@@becuase:", "ladder.mobilisation.sunk_cost.becuase", "unknown key", "a number",
     "because"),
    ("chance_high", "@@chance_hihg", "actors.aland.private.war_cost.chance_hihg", "unknown key",
     "chance_high", "chance_high"),
    ("- mediator:", "- @@mediater:", "mechanisms.mediater", "unknown mechanism", "mediator",
     "mediator"),
    ("title: The strait crisis\n", "title: The strait crisis\n@@title: Again\n", "title",
     "appears twice", "line 2", None),
    ("risk: 0.01", "risk: 0.01\n      @@risk: 0.02", "risk", "appears twice", None, None),
    ("title: The strait crisis\n", "title: The strait crisis\nhabits: @@evn\n", "habits",
     "'evn' is not a set of habits", "a mapping of kinds to weights", "even"),
    ("title: The strait crisis\n", "title: The strait crisis\nhabits: @@[5]\n", "habits",
     "a list is not a set of habits", "even", None),
    # references
    ("of: bland", "of: @@blnad", "mechanisms.ratification.of", "no ", None, "bland"),
    ("actor: union", "actor: @@unoin", "mechanisms.mediator.actor", "there is no actor 'unoin'",
     "union", "union"),
    ("sides_with: bland", "sides_with: @@blend", "actors.cland.sides_with", "no principal",
     "bland", "bland"),
    ("strait, first: aland", "strait, first: @@union", "stake.first", "'union' is not a principal",
     "aland, bland", None),
    ("turns: {first: aland", "turns: {first: @@alnad", "turns.first", "no principal", None,
     "aland"),
    ("rung: talks", "rung: @@talk", "start.rung", "there is no rung 'talk'", None, "talks"),
    ("rung: talks", "rung: {aland: talks, bland: @@ultimatun}", "start.rung.bland", "no rung",
     None, "ultimatum"),
    ("bland: 0.05 to 0.15", "blnd: @@0.05 to 0.15", "ladder.mobilisation.audience_cost.blnd",
     "no actor", None, "bland"),
    ("source: essay}", "source: @@esay}", "ladder.mobilisation.sunk_cost.source", "no source",
     "essay", "essay"),
    ("source: essay\n", "source: @@esay\n", "claims.must-strike.source", "no source", None,
     "essay"),
    # names that are the library's own
    ("claims:\n", "rates: [icb-war, @@icb-wra]\nclaims:\n", "rates[1]", "no rate 'icb-wra'",
     "data rates --list", "icb-war"),
    ("source: essay\n", "source: essay\n    rate: @@mid-wars\n", "claims.must-strike.rate",
     "no rate", "data rates --list", "mid-war"),
    ("source: essay\n", "source: essay\n    model: @@kydd-walter-2020\n",
     "claims.must-strike.model", "no model", "detente models", "kydd-walter-2002"),
    ("source: essay\n", "source: essay\n    model: schultz-2001\n    proposition: @@shot-or-lose\n",
     "claims.must-strike.proposition", "no proposition", None, "shoot-or-lose"),
    ("source: essay\n",
     "source: essay\n    model: schultz-2001\n    proposition: @@spoilers-succeed\n",
     "claims.must-strike.proposition", "is about kydd-walter-2002", "shoot-or-lose", None),
    ("source: essay\n", "source: essay\n    model: kydd-walter-2002\n    set: {@@tt: 0.4}\n",
     "claims.must-strike.set.tt", "no parameter 'tt'", "one of t, s", "t"),
    ("source: essay\n", "source: essay\n    model: kydd-walter-2002\n    @@set: {t: 1.4}\n",
     "claims.must-strike.set", "outside the model's domain", "t", None),
    ("source: essay\n", "source: essay\n    @@proposition: shoot-or-lose\n",
     "claims.must-strike.proposition", "without a model", "a model", None),
    # numbers out of bounds, and what is no number
    ("status_quo: 0.5", "status_quo: @@1.5", "stake.status_quo", "1.5 is out of bounds",
     "between 0 and 1", None),
    ("risk: 0.08", "risk: @@0.9 to 1.1", "ladder.limited strike.risk", "1.1", "between 0 and 1",
     None),
    ("chance_high: 0.5", "chance_high: @@-0.5", "actors.aland.private.war_cost.chance_high",
     "-0.5", "between 0 and 1", None),
    ("wrecks: 0.6", "wrecks: {low: 0.5, high: @@1.6}", "mechanisms.spoiler.wrecks.high", "1.6",
     "between 0 and 1", None),
    ("no_deal: {cost: 0.02}", "no_deal: {cost: @@-0.02}", "no_deal.cost", "-0.02", "at least 0",
     None),
    ("shares: [0.45", "shares: [@@1.45", "offers.shares[0]", "1.45", "at most 1", None),
    ("win_chance: 0.55 to 0.70", "win_chance: @@.nan", "war.win_chance", "not finite", None, None),
    ("win_chance: 0.55 to 0.70", "win_chance: @@true", "war.win_chance", "true is not a number",
     None, None),
    ("win_chance: 0.55 to 0.70", "win_chance: @@half", "war.win_chance", "'half'", "a number",
     None),
    ("win_chance: 0.55 to 0.70", "win_chance: @@[0.5]", "war.win_chance", "a list is not a number",
     None, None),
    ("0.01 to 0.03", "@@0.03 to 0.01", "delay_cost", "does not rise", None, None),
    ("0.01 to 0.03", "{low: 0.01, @@hihg: 0.03}", "delay_cost.hihg", "'hihg'", "{low, high}",
     "high"),
    ("0.01 to 0.03", "{low: 0.01, mode: @@0.05, high: 0.03}", "delay_cost.mode", "mode 0.05",
     None, None),
    ("win_chance: 0.55 to 0.70", "win_chance: @@0.55 to 0.97", "war.win_chance", "becomes 1.02",
     "between 0 and 1", None),
    # types and priors
    ("prior: [0.6, 0.4]", "prior: @@[0.6, 0.5]", "mechanisms.ratification.share_needed.prior",
     "sums to 1.1", "a sum of 1", None),
    ("prior: [0.6, 0.4]", "prior: @@[1.0]", "mechanisms.ratification.share_needed.prior",
     "1 probabilities for 2 values", None, None),
    ("{between: [0.1, 0.5]}", "@@0.1 to 0.5", "actors.bland.private.war_cost",
     "not a prior over types", "{between}", None),
    ("{between: [0.1, 0.5]}", "@@{betwen: [0.1, 0.5]}", "actors.bland.private.war_cost",
     "none of the forms", None, "between"),
    ("between: [0.1, 0.5]", "between: [0.6, @@0.5]", "actors.bland.private.war_cost.between[1]",
     "not below", None, None),
    ("between: [0.1, 0.5]", "between: [0.1, 0.5], types: @@99",
     "actors.bland.private.war_cost.types", "99", "at most 64", None),
    # structure
    ("d, each: 2", "d, each: @@1 to 3", "turns.each", "range, but this is structure",
     "whole number", None),
    ("d, each: 2", "d, each: @@{low: 1, high: 3}", "turns.each", "a range, but this is structure",
     "whole number", None),
    ("[0.1, 0.5]", "[0.1, 0.5], types: @@4 to 9", "actors.bland.private.war_cost.types",
     "structure", None, None),
    ("[0.45, 0.5", "[0.45, @@0.5 to 0.52", "offers.shares[1]", "structure", None, None),
    ("proposes: 0.55", "proposes: @@0.5 to 0.6", "mechanisms.mediator.proposes", "structure",
     None, None),
    ("d, each: 2", "d, each: @@9", "turns.each", "9 is out of bounds", "at most 6", None),
    ("d, each: 2", "d, each: @@three", "turns.each", "'three' is not a whole number", None, None),
    ("role: mediator", "role: @@mediater", "actors.union.role", "unknown 'mediater'", None,
     "mediator"),
    ("war.first_strike: ", "@@turns.each: ", "levers.turns.each",
     "turns.each is structure and cannot be a lever", None, None),
    ("war.first_strike: ", "@@war.first_stike: ", "levers.war.first_stike", "no number", None,
     "war.first_strike"),
    ("war.first_strike: ", "@@war.cost: ", "levers.war.cost", "not given in this file", None,
     None),
    ("war.first_strike: ", "@@ladder.mobilisation.audience_cost: ",
     "levers.ladder.mobilisation.audience_cost", "not one number",
     "ladder.mobilisation.audience_cost.aland", None),
    ("to: 0.05, diff", "to: @@0, diff", "levers.war.first_strike.to", "not above", None, None),
    ("to: 0.3, diff", "to: @@1.3, diff", "levers.mediator.face_saving.to", "out of bounds",
     "between 0 and 1", None),
    ("from: 0, to: 0.05", "from: @@.nan, to: 0.05", "levers.war.first_strike.from",
     "is not a finite number", None, None),
    ("from: 0, to: 0.05", "from: @@-.inf, to: 0.05", "levers.war.first_strike.from",
     "is not a finite number", None, None),
    # the order of play
    ("at_turns: [2]", "at_turns: @@[9]", "mechanisms.mediator.at_turns", "there is no turn 9", None,
     None),
    ("rung: talks", "rung: @@war", "start.rung", "over on 'war'", "talks", None),
    ("  - war\n", "  - war\n  - @@beyond\n", "ladder[5].risk", "risk is missing", None, None),
    ("  - talks\n", "  - talks\n  - @@talks\n", "ladder[1]", "two rungs", None, None),
    ("  - talks\n", "  - talks: {@@loss: 0.1}\n", "ladder.talks.loss", "takes no loss", None,
     None),
    ("  - war\n", "  - war: {@@risk: 0.1}\n", "ladder.war.risk", "war takes no risk", "", None),
    ("  - talks\n", "  - @@{talks: {}, more: {}}\n", "ladder[0]", "2 keys", "a name", None),
    # wrong types of value, missing fields
    ("title: The strait crisis", "title: @@3", "title", "3 is not text", None, None),
    ("crisis: strait-2031", "crisis: @@the strait", "crisis", "is not a valid name",
     "letters", None),
    ("id: must-strike", "id: @@must strike", "claims.must strike.id", "is not a valid name",
     None, None),
    ("    holds_if:", "    @@cannot: no\n    holds_if:", "claims.must-strike.cannot",
     "as well as holds_if", "one of them", None),
]


@pytest.mark.parametrize(
    ("old", "new", "field", "message", "expected", "near"),
    MISTAKES,
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_mistake_gives_one_message_in_its_place(
    strait, old, new, field, message, expected, near
):
    assert strait.count(old) >= 1
    error, place = error_of(strait.replace(old, new, 1))
    assert (error.line, error.column) == place
    assert error.file == "f.yaml"
    assert error.field == field
    assert message in error.message
    if expected is not None:
        assert expected in (error.expected or "")
    assert error.nearest == near
    assert "\n" not in str(getattr(error, "errors", [error])[0])


def test_what_is_missing_is_named_at_what_lacks_it(strait):
    error, place = error_of(strait.replace("  - mediator: {actor: union,", "  - @@mediator: {"))
    assert (error.field, error.message) == ("mechanisms.mediator.actor", "actor is missing")
    assert (error.line, error.column) == place
    text = strait.replace("delay_cost: 0.01 to 0.03\n", "").replace("\nturns:", "\n@@turns:")
    error, place = error_of(text)
    assert "delay_cost is missing" in error.message
    assert (error.line, error.column) == place


def test_types_of_an_actor_multiply(strait):
    old = "    private: {war_cost: {between: [0.1, 0.5]}}"
    fine = (
        "    private: {war_cost: {between: [0.1, 0.5]}, "
        "stake_weight: {between: [0, 1], types: 7}}"
    )
    lean = strait.replace("  - ratification: {of: bland, share_needed: "
                          "{values: [0.3, 0.5], prior: [0.6, 0.4]}}\n", "")
    assert loads(lean.replace(old, fine)).actors["bland"].private["stake_weight"].n_types == 7
    bad = (
        "    @@private: {war_cost: {between: [0.1, 0.5]}, "
        "stake_weight: {between: [0, 1], types: 8}}"
    )
    error, place = error_of(strait.replace(old, bad))
    assert "72 types" in error.message and "64" in (error.expected or "")
    assert (error.line, error.column) == place


def test_a_principal_needs_a_cost_of_war(strait):
    text = strait.replace("    private: {war_cost: {between: [0.1, 0.5]}}\n", "")
    error, place = error_of(text.replace("war: {win", "@@war: {win"))
    assert "bland has no cost of war" in error.message
    assert (error.line, error.column) == place
    assert loads(text.replace("shift_per_turn", "cost: 0.2, shift_per_turn")).war is not None


def test_two_of_a_kind_need_ids(strait):
    second = "  - @@mediator: {actor: union, proposes: 0.5, at_turns: [1]}\nlevers:"
    error, place = error_of(strait.replace("levers:", second))
    assert "second mechanism is called 'mediator'" in error.message
    assert error.line == place[0]
    named = second.replace("@@", "").replace("{actor", "{id: late, actor")
    assert [m.id for m in loads(strait.replace("levers:", named)).mechanisms][-1] == "late"


def test_the_first_of_several_mistakes_is_told(strait):
    text = strait.replace("status_quo: 0.5", "status_quo: 1.5").replace("d, each: 2", "d, each: 99")
    error, place = error_of(text.replace("role: mediator", "role: @@x"))
    assert (error.line, error.column) == place


def test_a_share_listed_twice_counts_once_and_is_remarked(strait):
    with pytest.warns(UserWarning, match=r"offers.shares\[4\]: the share 0.5 is listed twice"):
        twice = loads(strait.replace("0.6], each", "0.6, 0.5], each"))
    assert twice.offers.shares == loads(strait).offers.shares


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null\n"])
def test_an_empty_file(tmp_path, text):
    file = tmp_path / "empty.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match="empty"):
        load(file)


@pytest.mark.parametrize(("text", "found"), [("- a\n", "a list"), ("words\n", "'words'")])
def test_a_file_without_keys(text, found):
    with pytest.raises(InputError) as caught:
        loads(text)
    assert found in caught.value.message and caught.value.line == 1


def test_missing_file_folder_and_misspelt_case(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="folder"):
        load(tmp_path)


def test_a_mistake_in_python_data_carries_no_traceback_of_pydantic(strait):
    with pytest.raises(InputError) as caught:
        loads(strait.replace("d, each: 2", "d, each: 0"))
    assert caught.value.__cause__ is None


def test_names_are_compared_in_time_that_grows_with_their_number(monkeypatch):
    # 4,000 sources took 141 s when each name was compared with every earlier one.
    from detente.scenario import rules

    read = 0

    def counted(name, real=rules.spoken):
        nonlocal read
        read += 1
        return real(name)

    monkeypatch.setattr(rules, "spoken", counted)
    many = 300
    names = [f"p{k}x" for k in range(many)]
    assert not list(rules._twice(names, lambda k: (k,), "package", True))
    assert read <= 4 * many
    alike = [*names, "P1x", "the p2 x", "p3x"]
    found = [(p.path[0], p.message) for p in rules._twice(alike, lambda k: (k,), "package", True)]
    assert found == [
        (many, "claims cannot tell the packages 'p1x' and 'P1x' apart"),
        (many + 1, "claims cannot tell the packages 'p2x' and 'the p2 x' apart"),
        (many + 2, "two packages are called 'p3x'"),
    ]


@pytest.mark.parametrize(("war", "said"), [
    ({"win_chance": {"low": -1e308, "mode": 0.5, "high": 1e308}}, "war.win_chance.low"),
    ({"cost": {"low": 0, "mode": 1, "high": 1e308}}, "war.cost.high"),
])
def test_a_range_whose_length_overflows_is_refused_at_its_place(war, said):
    """Its length is not a finite double, so it has no median."""
    from tests.conftest import PLAIN, merged, text_of

    with pytest.raises(InputError, match=said) as caught:
        loads(text_of(merged(PLAIN, {"war": war})))
    assert caught.value.line and caught.value.column


def test_empty_habits_say_what_is_allowed_and_what_to_do():
    with pytest.raises(InputError) as caught:
        loads("crisis: a\ntitle: A\nhabits:\n", file="f.yaml")
    (found,) = [e for e in caught.value.errors if e.field == "habits"]
    assert found.message == "empty"
    for part in ("even", "a mapping of kinds to weights", "remove the key for the default"):
        assert part in found.expected
