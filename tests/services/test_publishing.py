"""From approved quotes to a page and a file; what nobody approved never gets there."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, keep
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from tests.services.test_undoing import DEEDS
from workbench import exports
from workbench.domain.comparison import REHEARSAL_NOTICE, Page, disclosure, is_against_older_dossier
from workbench.domain.decision import Decision, Edited
from workbench.domain.edition import Edition
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.piece import Piece
from workbench.domain.text import digest
from workbench.errors import ConflictError, ExportError, InputError, UnknownNameError
from workbench.plugins import discover
from workbench.ports import Exporter
from workbench.services.deciding import Signature
from workbench.services.publishing import CALL_LIMIT, Publishing

OTHER = ToolId("b-tool")
SKEPTIC = PersonaId("skeptic")


class PlainExporter(Exporter):
    """The quotes, a line each."""

    @property
    def name(self) -> str:
        return "plain"

    @property
    def label(self) -> str:
        return "Plain"

    @property
    def suffix(self) -> str:
        return ".txt"

    @property
    def media_type(self) -> str:
        return "text/plain"

    def render(self, page: Page) -> bytes:
        return "\n".join(quote.text for _, quote in page.quotes).encode()


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    return Desk(store=store, clock=clock)


@pytest.fixture
def publishing(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Publishing:
    return Publishing(store=store, library=library, exporters={"plain": PlainExporter()}, clock=clock)


def the_page(publishing: Publishing) -> Page:
    return publishing.page(publishing.comparison(TOOL, OTHER))


def test_a_tool_nobody_decided_about_has_no_quotes_and_every_lens_is_missing(publishing: Publishing) -> None:
    card = publishing.scorecard(TOOL)
    assert (card.quotes, card.panel, card.missing) == ((), None, ("Builder", "Skeptic", "Futurist", "Business"))


def test_quotes_stand_in_the_lenses_order_and_decided_verdicts_make_the_panel(
    publishing: Publishing, desk: Desk
) -> None:
    desk.edit(TOOL, SKEPTIC, "Hm.", ANN, verdict="skip")
    desk.accept(desk.draft("It ships.").id, "ship", ANN)
    desk.edit(TOOL, PersonaId("futurist"), "One day.", ANN)
    card = publishing.scorecard(TOOL)
    assert [(one.persona_label, one.text) for one in card.quotes] == [
        ("Builder", "It ships."),
        ("Skeptic", "Hm."),
        ("Futurist", "One day."),
    ]
    assert (card.panel, card.split, card.missing) == (50, "1–1", ("Business",))


def test_a_verdict_without_a_quote_is_no_quote(publishing: Publishing, desk: Desk) -> None:
    desk.set_verdict(TOOL, BUILDER, "ship", ANN)
    card = publishing.scorecard(TOOL)
    assert (card.quotes, card.panel, card.missing[0]) == ((), None, "Builder")


def test_an_accepted_quote_says_where_it_comes_from(publishing: Publishing, desk: Desk, clock: FakeClock) -> None:
    desk.draft("Never mind.")
    draft = desk.draft("It ships.", rehearsal=True)
    at = clock.forward()
    desk.accept(draft.id, "ship", ANN)
    origin = publishing.scorecard(TOOL).quotes[0].provenance
    assert (origin.editor, origin.decided_at, origin.draft_id, origin.take) == ("Ann", at, draft.id, 2)
    assert (origin.provider, origin.model, origin.rehearsal) == ("claude", "claude-of-the-day", True)
    assert (origin.edited, origin.kept) == (False, 1.0)
    assert (origin.dossier_digest, origin.persona_digest) == (
        draft.origin.dossier_digest,
        draft.origin.persona_digest,
    )
    assert the_page(publishing).rehearsal


@pytest.mark.parametrize("rehearsed_first", [True, False])
@pytest.mark.parametrize("words", ["It runs and runs and runs on all of them.", "Not a word of that."])
def test_a_quote_with_one_rehearsed_sentence_says_so_in_every_format(
    publishing: Publishing, desk: Desk, rehearsed_first: bool, words: str
) -> None:
    said = "It runs and runs and runs on all of them."
    acted = desk.draft(said, rehearsal=True)
    real = desk.draft("It ships.")
    pieces = [
        Piece(text=words, draft_id=acted.id, place=0),
        Piece(text="It ships.", draft_id=real.id, place=0),
    ]
    desk.compose(TOOL, BUILDER, pieces if rehearsed_first else pieces[::-1], ANN)
    desk.edit(OTHER, BUILDER, "By hand.", ANN)
    page = the_page(publishing)
    origin = page.left.quotes[0].provenance
    assert origin.rehearsal
    assert sorted((one.text, one.rehearsal) for one in origin.sources) == sorted([(words, True), ("It ships.", False)])
    for exporter in discover(exports, "EXPORTER"):
        document = exporter.render(page).decode("utf-8").replace(f'"const": "{REHEARSAL_NOTICE}"', "")
        assert document.count(REHEARSAL_NOTICE) >= 2, exporter.name  # of the page or the row, and under the quote
        assert "claude-of-the-day" in document


def test_an_editors_words_in_place_of_a_rehearsed_sentence_still_say_so(publishing: Publishing, desk: Desk) -> None:
    acted = desk.draft("It runs.", rehearsal=True)
    desk.compose(TOOL, BUILDER, [Piece(text="Nobody knows.", draft_id=acted.id, place=0)], ANN)
    (quote,) = publishing.scorecard(TOOL).quotes
    assert quote.provenance.draft_id is None
    assert quote.provenance.rehearsal
    assert REHEARSAL_NOTICE in disclosure(quote)


def test_an_edited_quote_says_how_much_of_the_draft_was_kept(publishing: Publishing, desk: Desk) -> None:
    draft = desk.draft("It ships today, they say.")
    desk.edit(TOOL, BUILDER, "It ships never, I say.", ANN, draft_id=draft.id)
    origin = publishing.scorecard(TOOL).quotes[0].provenance
    assert (origin.edited, origin.kept) == (True, 0.6)


def test_a_quote_put_together_names_the_source_of_each_sentence(publishing: Publishing, desk: Desk) -> None:
    left, right = desk.draft("It runs.", "It ships today."), desk.draft("It walks.")
    whole = Piece(text="It runs.", beat="dx", draft_id=left.id, place=0)
    half = Piece(text="It walks slowly, still.", beat="bet", draft_id=right.id, place=0)
    own = Piece(text="So there it is.")
    desk.compose(TOOL, BUILDER, [whole, half, own], ANN)
    origin = publishing.scorecard(TOOL).quotes[0].provenance
    assert [(one.text, one.beat, one.draft_id, one.provider, one.kept) for one in origin.sources] == [
        ("It runs.", "dx", left.id, "claude", 1.0),
        ("It walks slowly, still.", "bet", right.id, "claude", 0.25),
        ("So there it is.", "", None, "", 0.0),
    ]
    assert (origin.draft_id, origin.edited, origin.kept) == (left.id, True, 0.3)
    desk.compose(TOOL, BUILDER, [own], ANN)
    origin = publishing.scorecard(TOOL).quotes[0].provenance
    assert (origin.draft_id, [one.draft_id for one in origin.sources]) == (None, [None])


def test_a_quote_written_by_hand_comes_from_no_draft(publishing: Publishing, desk: Desk) -> None:
    desk.edit(TOOL, BUILDER, "I say so.", ANN)
    origin = publishing.scorecard(TOOL).quotes[0].provenance
    assert (origin.draft_id, origin.provider, origin.model, origin.kept) == (None, "", "", 0.0)
    assert (origin.persona_digest, origin.dossier_digest) == (digest("builder"), a_dossier(TOOL).digest)


def test_a_quote_drafted_from_an_older_dossier_stays_and_its_record_tells(
    publishing: Publishing, desk: Desk, store: WilfulStore
) -> None:
    desk.accept(desk.draft("It ships.").id, "ship", ANN)
    keep(store, [a_dossier(TOOL, description="It builds. It tests. It costs.", revision=2)])
    card = publishing.scorecard(TOOL)
    assert card.description == "It builds. It tests. It costs."
    assert is_against_older_dossier(card, card.quotes[0])


def revised(store: WilfulStore, clock: FakeClock, revision: int = 2) -> None:
    """The first tool's description says one thing more, a minute from now."""
    clock.forward()
    with store.writing() as repositories:
        dossier = a_dossier(TOOL, description=f"It builds. It tests. It costs ${revision}.", revision=revision)
        repositories.tools.add(dossier, clock.now())
    clock.forward()


