"""Parse the text of a claim to its syntax tree; errors name the place."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark.tree import Meta

from detente.claims import syntax as s
from detente.claims.brackets import missing
from detente.errors import InputError, nearest, one_of

__all__ = ["parse"]

LONGEST = 2000
DEEPEST = 40
"""Largest depth of brackets, so that a claim cannot exhaust the stack."""
MOST = 60
"""Largest number of arithmetic signs and negations, which are also nested."""

FUNCTIONS = ("P", "value", "best_other", "choice", "belief", "prior", "abs", "min", "max",
             "gain",
             "aligned", "between", "returns", "rate")
_WORDS = {
    "NAME": "a name", "NUMBER": "a number", "STRING": "a name in quotes", "CMP": "a comparison",
    "LPAR": "'('", "RPAR": "')'", "COMMA": "','", "COLON": "':'", "VBAR": "'|'", "DOT": "'.'",
    "EQUAL": "'='", "PLUS": "'+'", "MINUS": "'-'", "TIMES": "'*'", "OVER": "'/'",
    "$END": "the end", "QUANTIFIER": "'every' or 'some'", "FUNCTION": "abs, min or max",
    "BEST_OTHER": "best_other", "P": "P(...)", "SEMICOLON": "';'", "LABEL": "a name",
}


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = files("detente.claims").joinpath("claims.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def parse(text: str) -> s.Expr:
    """Read a claim.

    Parameters
    ----------
    text
        The condition, such as ``P(war) < 0.2``.

    Raises
    ------
    InputError
        With line and column within the text, what was expected and, for a misspelt function, the
        nearest name.

    Examples
    --------
    >>> parse("P(war) < 20%").terms[1].value
    0.2
    >>> parse("P(war) <")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: 1:9: the claim ends too early; expected ...
    """
    if not text.strip():
        raise InputError("the claim is empty", line=1, column=1, expected="such as P(war) < 0.2")
    if len(text) > LONGEST:
        raise InputError(
            "the claim is too long", line=1, column=1, expected=f"at most {LONGEST} characters"
        )
    _not_too_deep(text)
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as wrong:
        raise _explain(wrong, text) from None
    return cast(s.Expr, _Build().transform(tree))


def _not_too_deep(text: str) -> None:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth > DEEPEST:
            before = text[:place]
            raise InputError(
                "the claim is nested too deeply", line=before.count("\n") + 1,
                column=place - before.rfind("\n"), expected=f"at most {DEEPEST} levels of brackets",
            )
    words = text.replace("(", " ").split()
    if sum(text.count(sign) for sign in "+-*/") + words.count("not") + words.count("for") > MOST:
        raise InputError(
            "the claim is too long", line=1, column=1, expected=f"at most {MOST} operations"
        )


def _explain(wrong: UnexpectedInput, text: str) -> InputError:
    lines = text.splitlines() or [""]
    end = (len(lines), len(lines[-1]) + 1)
    if isinstance(wrong, UnexpectedCharacters):
        found = text[wrong.pos_in_stream or 0]
        hint = "'and', 'or', 'not'" if found in "&!" else None
        if found in "'\"":
            return InputError("the quotation mark is not closed", line=wrong.line,
                              column=wrong.column, expected=f"a closing {found}")
        if found == "=":
            hint = "one of < <= > >="
        return InputError(
            f"the character {found!r} is not allowed here", line=wrong.line, column=wrong.column,
            expected=hint,
        )
    expected = _expected(wrong)
    bracket = missing(wrong, text)
    if bracket is not None:
        return bracket
    if isinstance(wrong, UnexpectedToken) and wrong.token.type != "$END":
        token = str(wrong.token)
        if token == "(":
            before = text[: wrong.token.start_pos].split()[-1:] or [""]
            word = before[0].rpartition("(")[2].rpartition(",")[2].strip("+-*/<>=")
            if word and word not in FUNCTIONS:
                return InputError(
                    f"there is no function {word!r}", line=wrong.line,
                    column=max(1, wrong.column - len(word)),
                    expected=one_of(word, FUNCTIONS), nearest=nearest(word, FUNCTIONS),
                )
        if token in ("-", "+", "/"):
            expected = f"{expected}; put a name that has such a sign in quotes"
        return InputError(
            f"{token!r} is not allowed here", line=wrong.line, column=wrong.column,
            expected=expected,
        )
    assert isinstance(wrong, UnexpectedToken | UnexpectedEOF)
    return InputError("the claim ends too early", line=end[0], column=end[1], expected=expected)


def _expected(wrong: UnexpectedInput) -> str | None:
    accepted = getattr(wrong, "accepts", None) or getattr(wrong, "expected", None) or ()
    names = sorted(accepted)
    if "FUNCTION" in names:
        return ("a number, a name, or one of P, value, best_other, choice, belief, prior, "
                "gain, share | EVENT, aligned, between, returns, rate")
    shown = [_WORDS.get(n, f"'{n.lower()}'") for n in names]
    return None if not shown else " or ".join(shown[:8])


def _text(token: Token) -> str:
    text = str(token)
    return text[1:-1] if token.type == "STRING" else text


def _number(token: Token) -> float:
    text = str(token)
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


@v_args(meta=True)
class _Build(Transformer):  # type: ignore[type-arg]
    """Build syntax from lark's tree; it handles every rule of the grammar."""

    def start(self, meta: Meta, parts: list[Any]) -> Any:
        return parts[0]

    def words(self, meta: Meta, parts: list[Token]) -> tuple[str, s.Place]:
        return " ".join(map(_text, parts)), _at(meta)

    def number(self, meta: Meta, parts: list[Token]) -> s.Number:
        return s.Number(_at(meta), _number(parts[0]))

    def path(self, meta: Meta, parts: list[Token]) -> s.Path:
        return s.Path(_at(meta), ".".join(map(_text, parts)))

    def binary(self, meta: Meta, parts: list[Any]) -> s.Binary:
        left, sign, right = parts
        return s.Binary(_at(meta), str(sign), left, right)  # type: ignore[arg-type]

    def negative(self, meta: Meta, parts: list[Any]) -> s.Expr:
        if isinstance(parts[1], s.Number):
            return s.Number(_at(meta), -parts[1].value)
        return s.Binary(_at(meta), "-", s.Number(_at(meta), 0.0), parts[1])

    def function(self, meta: Meta, parts: list[Any]) -> s.Function:
        return s.Function(_at(meta), str(parts[0]), tuple(parts[1:]))

    # conditions

    def chain(self, meta: Meta, parts: list[Any]) -> s.Compare:
        return s.Compare(_at(meta), tuple(parts[::2]), tuple(map(str, parts[1::2])))

    def conjunction(self, meta: Meta, parts: list[Any]) -> s.All:
        return s.All(_at(meta), tuple(parts))

    def disjunction(self, meta: Meta, parts: list[Any]) -> s.Any_:
        return s.Any_(_at(meta), tuple(parts))

    def negation(self, meta: Meta, parts: list[Any]) -> s.Not:
        return s.Not(_at(meta), parts[0])

    def scope(self, meta: Meta, parts: list[Any]) -> s.After:
        return s.After(_at(meta), parts[0], parts[1])

    def quantified(self, meta: Meta, parts: list[Any]) -> s.Every:
        return s.Every(_at(meta), str(parts[1]), parts[2], some=str(parts[0]) == "some")

    # functions of the model

    def given(self, meta: Meta, parts: list[Any]) -> tuple[str, s.Event]:
        return "given", parts[0]

    def move(self, meta: Meta, parts: list[Any]) -> tuple[str, str]:
        return "move", parts[0][0]

    def variants(self, meta: Meta, parts: list[Any]) -> tuple[str, tuple[s.Variant, ...]]:
        return "variants", tuple(parts)

    def without(self, meta: Meta, parts: list[s.Path]) -> s.Without:
        return s.Without(parts[0].at, parts[0].path)

    def changed(self, meta: Meta, parts: list[Any]) -> s.Change:
        return s.Change(parts[0].at, parts[0].path, parts[1])

    def probability(self, meta: Meta, parts: list[Any]) -> s.Probability:
        return s.Probability(_at(meta), parts[0], **dict(parts[1:]))

    def value(self, meta: Meta, parts: list[Any]) -> s.Value:
        rest = {"move": None, **dict(parts[1:])}
        return s.Value(_at(meta), parts[0], **rest)

    def best_other(self, meta: Meta, parts: list[Any]) -> s.Value:
        return s.Value(_at(meta), parts[0], **dict(parts[1:]), best=True)

    def choice(self, meta: Meta, parts: list[Any]) -> s.Choice:
        return s.Choice(_at(meta), parts[0], **dict(parts[1:]))

    def belief(self, meta: Meta, parts: list[Any]) -> s.Belief:
        return s.Belief(_at(meta), str(parts[0]), parts[1], **dict(parts[2:]))

    def share(self, meta: Meta, parts: list[Any]) -> s.Share:
        return s.Share(_at(meta), parts[0])

    def share_in(self, meta: Meta, parts: list[Any]) -> s.Share:
        return s.Share(_at(meta), parts[0], tuple(parts[1:]))

    def gain(self, meta: Meta, parts: list[Any]) -> s.Gain:
        _, actor, *terms, (_, variants) = parts
        return s.Gain(_at(meta), str(actor), terms[0] if terms else None, variants)

    def prior(self, meta: Meta, parts: list[Any]) -> s.Belief:
        return s.Belief(_at(meta), str(parts[0]), parts[1], prior=True)

    # numbers about the world

    def named(self, meta: Meta, parts: list[Token]) -> s.Label:
        return s.Label(_at(meta), " ".join(map(_text, parts)))

    def labelled(self, meta: Meta, parts: list[Token]) -> s.Label:
        return s.Label(_at(meta), _text(parts[0]))

    def asked(self, meta: Meta, parts: list[Any]) -> s.Asked:
        return s.Asked(_at(meta), str(parts[0]), tuple(parts[1:]))

    # types

    def types(self, meta: Meta, parts: list[Token]) -> s.Types:
        return s.Types(_at(meta), str(parts[0]))

    def typed(self, meta: Meta, parts: list[Any]) -> s.Types:
        *names, level = parts
        return s.Types(_at(meta), str(names[0]), ".".join(map(str, names[1:])) or None, level)

    def level(self, meta: Meta, parts: list[Any]) -> s.Level:
        return s.Level(_at(meta), parts[0][0])

    def bound(self, meta: Meta, parts: list[Token]) -> s.Bound:
        value = _number(parts[-1])
        return s.Bound(_at(meta), str(parts[0]), -value if len(parts) == 3 else value)

    # events

    def ending(self, meta: Meta, parts: list[Any]) -> s.EndsIn:
        return s.EndsIn(_at(meta), parts[0][0])

    def terms(self, meta: Meta, parts: list[Any]) -> s.EndsIn:
        return s.EndsIn(_at(meta), parts[0][0], parts[1][0])

    def deed(self, meta: Meta, parts: list[Any]) -> s.Deed:
        detail = parts[2][0] if len(parts) == 3 else None
        return s.Deed(_at(meta), str(parts[0]), _text(parts[1]), detail)

    def happens(self, meta: Meta, parts: list[Any]) -> s.ChanceEvent:
        return s.ChanceEvent(_at(meta), parts[0][0])

    def sequence(self, meta: Meta, parts: list[Any]) -> s.Sequence:
        return s.Sequence(_at(meta), tuple(parts))

    def both(self, meta: Meta, parts: list[Any]) -> s.AllOf:
        return s.AllOf(_at(meta), tuple(parts))

    def either(self, meta: Meta, parts: list[Any]) -> s.Either:
        return s.Either(_at(meta), tuple(parts))

    def never(self, meta: Meta, parts: list[Any]) -> s.Never:
        return s.Never(_at(meta), parts[0])


def _at(meta: Meta) -> s.Place:
    return meta.line, meta.column, meta.start_pos, meta.end_pos
