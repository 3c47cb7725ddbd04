"""An export is remembered, and the next one knows what is different."""

from __future__ import annotations

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore
from tests.services.cells import ANN, TOOL, Desk
from tests.services.test_signing import OTHER, PANEL
from workbench.domain.comparison import Page
from workbench.domain.exported import LineChange
from workbench.domain.text import digest_of
from workbench.errors import ExportError
from workbench.exports.json_document import EXPORTER as JSON
from workbench.exports.plain_text import EXPORTER as TEXT
from workbench.services.exporting import Exporting
from workbench.services.publishing import Publishing


class Press:
    """Two tools with a quote each, and the way out."""

    def __init__(self, store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> None:
        self.desk = Desk(store=store, clock=clock)
        exporters = {one.name: one for one in (TEXT, JSON)}
        self.publishing = Publishing(store=store, library=library, exporters=exporters, clock=clock)
        self.exporting = Exporting(store=store, publishing=self.publishing, clock=clock)

    def page(self, *, turned: bool = False) -> Page:
        pair = (OTHER, TOOL) if turned else (TOOL, OTHER)
        return self.publishing.page(self.publishing.comparison(*pair))

    def write(self, text: str) -> None:
        for tool in (TOOL, OTHER):
            self.desk.edit(tool, PANEL[0], f"{text} {tool}", ANN, verdict="ship")


@pytest.fixture
def press(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Press:
    return Press(store, library, clock)


def test_the_first_export_has_nothing_before_it_and_is_remembered(press: Press, clock: FakeClock) -> None:
    press.write("It is a thing of")
    assert press.exporting.changed(press.page()) is None
    file = press.exporting.export(press.page(), "json", editor="Ann")
    assert file == press.publishing.export(press.page(), "json")
    changed = press.exporting.changed(press.page())
    assert changed is not None
    assert changed.changes == ()
    last = changed.since
    assert (last.format, last.editor, last.at, last.digest) == ("json", "Ann", clock.now(), digest_of(file.data))
    assert last.text.encode() == TEXT.render(press.page())


def test_what_changed_since_is_told_line_by_line(press: Press) -> None:
    press.write("It is a thing of")
    press.exporting.export(press.page(), "text", editor="Ann")
    press.desk.edit(TOOL, PANEL[0], "It is another thing.", ANN)
    changed = press.exporting.changed(press.page())
    assert changed is not None
    assert LineChange(before="“It is a thing of a-tool”", after="“It is another thing.”") in changed.changes
    press.exporting.export(press.page(), "json", editor="Bea")
    again = press.exporting.changed(press.page())
    assert again is not None
    assert (again.since.editor, again.changes) == ("Bea", ())


def test_a_page_is_compared_with_the_one_that_stood_the_same_way_round(press: Press) -> None:
    press.write("It is a thing of")
    press.exporting.export(press.page(), "text", editor="Ann")
    assert press.exporting.changed(press.page(turned=True)) is None


def test_a_preview_is_no_export_and_neither_is_a_page_that_may_not_leave(press: Press) -> None:
    with pytest.raises(ExportError):
        press.exporting.export(press.page(), "text", editor="Ann")
    press.write("It is a thing of")
    press.publishing.export(press.page(), "text")
    assert press.exporting.changed(press.page()) is None