def test_a_quote_written_by_hand_tells_the_dossier_it_was_written_beside(
    publishing: Publishing, desk: Desk, store: WilfulStore, clock: FakeClock
) -> None:
    desk.edit(TOOL, BUILDER, "It builds, I say.", ANN)
    first = publishing.scorecard(TOOL)
    assert not is_against_older_dossier(first, first.quotes[0])
    revised(store, clock)
    card = publishing.scorecard(TOOL)
    assert is_against_older_dossier(card, card.quotes[0])
    assert card.quotes[0].provenance.dossier_digest == first.dossier_digest
    desk.edit(TOOL, BUILDER, "It builds and costs, I say.", ANN)
    card = publishing.scorecard(TOOL)
    assert not is_against_older_dossier(card, card.quotes[0])


def test_of_a_quote_from_before_revisions_were_written_down_the_time_tells(
    publishing: Publishing, store: WilfulStore, clock: FakeClock
) -> None:
    revised(store, clock)
    with store.writing() as repositories:
        act = Edited(text="It builds, I say.")
        repositories.decisions.append(
            Decision(tool_id=TOOL, persona_id=BUILDER, number=1, editor="Ann", at=clock.now(), act=act)
        )
    then = publishing.scorecard(TOOL)
    assert not is_against_older_dossier(then, then.quotes[0])
    revised(store, clock, 3)
    card = publishing.scorecard(TOOL)
    assert is_against_older_dossier(card, card.quotes[0])
    assert card.quotes[0].provenance.dossier_digest == then.dossier_digest


