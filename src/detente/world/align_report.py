"""The first screen and the report of ``detente align``."""

from __future__ import annotations

from detente.render import Report, Section, Table
from detente.render.numbers import MISSING, count, percent
from detente.world.align_document import document
from detente.world.align_sections import alignment_section, fold_section, shock_words
from detente.world.align_study import Study
from detente.world.wars import line

__all__ = ["brief", "report"]

ROWS = 8
"""Actors on the first screen."""
MOVERS = 3
"""Actors named on the first screen when a pole goes."""


def report(made: Study) -> Report:
    """Return the report: the first screen, the alignment, the shocks."""
    sections = [alignment_section(made)] if made.poles else []
    if made.shocks:
        sections.append(fold_section(made.file, dict(made.shocks)))
    return Report(
        made.file.title, "Alignments from a ties file",
        made.headline or " ".join(shock_words(made.file.shocks[k].title or k, found)
                                  for k, found in made.shocks.items()), sections,
        meta={"file": made.file.name, "file sha256": made.file.sha256, "samples": made.samples,
              "seed": made.seed},
        answer_certified=made.exact, brief=brief(made), data=document(made))


def brief(made: Study) -> Section:
    """Return the first screen: at most 25 lines of 80 characters.

    Shares by several definitions stand side by side, in the order of the file.
    """
    notes = [shock_words(made.file.shocks[k].title or k, found)
             for k, found in list(made.shocks.items())[:MOVERS]]
    if not made.poles:
        return Section("brief", made.file.title, " ".join(notes) or "The file has no ties.")
    order = " / ".join(made.alignments)
    rows = [a for a in _order(made) if a not in made.poles]
    one, two = made.poles
    shown = rows if len(rows) <= ROWS else rows[:ROWS - 1]
    table = Table(
        "", ["actor", *(f"with {made.title(p)}" for p in made.poles)],
        [*((made.title(a), *(_each(made, a, p) for p in made.poles)) for a in shown),
         (made.title(two), _each(made, two, one), "")])
    said = [f"{_draws(made)} by {order}.{_together(made)}{_minima(made)}"
            + (f" {len(rows) - len(shown)} more actors: see --html or --json."
               if len(shown) < len(rows) else "")]
    said += _without(made)
    proofs = dict.fromkeys(a.proof for a in made.alignments.values())
    return Section("brief", made.file.title, made.headline, tables=[table],
                   notes=[*said, *notes, line()], certificate="; ".join(proofs),
                   certified=made.exact)


def _draws(made: Study) -> str:
    most = max(a.draws for a in made.alignments.values())
    return (f"Shares of {count(most)} draws" if most > 1
            else f"No tie has a range, so it is yes, no or open ({MISSING}: no tie),")


def _single(made: Study) -> bool:
    return all(a.draws == 1 for a in made.alignments.values())


def _together(made: Study) -> str:
    """Say why the shares of a row may add up to less or more than one."""
    shares = [a.with_pole(*made.poles).share for d, a in made.alignments.items()
              if made.tied(d, *made.poles)]
    if _single(made) or not any(shares):
        return ""
    one, two = map(made.title, made.poles)
    return f" {one} and {two} are on one side in {_joined(shares)}."


def _minima(made: Study) -> str:
    """Return how often another alignment is stable too, if that was counted."""
    shares = [a.others.share for a in made.alignments.values() if a.others]
    if len(shares) < len(made.alignments) or _single(made):
        return ""
    return f" Another alignment is stable too in {_joined(shares)}."


def _order(made: Study) -> list[str]:
    """Return disputed actors first, then undecided ones, then others that ties join to a pole.

    In each group the largest actors come first.
    """
    def key(actor: str) -> tuple[bool, bool, bool, float]:
        joined = any(made.joined(d, actor, p) for d in made.alignments for p in made.poles)
        size = max(a.ties.sizes[a.ties.index(actor)] for a in made.alignments.values()
                   if actor in a.ties.actors)
        return (actor not in made.disputed, actor not in made.undecided or not joined, not joined,
                -float(size))

    return sorted(made.actors, key=key)


def _each(made: Study, actor: str, pole: str) -> str:
    """Return the shares by each definition, such as ``100 / 89 %``.

    Without ranges it is yes or no, or open if several alignments are equally good.
    """
    if _single(made):
        return " / ".join(("yes" if found.with_pole(actor, pole).share else
                           "open" if found.open(actor, pole).share else "no")
                          if made.tied(name, actor, pole) else MISSING
                          for name, found in made.alignments.items())
    shares = [percent(found.with_pole(actor, pole).share).removesuffix(" %")
              if made.tied(name, actor, pole) else MISSING
              for name, found in made.alignments.items()]
    return " / ".join(shares) + ("" if set(shares) == {MISSING} else " %")


def _without(made: Study) -> list[str]:
    """Return who changes sides when the pole goes, in a line."""
    if not made.removals:
        return []
    first = next(iter(made.removals.values()))
    pole = made.title(first.pole)

    def shares(step: str, actor: str | None, open_: bool = False) -> list[float]:
        return [(r.open if open_ else r.share)(step, actor).share for r in made.removals.values()
                if actor is None or actor in r.ties.actors]

    def words(step: str, actor: str | None) -> str:
        unclear = shares(step, actor, True)
        return _joined(shares(step, actor)) + (
            f" (open in {_joined(unclear)})" if any(unclear) else "")

    def most(actor: str) -> float:
        return max(map(sum, zip(shares("moved", actor), shares("moved", actor, True),
                                strict=True)), default=0.0)

    movers = sorted((a for a in made.actors if most(a)), key=lambda a: -most(a))
    said = ", ".join(f"{made.title(a)} changes sides in {words('moved', a)}"
                     for a in movers[:MOVERS]) or "no actor changes sides"
    more = f" and {len(movers) - MOVERS} more" if len(movers) > MOVERS else ""
    back = words("stayed", None)
    open_ = ("" if all(r.complete for r in made.removals.values()) else
             " Too many alignments are equally good to follow all, so more may be open.")
    other = _joined([r.other_order.share for r in made.removals.values()])
    if _single(made) and not movers:
        return [f"Without {pole} no actor changes sides, by any definition.{open_}"]
    return [f"Without {pole}: {said}{more}. After its return at least one stands elsewhere in "
            f"{back} of draws. Another order of moves ends elsewhere in {other}.{open_}"]


def _joined(shares: list[float]) -> str:
    return " / ".join(map(percent, shares))
