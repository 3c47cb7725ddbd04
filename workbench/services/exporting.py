"""Exports a page and remembers how it read, so that the next export can say what is different."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.comparison import Page
from workbench.domain.exported import Exported, LineChange, line_changes
from workbench.domain.text import digest_of
from workbench.ports import Clock, Store
from workbench.services.publishing import File, Publishing

_AS_TEXT = "text"
"""The format in which pages are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is different on a page since it was last exported; nothing, when `changes` is empty."""

    since: Exported
    changes: tuple[LineChange, ...]


class Exporting:
    """Files that leave. A preview is none: that is `Publishing.export`."""

    def __init__(self, *, store: Store, publishing: Publishing, clock: Clock) -> None:
        self._store = store
        self._publishing = publishing
        self._clock = clock

    def export(self, page: Page, format_name: str, *, editor: str) -> File:
        """The page in one format, kept as exported by `editor`. Raises what `Publishing.export` raises."""
        file = self._publishing.export(page, format_name)
        self.remember(page, format_name, file, editor=editor)
        return file

    def remember(self, page: Page, format_name: str, file: File, *, editor: str) -> None:
        """Keep that `editor` exported this file of the page."""
        exported = Exported(
            comparison_id=page.comparison.id,
            left=page.comparison.left,
            at=self._clock.now(),
            editor=editor,
            format=format_name,
            digest=digest_of(file.data),
            text=self._text(page),
        )
        with self._store.writing() as repositories:
            repositories.exports.add(exported)

    def changed(self, page: Page) -> Changed | None:
        """What is different since the pair was last exported with the same tool on the left; None: it never was.

        Raises what `Publishing.export` raises.
        """
        with self._store.reading() as repositories:
            last = repositories.exports.last(page.comparison.id, page.comparison.left)
        return None if last is None else Changed(since=last, changes=line_changes(last.text, self._text(page)))

    def _text(self, page: Page) -> str:
        return self._publishing.export(page, _AS_TEXT).data.decode("utf-8")
