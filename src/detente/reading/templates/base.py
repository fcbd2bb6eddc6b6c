"""A template: a form of claim with slots, which the analyst fills for one crisis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from detente.errors import InputError, nearest, one_of
from detente.reading.templates.checked import checked
from detente.reading.templates.slots import KINDS, Case, Option

__all__ = ["Filled", "Slot", "Template"]

FREE = "number"
"""The kind of a slot that holds a number of the analyst."""


@dataclass(frozen=True)
class Slot:
    """One decision of the analyst.

    Attributes
    ----------
    name, kind
        Its name in the template, and a key of `detente.reading.templates.slots.KINDS`, or
        ``number`` for a number that the analyst sets.
    asks
        The question.
    of
        The slot of the actor that it depends on, such as whose move it is.
    default
        For a number.
    least, most
        The values that a number may have.
    """

    name: str
    kind: str
    asks: str
    of: str = ""
    default: str = ""
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class Filled:
    """A template with its slots filled and checked against a crisis.

    Attributes
    ----------
    formal
        The claim in the claims language.
    says
        A neutral wording, as a start for the analyst's paraphrase.
    note
        The decisions that the formalisation contains.
    slots
        The value of each slot, as the claims language writes it.
    """

    template: str
    formal: str
    says: str
    note: str
    slots: Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """A form of claim.

    Attributes
    ----------
    id
        The name under which a claim refers to it.
    says
        The claim in words, with the slots in braces.
    formal
        The claim in the claims language, with the slots in braces.
    note
        The decisions that it contains, with the slots in braces.
    slots
        In the order of the questions.
    cues
        Words of a sentence that suggest it.
    proposition, model, rate
        The proposition of `detente.theory.claims`, the published model and the base rate that apply
        to it; empty if there is none.
    """

    id: str
    says: str
    formal: str
    note: str
    slots: tuple[Slot, ...]
    cues: tuple[str, ...] = ()
    proposition: str = ""
    model: str = ""
    rate: str = ""

    def offers(
        self, case: Case, chosen: Mapping[str, str] | None = None
    ) -> dict[str, list[Option]]:
        """Return the options of each slot in a crisis, given the slots that are chosen.

        A slot that depends on one not yet chosen has no options, and neither has a number.

        Examples
        --------
        >>> from detente.cases import find, load
        >>> from detente.reading.templates import template
        >>> found = template("must-act").offers(Case.of(load(find("cuba-1962"))))
        >>> [option.value for option in found["actor"]], found["move"]
        (['united_states', 'soviet_union'], [])
        """
        given = dict(chosen or {})
        return {slot.name: [] if slot.kind == FREE or (slot.of and slot.of not in given)
                else KINDS[slot.kind](case, given.get(slot.of, "")) for slot in self.slots}

    def fillings(self, case: Case) -> Iterator[dict[str, str]]:
        """Yield every way to fill the slots in a crisis, with numbers at their defaults."""
        def extend(place: int, chosen: dict[str, str]) -> Iterator[dict[str, str]]:
            if place == len(self.slots):
                yield chosen
                return
            slot = self.slots[place]
            values = [slot.default] if slot.kind == FREE else [
                o.value for o in KINDS[slot.kind](case, chosen.get(slot.of, ""))]
            for value in values:
                yield from extend(place + 1, chosen | {slot.name: value})

        return extend(0, {})

    def fits(self, case: Case) -> bool:
        """Whether the slots can be filled in a crisis."""
        return any(True for _ in islice(self.fillings(case), 1))

    def fill(self, case: Case, slots: Mapping[str, str]) -> Filled:
        """Fill the slots and check the claim against the crisis.

        Parameters
        ----------
        case
            The crisis.
        slots
            By the name of a slot, a value of its options, or another expression of the claims
            language in its place; numbers that are left out have their defaults.

        Raises
        ------
        InputError
            A slot is missing or unknown, or the claim does not fit the crisis.

        Examples
        --------
        >>> from detente.cases import find, load
        >>> from detente.reading.templates import template
        >>> case = Case.of(load(find("cuba-1962")))
        >>> template("outcome-likely").fill(case, {"outcome": "war", "least": "0.2"}).formal
        'P(war) > 0.2'
        """
        values = self._values(slots, case)
        formal = self.formal.format(**values)
        checked(case.scenario, formal, self.id)
        offered = self.offers(case, values)
        words = {name: next((o.words for o in offered[name] if o.value == value), value)
                 for name, value in values.items()}
        return Filled(self.id, formal, self.says.format(**words), self.note.format(**words), values)

    def _values(self, slots: Mapping[str, str], case: Case) -> dict[str, str]:
        known = [slot.name for slot in self.slots]
        for name in slots:
            if name not in known:
                raise InputError(f"the template {self.id} has no slot {name!r}",
                                 expected=one_of(name, known), nearest=nearest(name, known))
        out: dict[str, str] = {}
        for slot in self.slots:
            value = str(slots.get(slot.name, slot.default)).strip()
            if not value:
                options = [o.value for o in self.offers(case, {**out, **slots})[slot.name]]
                raise InputError(f"the template {self.id} needs {slot.name!r}: {slot.asks}",
                                 expected=one_of("", options),
                                 remedy=f"`detente read templates CASE --template {self.id}` lists "
                                 "the values of each slot")
            if slot.kind == FREE:
                value = _number(value, slot, self.id)
            out[slot.name] = value
        return out


def _number(text: str, slot: Slot, template: str) -> str:
    """Return a number as it was written, checked."""
    expected = f"a number from {slot.least:g} to {slot.most:g}"
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not slot.least <= value <= slot.most:
        raise InputError(f"{slot.name} of the template {template} is {text!r}", expected=expected)
    return f"{value:.12g}"