def test_a_quote_written_by_hand_tells_the_version_of_the_lens_of_its_time(
    publishing: Publishing, desk: Desk, store: WilfulStore, clock: FakeClock
) -> None:
    def edition(text: str) -> Edition:
        return Edition(
            kind="persona", name="builder", digest=digest(text), text=text, editor="Ann", note="Anew.", at=clock.now()
        )

    with store.writing() as repositories:
        repositories.editions.add(edition("The first."))
    clock.forward()
    desk.edit(TOOL, BUILDER, "It builds, I say.", ANN)
    clock.forward()
    with store.writing() as repositories:
        repositories.editions.add(edition("The second."))
    assert publishing.scorecard(TOOL).quotes[0].provenance.persona_digest == digest("The first.")


def test_a_quote_of_a_persona_whose_file_is_gone_stays_last_under_its_id(
    publishing: Publishing, desk: Desk, library: FakeLibrary
) -> None:
    desk.edit(TOOL, BUILDER, "I say so.", ANN)
    desk.edit(TOOL, SKEPTIC, "Hm.", ANN)
    library.lenses = [one for one in library.lenses if one.id != "builder"]
    card = publishing.scorecard(TOOL)
    assert [(one.persona_label, one.text) for one in card.quotes] == [("Skeptic", "Hm."), ("builder", "I say so.")]
    assert card.quotes[1].provenance.persona_digest == digest("")
    assert card.missing == ("Futurist", "Business")


def test_a_tool_nobody_knows_is_answered_with_those_there_are(publishing: Publishing) -> None:
    with pytest.raises(UnknownNameError) as caught:
        publishing.scorecard(ToolId("nobody"))
    assert "a-tool" in caught.value.remedy


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(some.lists(some.sampled_from([*sorted(DEEDS), "undo"]), max_size=6))
def test_only_what_an_editor_approved_last_is_on_the_page(publishing: Publishing, desk: Desk, deeds: list[str]) -> None:
    one, other = desk.draft("Ships as one."), desk.draft("Waits as other.")
    for deed in deeds:
        if deed != "undo":
            DEEDS[deed](desk, one, other)
        elif desk.history(TOOL, BUILDER):
            desk.undo(TOOL, BUILDER, ANN)
    approved = [cell for cell in desk.cells(TOOL).values() if cell.approved]
    page = the_page(publishing)
    assert [quote.text for _, quote in page.quotes] == [cell.text for cell in approved]
    assert [quote.verdict for _, quote in page.quotes] == [cell.verdict for cell in approved]
    rejected = {draft_id for cell in desk.cells(TOOL).values() for draft_id in cell.rejected}
    assert not rejected & {quote.provenance.draft_id for _, quote in page.quotes}
    assert all(quote.provenance.editor for _, quote in page.quotes)


def test_the_page_is_as_old_as_its_newest_decision(publishing: Publishing, desk: Desk, clock: FakeClock) -> None:
    assert the_page(publishing).made_at is None
    desk.edit(TOOL, BUILDER, "First.", ANN)
    newest = clock.forward()
    desk.edit(OTHER, BUILDER, "Second.", ANN)
    clock.forward()
    assert the_page(publishing).made_at == newest
    comparison = publishing.call(publishing.comparison(TOOL, OTHER), "Take the first.", "Ann")
    assert publishing.page(comparison).made_at == clock.now()


