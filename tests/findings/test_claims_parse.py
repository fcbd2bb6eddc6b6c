"""The language of claims: what is read, what is refused, and where the message points."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.cases import from_document
from detente.claims import check_claims
from detente.claims import syntax as s
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.errors import InputError
from detente.identifiers import Act, Attribute, Outcome, Terms, by_chance
from detente.scenario.structural import Setting
from detente.scenario.yamlfile import parse_yaml, read_yaml
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of

GOOD = [
    "P(war) < 0.2",
    "P(wider_war | war) > 50%",
    "value(aland, attack) > best_other(aland, attack) after aland.mobilisation",
    "abs(P(war) - P(war, without: mediator)) < 0.01",
    "P(aland.escalate then (bland.attack or bland.yield)) >= 1e-3",
    "P(war | not aland.attack and bland.hold) > 0.1",
    "belief(bland, aland.war_cost high after aland.reaches(limited strike)) > 0.5",
    "belief(bland, aland.war_cost > 0.3) > prior(bland, aland.war_cost > 0.3)",
    "for some type of aland: choice(aland, offer(0.5)) > 0.5".replace("(0.5)", " 0.5"),
    "0.1 < P(war) <= 0.3 or not (P(settlement) > -0.5 * (1 - 2))",
    "P(war, with: war.win_chance = min(1, 2 * war.win_chance), with: delay_cost = 0) > P(war)",
    "value(aland | aland.'escalate to mobilisation') > 0",
    "P(settlement: pledge and private trade) > P(settlement: 0.6 or settlement: 40%)",
    "share | settlement > 0.5 and min(share | (settlement or concession), 0.4) > 0.1",
    "(share | settlement: 'secret trade', without: mediator) - (share | settlement) < 0",
    "P(aland.offer then settlement: 0.5 | bland.hold) < P(war, with: turns.each = 3)",
]


@pytest.mark.parametrize("text", GOOD)
def test_every_form_is_read(text):
    assert isinstance(parse(text), s.Compare | s.After | s.All | s.Any_ | s.Every)


def test_precedence_is_that_of_arithmetic_and_logic():
    sums = parse("1 - 2 - 3 * -4 < 0").terms[0]
    assert (sums.sign, sums.left.sign, sums.right.sign) == ("-", "-", "*")
    logic = parse("not 1 < 2 and 3 < 4 or 5 < 6")
    assert isinstance(logic, s.Any_) and isinstance(logic.items[0], s.All)
    assert isinstance(logic.items[0].items[0], s.Not)
    # `after` belongs to its comparison, whose both sides it governs.
    scoped = parse("1 < 2 and value(a, x) > value(a, y) after b.z")
    assert isinstance(scoped, s.All) and isinstance(scoped.items[1], s.After)


@pytest.mark.parametrize(("text", "line", "column", "part"), [
    ("", 1, 1, "empty"),
    ("P(war", 1, 6, "missing before the end"),
    ("P(war) <", 1, 9, "ends too early"),
    ("P(war) < < 3", 1, 10, "'<' is not allowed"),
    ("P(settlement: and-or plan) > 0", 1, 18, "put a name that has such a sign in quotes"),
    ("P(war) < 0.2 extra", 1, 14, "'extra' is not allowed"),
    ("P(war) = 0.2", 1, 8, "'='"),
    ("P(war) & 1 < 2", 1, 8, "'&' is not allowed"),
    ("P(aland.'offer) < 1", 1, 9, "quotation mark is not closed"),
    ("valu(a, b) > 3", 1, 1, "no function 'valu'"),
    ("P(war) < 0.2\nand P(war) > ?", 2, 14, "'?'"),
    ("for all types of a: 1 < 2", 1, 5, "'all'"),
    ("(" * 41 + "1" + ")" * 41 + " < 2", 1, 41, "nested too deeply"),
    ("-" * 61 + "1 < 2", 1, 1, "too long"),
])
def test_errors_point_at_the_place(text, line, column, part):
    with pytest.raises(InputError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column), str(caught.value)
    assert part in str(caught.value)


def test_a_misspelt_function_is_suggested():
    with pytest.raises(InputError, match="did you mean 'value'"):
        parse("P(war) < 0.2 and valu(a, b) > 3")


PIECES = (
    "P value best_other belief prior choice abs min ( ) , | . < > <= + - * / 0.2 1e-3 50% war aland"
    " attack after and or not then without: with: = for every some type of : 'x y' \" ? é \n share"
    " settlement aligned between returns rate ; icb-war"
)
WORDS = st.sampled_from(PIECES.split(" "))


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=80))
def test_nothing_but_an_input_error_ever_leaves_the_parser(text):
    try:
        read = parse(text)
        check(read, NAMES)
    except InputError as wrong:
        lines = text.splitlines() or [""]
        assert 1 <= (wrong.line or 1) <= len(lines) + 1


OFFERS = (Act("aland", "offer", "0.5"), Act("aland", "offer", "0.6"))
NAMES = Names(
    actors=("aland", "bland", "union"), players=("aland", "bland"),
    moves={"aland": (Act("aland", "hold"),
                     Act("aland", "escalate", "mobilisation", "escalate to {object}"),
                     *OFFERS, Act("aland", "attack")),
           "bland": (Act("bland", "hold"), Act("bland", "attack"))},
    chances=(by_chance("slips into war"), by_chance("no accident")),
    outcomes=(Outcome("war"), Outcome("wider war"), Outcome("settlement"),
              Outcome("concession", "aland")),
    wars=(Outcome("war"), Outcome("wider war")),
    rungs=("talks", "mobilisation"), start={"aland": 0, "bland": 1}, acting=("mediator",),
    mechanisms=("mediator", "unlike_beliefs"), packages=("secret trade",),
    types={"aland": {"war_cost": tuple(
        Attribute("war_cost", k, level, label, "war_cost", float(label)) for k, (level, label)
        in enumerate([("low", "0.1"), ("middle", "0.2"), ("high", "0.3")])
    )}, "bland": {}},
    numbers=("war.win_chance", "mediator.attention", "delay_cost"),
    structure=frozenset({"war", "turns.each", "mediator"}),
    terms=(Terms(Outcome("settlement"), "pledge and trade", 0.6),
           Terms(Outcome("settlement"), "pledge", 0.4), Terms(Outcome("settlement"), "", 0.4),
           Terms(Outcome("concession", "aland"), "", 1.0), Terms(Outcome("war"))),
    settings={x.path: x for x in (
        Setting("turns.each", 1, 6), Setting("turns.first", names=("aland", "bland")))},
)


def checked(text):
    return check(parse(text), NAMES)


def test_names_are_resolved():
    both = checked("P(war | aland.offer) < P(war alone | aland.offer(0.6))").terms
    assert both[0].event.outcomes == (Outcome("war"), Outcome("wider war"))
    assert both[1].event.outcomes == (Outcome("war"),)
    assert both[0].given.acts == OFFERS
    assert both[1].given.acts == OFFERS[1:]
    rung = checked("P(war | aland.mobilisation and bland.reaches(mobilisation)) > 0").terms[0].given
    assert rung.events[0].acts == (Act("aland", "escalate", "mobilisation"),)
    assert rung.events[1].from_start


def test_terms_are_found_by_package_and_by_share():
    trade, pledge, plain, gone, _ = NAMES.terms

    def terms(text):
        return checked(f"P({text}) > 0").terms[0].event.terms

    assert terms("settlement: pledge") == (pledge,)
    # The longest name of a package counts, and quotes or underscores end it.
    for text in ("pledge and trade", "'pledge and trade'", "pledge_and_trade"):
        assert terms(f"settlement: {text}") == (trade,)
    assert terms("settlement: 0.4") == terms("settlement: share 40%") == (pledge, plain)
    assert terms("aland concedes: 1") == terms("concession: 1") == (gone,)
    both = checked("P(settlement: pledge or settlement: pledge and trade or war) > 0").terms[0]
    assert isinstance(both.event, s.Either) and [e.events[0].terms if isinstance(e, s.AllOf)
                                                 else e.terms for e in both.event.events] == [
        (pledge,), (trade,), ()]
    mixed = checked("P(settlement: pledge and aland.offer) > 0").terms[0].event
    assert isinstance(mixed, s.AllOf) and mixed.events[0].terms == (pledge,)


def test_structure_of_a_variant_is_a_whole_number_or_a_name():
    more, first = checked(
        "P(war, with: turns.each = 3) < P(war, with: turns.first = bland)").terms
    assert more.variants == (s.Restructure((1, 1, 0, 0), "turns.each", 3),)
    assert first.variants == (s.Restructure((1, 1, 0, 0), "turns.first", "bland"),)


def test_one_comparison_asks_for_one_decision():
    """Both sides are taken where all the moves named are on the menu."""
    sides = checked("value(aland, attack) > value(aland, offer)").terms
    assert sides[0].offers == sides[1].offers == ((Act("aland", "attack"),), OFFERS)


@pytest.mark.parametrize(("text", "column", "part"), [
    ("P(war)", 1, "this is a number, but a claim is a condition"),
    ("1 < 2 and P(war)", 11, "this is a number, but a condition is needed"),
    ("(1 < 2) + 1 > 0", 2, "this is a condition, but a number is needed"),
    ("P(wat) > 0", 3, "no outcome and no mechanism 'wat'; expected one of war, wider war, "),
    ("P(settlment) > 0", 3, "did you mean 'settlement'"),
    ("P(aland) > 0", 3, "aland is an actor"),
    ("P(alnd.attack) > 0", 3, "did you mean 'aland'"),
    ("P(aland.atack) > 0", 3, "did you mean 'attack'"),
    ("P(aland.reaches(moblisation)) > 0", 3, "did you mean 'mobilisation'"),
    ("P(happens(slips out)) > 0", 3, "there is no chance event"),
    ("P(unlike_beliefs) > 0", 3, "no move or event of its own"),
    ("P(war, without: mediatr) > 0", 17, "did you mean 'mediator'"),
    ("P(war, without: delay_cost) > 0", 17, "with: delay_cost = 0"),
    ("P(war, with: war.win_chanc = 1) > 0", 14, "did you mean 'war.win_chance'"),
    ("turns.each > 0", 1, "turns.each is not a number"),
    ("P(war, with: turns.each = 7) > 0", 27, "expected a whole number from 1 to 6"),
    ("P(war, with: turns.each = 1e300) > 0", 27, "turns.each cannot be 1e+300"),
    ("P(war, with: turns.each = 1.5) > 0", 27, "a whole number from 1 to 6"),
    ("P(war, with: turns.each = 2 * delay_cost) > 0", 27, "turns.each cannot be a formula"),
    ("P(war, with: turns.first = blnd) > 0", 28, "one of aland, bland"),
    ("P(settlement: plegde) > 0", 3, "did you mean 'pledge'"),
    ("P(settlement: pledge or tirade) > 0", 25, "no outcome and no mechanism 'tirade'"),
    ("P(settlement: 0.5) > 0", 3, "one of pledge and trade, pledge, 0.4, 0.6"),
    ("P(war: 0.5) > 0", 3, "war has no terms in this game"),
    ("P(mediator: 0.5) > 0", 3, "mediator is a mechanism"),
    ("(share | settlement: pledgd) > 0", 10, "did you mean 'pledge'"),
    ("(share | settlement) > 0 after aland.hold", 10, "both '|' and 'after'"),
    ("P(war, with: delay_cost = P(war)) > 0", 27, "a result of the variant"),
    ("mediator > 0", 1, "mediator is a group of numbers"),
    ("value(union) > 0", 7, "no move and no private information"),
    ("value(aland, atack) > 0", 7, "did you mean 'attack'"),
    ("value(aland, attack) > 0 after war", 32, "no decision follows an outcome"),
    ("P(war | aland.attack) > 0 after bland.hold", 9, "both '|' and 'after' give a condition"),
    ("value(aland, attack | not bland.hold) > 0", 23, "has no first moment"),
    ("P(war then aland.attack) > 0", 3, "no event follows an outcome"),
    ("P(aland.hold then (bland.hold and bland.attack)) > 0", 20, "follow 'then'"),
    ("belief(aland, aland.war_cost high) > 0", 1, "knows its own type"),
    ("belief(bland, aland) > 0", 15, "the types that the belief is about"),
    ("belief(bland, aland.war_cots high) > 0", 15, "did you mean 'war_cost'"),
    ("belief(bland, aland.war_cost hihg) > 0", 30, "did you mean 'high'"),
    ("belief(aland, bland high) > 0", 15, "no private information"),
    ("abs(1, 2) > 0", 1, "abs of 2 numbers"),
    ("P(war) == 0.5", 1, "never exactly equal"),
    ("for every type of aland: P(war) > 0", 1, "no part of this condition depends on aland's type"),
    ("P(war) > 1/0", 12, "division by 0"),
    ("P(war) > 1e999", 10, "not finite"),
])
def test_what_does_not_fit_the_case_is_refused(text, column, part):
    with pytest.raises(InputError) as caught:
        checked(text)
    assert part in str(caught.value)
    assert (caught.value.line, caught.value.column) == (1, column), str(caught.value)


def test_the_place_in_the_file(tmp_path):
    """A claim's error is counted from the beginning of the file, quotes included."""
    claims = [{"id": "a", "says": "A.", "holds_if": "P(war) < 0.2"},
              {"id": "b", "says": "B.", "holds_if": "P(war) < 0.2 and P(aland.atack) > 0"}]
    text = text_of(merged(SMALL, {"claims": claims}))
    line = next(k for k, row in enumerate(text.splitlines(), 1) if "atack" in row)
    for quote in ("", '"'):
        written = text.replace(claims[1]["holds_if"], quote + claims[1]["holds_if"] + quote)
        file = tmp_path / "case.yaml"
        file.write_text(written)
        document = read_yaml(file)
        with pytest.raises(InputError) as caught:
            check_claims(from_document(document), document)
        wrong = caught.value
        assert (wrong.file, wrong.line, wrong.field) == (str(file), line, "claims.b.holds_if")
        assert written.splitlines()[line - 1][(wrong.column or 0) - 1 :].startswith("aland.atack")
        assert wrong.nearest == "attack"


