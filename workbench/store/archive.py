"""Texts by digest in the database."""

from __future__ import annotations

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from workbench.domain.ids import Digest
from workbench.domain.text import digest as digest_of
from workbench.store import codec
from workbench.store.tables import ArchiveRow

_PUT = insert(ArchiveRow).on_conflict_do_nothing()
"""Whoever kept a text first kept it for all."""


class SqlArchive:
    """The `Archive` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._put: set[Digest] = set()

    def put(self, digest: Digest, text: str) -> None:
        if digest in self._put:
            return
        self._put.add(digest)
        row = {"digest": digest, "text": text, "text_sha256": digest_of(text)}
        self._session.connection().execute(_PUT, row)

    def get(self, digest: Digest) -> str | None:
        row = self._session.get(ArchiveRow, digest)
        return None if row is None else codec.opened(row.text, row.text_sha256, f"The archived text {digest}")
