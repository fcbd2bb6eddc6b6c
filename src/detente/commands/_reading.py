"""The work of the words of ``detente read``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from detente.commands._common import check_output, emit_json
from detente.errors import InputError
from detente.files import whole, write_whole
from detente.render.numbers import several

if TYPE_CHECKING:
    from detente.reading.exchanged import (
        AnnotationsDocument,
        CandidatesDocument,
        ProposedDocument,
        TurnsDocument,
    )
    from detente.reading.store import Session

__all__ = ["ask_model", "edit_turns", "exchange", "print_score", "read_confirmed", "tell_edited",
           "told", "write_candidates"]


def _text(file: Path) -> str:
    """Return the text of a local file that an analyst edited."""
    from detente.reading.sources import decoded, read_bytes

    return decoded(read_bytes(file), str(file))


def _private(out: Path, text: str) -> None:
    """Write a file that only the user can read."""
    with whole(out) as partial:
        with suppress(OSError):
            os.chmod(partial, 0o600)
        partial.write_text(text, encoding="utf-8")


def told(as_json: bool, line: str, document: Mapping[str, Any]) -> None:
    """Print what was done: as JSON, or in a line."""
    if as_json:
        emit_json(document)
    else:
        typer.echo(line)


def tell_edited(session: Session) -> None:
    """Say on standard error which sources are not as they were when they were read."""
    from detente.reading.fresh import edited

    for name in edited(session):
        typer.echo(f"{name} was edited after it was read. Its claims rest on the old text until "
                   "`detente read FILE` reads it again.", err=True)


def write_candidates(
    session: Path, out: Path, first: int | None, flagged: bool, known: Any,
    embeddings: Path | None, force: bool, as_json: bool,
) -> None:
    """Write the file of candidates."""
    from detente.reading.candidates import candidates_text
    from detente.reading.store import Session

    check_output(out, session / "session.db", force=force)
    model = None
    if embeddings is not None:
        from detente.reading.embeddings import read_embeddings

        model = read_embeddings(embeddings)
    with Session.open(session, create=False) as opened:
        text = candidates_text(opened, first=first, flagged=flagged, known=known, embeddings=model)
    _private(out, text)
    folded = text.count('"exact": null')
    count = text.count("\n")
    made: CandidatesDocument = {"wrote": str(out), "candidates": count, "folded": folded}
    told(as_json, f"Wrote {out} with {several(count, 'candidate')}"
         + (f", of which {folded} {'is' if folded == 1 else 'are'} folded" if folded else "")
         + ". It holds words of the documents. Fill it, then run `detente read confirm "
         f"{out} --session {session}`.", made)


def read_confirmed(file: Path, session: Path, as_json: bool) -> None:
    """Apply a filled file and print the numbers of decisions."""
    from detente.reading.confirm import confirm_rows
    from detente.reading.document import confirmed_document
    from detente.reading.store import Session

    text = _text(file)
    with Session.open(session, create=False) as opened:
        made = confirm_rows(opened, text, file=str(file))
    if as_json:
        emit_json(confirmed_document(made))
        return
    typer.echo(f"Confirmed {made.confirmed}, refused {made.refused}, unanswered "
               f"{made.unanswered}. Claims stored: {made.claims}.")
    if made.waiting:
        typer.echo(f"{made.waiting} flagged passages need a second confirmation: yes in "
                   "`confirm_again`.")


def edit_turns(
    session: Path, file: Path | None, document: int, out: Path | None, force: bool, as_json: bool
) -> None:
    """Write the turns of a document, or read them back."""
    from detente.reading.ingest import with_turns
    from detente.reading.store import Session
    from detente.reading.turnsfile import read_turns, turns_text

    _one_way(file, out)
    if out is not None:
        check_output(out, session / "session.db", force=force)
        with Session.open(session, create=False) as opened:
            text = turns_text(opened, opened.document(document))
            count = len(opened.sentences(document))
        _private(out, text)
        written = text.count("\n") - 1
        made: TurnsDocument = {"wrote": str(out), "document": document, "turns": written,
                               "sentences": count}
        told(as_json, f"Wrote {out} with {several(written, 'turn')}.", made)
        return
    assert file is not None
    text = _text(file)
    with Session.open(session, create=False) as opened:
        held, turns = read_turns(text, opened, file=str(file))
        with opened.transaction():
            count = with_turns(opened, held, turns)
            opened.keep(f"form {held.id}", ["edited", "turns from a file"])
    made = {"wrote": None, "document": held.id, "turns": len(turns), "sentences": count}
    told(as_json, f"Document {held.id} has {len(turns)} turns and {count} sentences.", made)


def exchange(
    session: Path, file: Path | None, document: int, out: Path | None, hypothesis: bool,
    quotes: bool, force: bool, as_json: bool,
) -> None:
    """Write annotations of the confirmed passages, or admit the marks of an export."""
    from detente.reading.annotations import as_hypothesis, as_web_annotation, from_hypothesis
    from detente.reading.sources import read_json
    from detente.reading.store import Session

    _one_way(file, out)
    if file is not None:
        data = read_json(_text(file), str(file))
        with Session.open(session, create=False) as opened:
            held = opened.document(document)
            with opened.transaction():
                found, absent = from_hypothesis(opened, held, data, file=str(file))
        done: AnnotationsDocument = {"wrote": None, "document": document,
                                     "annotations": len(found), "absent": absent, "quotes": False}
        told(as_json, f"{len(found)} marks are passages of document {document}; {absent} are not "
             "in it.", done)
        return
    assert out is not None
    check_output(out, session / "session.db", force=force)
    with Session.open(session, create=False) as opened:
        tell_edited(opened)
        held = opened.document(document)
        claims = opened.claims()
        rows = [(p, next((c for c in claims if c.passage == p.id), None))
                for p in opened.passages("confirmed", document) if p.usable]
    made = (as_hypothesis(held, rows, quote=quotes) if hypothesis
            else [as_web_annotation(held, p, c, quote=quotes) for p, c in rows])
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if quotes:
        _private(out, text)
    else:
        write_whole(out, text)
    done = {"wrote": str(out), "document": document, "annotations": len(rows), "absent": 0,
            "quotes": quotes}
    told(as_json, f"Wrote {out} with {several(len(rows), 'annotation')}"
         + (" and the words of their passages." if quotes else ", without words of texts."), done)


def _one_way(file: Path | None, out: Path | None) -> None:
    if (file is None) == (out is None):
        raise InputError("give either a file to read or --out", expected="one of the two")


def print_score(session: Path, file: Path | None, as_json: bool) -> None:
    """Score a proposer and print the table."""
    from detente.reading.document import score_document
    from detente.reading.score import cues_as_proposals, proposals, score
    from detente.reading.store import Session

    text = None if file is None else _text(file)
    with Session.open(session, create=False) as opened:
        spans = cues_as_proposals(opened) if text is None else proposals(
            opened, text, file=str(file))
        made = score(opened, spans)
    name = "cues" if file is None else file.name
    if as_json:
        emit_json(score_document(name, made))
        return
    typer.echo(f"Proposer: {name}. Confirmed passages: {made.confirmed}.")
    typer.echo(f"{'first n':>8}  {'right':>6}  {'precision':>9}  {'recall':>6}")
    for x in made.at:
        typer.echo(f"{x.n:>8}  {x.right:>6}  {x.precision:>9.2f}  {x.recall:>6.2f}")


def ask_model(
    session: Path, address: str, name: str, document: int, out: Path | None, force: bool,
    as_json: bool,
) -> None:
    """Ask a model for proposals and print their number."""
    from detente.reading.model import KEY, Model, propose
    from detente.reading.store import Session
    from detente.reading.templates import templates

    model = Model(address, name, os.environ.get(KEY, ""))
    check_output(out, session / "session.db", force=force)
    with Session.open(session, create=False) as opened:
        held = opened.document(document)
        typer.echo(f"Sending document {document} to {address} ...", err=True)
        made = propose(opened, held, model, {
            t.id: [s.name for s in t.slots] for t in templates().values()})
    if out is not None:
        write_whole(out, "".join(json.dumps(
            {"document": p.document, "start": p.start, "end": p.end}) + "\n"
            for p in made.passages))
    done: ProposedDocument = {
        "wrote": None if out is None else str(out), "document": document,
        "proposals": len(made.passages), "requests": made.requests, "dropped": made.dropped}
    told(as_json, f"{len(made.passages)} exact passages are proposals ({made.requests} requests, "
         f"{made.dropped} parts of the replies dropped). Write them to a file with `detente "
         f"read candidates --session {session} --out FILE.jsonl`.", done)