def test_a_folded_claim_says_where_within_itself():
    text = text_of(SMALL) + (
        "claims:\n- id: a\n  says: A.\n  holds_if: >-\n    P(war) < 0.2\n    and P(x) > 0\n"
    )
    document = parse_yaml(text)
    with pytest.raises(InputError, match="column 20 of the claim"):
        check_claims(from_document(document), document)


def test_variants_with_other_types_must_name_them():
    case = merged(SMALL, {
        "mechanisms": [{"ratification": {"of": "aland", "share_needed": {
            "values": [0.3, 0.5], "prior": [0.6, 0.4]}}}],
        "claims": [{"id": "a", "says": "A.",
                    "holds_if": "value(aland, without: ratification) > value(aland)"}],
    })
    with pytest.raises(InputError, match="without ratification aland has 2 types, with it 4"):
        from_document(parse_yaml(text_of(case)))


@pytest.mark.parametrize(("text", "column", "words"), [
    ("P(war < 0.1", 7, "a ')' is missing before '<' (character 7): the '(' at character 2"),
    ("P(war", 6, "a ')' is missing before the end (character 6): the '(' at character 2"),
    ("(P(war < 0.1)", 8, "the '(' at character 3 is not closed"),
    ("P(war) < (1 + 2", 16, "the '(' at character 10 is not closed"),
    ("P('a(b' < 1", 9, "the '(' at character 2 is not closed"),  # brackets in quotes do not count
    ("P(war) < 0.1)", 13, "the ')' at character 13 closes no bracket"),
])
def test_a_missing_bracket_is_named_with_its_place(text: str, column: int, words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)) as told:
        parse(text)
    assert (told.value.line, told.value.column) == (1, column)


@pytest.mark.parametrize("text", ["P(war < 0.1)", "P(", "P(war) <", "(P(war) 0.1)", "P war) < 0.1"])
def test_brackets_are_not_blamed_for_another_fault(text: str) -> None:
    with pytest.raises(InputError) as told:
        parse(text)
    assert "bracket" not in str(told.value) and "missing" not in str(told.value)


@given(st.text("()P war<0.1 'x", max_size=14))
def test_every_text_gives_a_claim_or_an_error_with_a_place_in_it(text: str) -> None:
    try:
        parse(text)
    except InputError as wrong:
        assert wrong.line == 1 and 1 <= (wrong.column or 0) <= len(text) + 1
