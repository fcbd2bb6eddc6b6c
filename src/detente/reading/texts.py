"""The documents of a session, with their turns and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from detente.reading.records import Document, Sentence, Spoken, Turn
from detente.reading.tables import Tables

__all__ = ["Texts"]


class Texts(Tables):
    """The part of a session that holds documents."""

    def add_document(
        self, name: str, path: str, kind: str, sha_bytes: str, sha_text: str, extractor: str,
        text: str,
    ) -> Document:
        """Add a document, or replace the text of the one with the same path.

        A replaced document loses its turns and sentences. `detente.reading.anchors.anchor_again`
        moves its passages.
        """
        fields = (name, kind, sha_bytes, sha_text, extractor, text)
        with self.transaction():
            found = self._rows("SELECT id FROM document WHERE path = ?", path)
            if found:
                number = int(found[0]["id"])
                self._db.execute(
                    "UPDATE document SET name = ?, kind = ?, sha_bytes = ?, sha_text = ?, "
                    "extractor = ?, text = ? WHERE id = ?", (*fields, number))
                self.set_turns(number, ())
            else:
                number = self._insert(
                    "INSERT INTO document (name, kind, sha_bytes, sha_text, extractor, text, path) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)", *fields, path)
        return self.document(number)

    def move_document(self, number: int, name: str, path: str) -> Document:
        """Note that the file of a document has moved, and return the document."""
        with self.transaction():
            self._db.execute("UPDATE document SET name = ?, path = ? WHERE id = ?",
                             (name, path, number))
        return self.document(number)

    def documents(self) -> list[Document]:
        """Return the documents in the order in which they were added."""
        return [Document(**dict(r)) for r in self._rows("SELECT * FROM document ORDER BY id")]

    def document(self, number: int) -> Document:
        """Return one document."""
        return Document(**dict(self._one("document", number)))

    def set_turns(
        self, document: int, turns: Sequence[Spoken | tuple[str, int | None, int, int]]
    ) -> None:
        """Replace the turns of a document, and remove its sentences.

        Parameters
        ----------
        document
            The document's id.
        turns
            For each: the author, the place in this list of the turn that it answers (None for
            none), the start and the end.
        """
        with self.transaction():
            self._db.execute("DELETE FROM sentence WHERE document = ?", (document,))
            self._db.execute("DELETE FROM turn WHERE document = ?", (document,))
            ids = [self._insert(
                'INSERT INTO turn (document, "order", author, reply_to, start, "end") '
                "VALUES (?, ?, ?, NULL, ?, ?)", document, k, author, start, end)
                for k, (author, _, start, end) in enumerate(turns)]
            self._db.executemany("UPDATE turn SET reply_to = ? WHERE id = ?", [
                (ids[t[1]], i) for t, i in zip(turns, ids, strict=True) if t[1] is not None])

    def turns(self, document: int | None = None) -> list[Turn]:
        """Return the turns, of all documents or of one, in their order."""
        return [Turn(**dict(r)) for r in self._of(document, "turn", 'document, "order"')]

    def turns_at(self, document: int, start: int, end: int) -> list[Turn]:
        """Return the turns of a document that have a letter in common with a span."""
        return [Turn(**dict(r)) for r in self._rows(
            'SELECT * FROM turn WHERE document = ? AND start < ? AND "end" > ? ORDER BY "order"',
            document, end, start)]

    def set_sentences(
        self, document: int, sentences: Sequence[tuple[int | None, int, int]]
    ) -> None:
        """Replace the sentences of a document: for each the turn's id, the start and the end."""
        with self.transaction():
            self._db.execute("DELETE FROM sentence WHERE document = ?", (document,))
            self._db.executemany(
                'INSERT INTO sentence (document, turn, start, "end") VALUES (?, ?, ?, ?)',
                [(document, *s) for s in sentences])

    def sentences(self, document: int | None = None) -> list[Sentence]:
        """Return the sentences, of all documents or of one, in their order."""
        return [Sentence(**dict(r)) for r in self._of(document, "sentence", "document, start")]