def test_a_comparison_needs_two_tools(publishing: Publishing) -> None:
    with pytest.raises(InputError, match="two different tools"):
        publishing.comparison(TOOL, TOOL)


def test_a_comparison_is_kept_with_its_first_call(publishing: Publishing, clock: FakeClock) -> None:
    made = publishing.comparison(TOOL, OTHER)
    assert (made.id, made.version, publishing.comparisons()) == ("a-tool--vs--b-tool", 0, [])
    saved = publishing.call(made, "  Take \u202ethe first.\n", " Ann ")
    assert (saved.call, saved.call_editor, saved.call_at) == ("Take the first.", "Ann", clock.now())
    assert publishing.comparison(TOOL, OTHER) == saved
    assert publishing.comparisons() == [saved]


def test_the_second_editors_call_is_refused_with_the_firsts_words(publishing: Publishing) -> None:
    stale = publishing.comparison(TOOL, OTHER)
    saved = publishing.call(stale, "Take the first.", "Ann")
    with pytest.raises(ConflictError, match="Ann saved another call meanwhile: “Take the first"):
        publishing.call(stale, "Take the second.", "Ben")
    again = publishing.call(saved, "Take the second.", "Ben")
    assert (again.call, again.version) == ("Take the second.", 2)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x" * (CALL_LIMIT + 1), "The editor's call has 2,001 characters; the limit is 2,000"),
        ("a\0", "a NUL character at character 2"),
        ("\udc00", "half of a surrogate pair (U+DC00) at character 1"),
    ],
)
def test_a_call_that_cannot_be_printed_is_refused_and_says_why(
    publishing: Publishing, text: str, complaint: str
) -> None:
    with pytest.raises(InputError) as caught:
        publishing.call(publishing.comparison(TOOL, OTHER), text, "Ann")
    assert complaint in caught.value.message
    assert publishing.comparisons() == []


def test_a_call_needs_a_name(publishing: Publishing) -> None:
    with pytest.raises(InputError, match="needs a name"):
        publishing.call(publishing.comparison(TOOL, OTHER), "Take the first.", " ")


def test_a_preview_shows_a_page_that_may_not_leave_and_nothing_nobody_approved(
    store: WilfulStore, library: FakeLibrary, clock: FakeClock, desk: Desk
) -> None:
    found = {one.name: one for one in discover(exports, "EXPORTER")}
    publishing = Publishing(store=store, library=library, exporters=found, clock=clock)
    desk.draft("Nobody has read this.")
    desk.edit(OTHER, BUILDER, "It ships.", ANN)
    page = the_page(publishing)
    assert publishing.refusal(page) is not None
    seen = publishing.preview(page)
    assert (seen.media_type, seen.name) == ("text/html", "a-tool-vs-b-tool.html")
    assert b"It ships." in seen.data
    assert b"Nobody has read this." not in seen.data


def test_an_export_is_the_approved_text_under_the_comparisons_name(publishing: Publishing, desk: Desk) -> None:
    desk.accept(desk.draft("It ships.").id, "ship", ANN)
    desk.draft("Nobody approved this.", persona=SKEPTIC)
    desk.edit(OTHER, BUILDER, "By hand.", Signature(editor="Ben"))
    file = publishing.export(the_page(publishing), "plain")
    assert (file.name, file.data, file.media_type) == ("a-tool-vs-b-tool.txt", b"It ships.\nBy hand.", "text/plain")
    assert [one.name for one in publishing.exporters] == ["plain"]


def test_a_format_nobody_writes_is_answered_with_those_there_are(publishing: Publishing) -> None:
    with pytest.raises(UnknownNameError, match="no export format called “pdf”"):
        publishing.export(the_page(publishing), "pdf")


def test_a_page_with_a_bare_tool_may_not_leave(publishing: Publishing, desk: Desk) -> None:
    with pytest.raises(ExportError, match="A Tool and B Tool have no approved quote yet"):
        publishing.export(the_page(publishing), "plain")
    desk.edit(TOOL, BUILDER, "I say so.", ANN)
    with pytest.raises(ExportError, match="B Tool has no approved quote yet"):
        publishing.export(the_page(publishing), "plain")


def test_the_same_decisions_make_the_same_bytes_whatever_the_time(
    publishing: Publishing, desk: Desk, clock: FakeClock
) -> None:
    desk.edit(TOOL, BUILDER, "First.", ANN)
    desk.edit(OTHER, BUILDER, "Second.", ANN)
    first = the_page(publishing)
    clock.at = datetime.max.replace(tzinfo=clock.at.tzinfo)
    assert the_page(publishing) == first
