"""What an import would do, and that it does that, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.fakes import FakeClock, WilfulStore, a_dossier
from workbench.domain.carrying import added_facts
from workbench.domain.dossier import AddedFact, Dossier
from workbench.domain.ids import ToolId
from workbench.domain.submission import Submission
from workbench.errors import ConflictError, DuplicateToolError, InputError, StoreError, UnknownNameError
from workbench.intake.markdown_file import MarkdownReader
from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.library.files import FileLibrary
from workbench.ports import Intake, Reader
from workbench.services.importing import Importing, Preview

LONG = "It writes code. It runs tests."
LONGER = "It writes code. It runs tests. It ships."


class LineReader(Reader):
    """A tool a line: `name;vendor;description`. A line without a semicolon is a problem."""

    @property
    def name(self) -> str:
        return "lines"

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (".lines", ".ln")

    def read(self, text: str) -> Intake:
        if not text:
            raise InputError("There is nothing here.")
        parts = [line.split(";") for line in text.split("\n")]
        return Intake(
            submissions=tuple(
                Submission(name=part[0], vendor=part[1], description=part[2], line=line)
                for line, part in enumerate(parts, start=1)
                if len(part) == 3
            ),
            problems=tuple(
                InputError("No tool.", line=line) for line, part in enumerate(parts, start=1) if len(part) != 3
            ),
            notices=("Read by line.",),
        )


@pytest.fixture
def importing(store: WilfulStore, clock: FakeClock) -> Importing:
    return Importing(
        store=store, readers={"lines": LineReader()}, decode=lambda data, _: data.decode("ascii"), clock=clock
    )


def lines(*tools: tuple[str, str, str]) -> str:
    return "\n".join(";".join(tool) for tool in tools)


def take_in(importing: Importing, *tools: tuple[str, str, str]) -> tuple[ToolId, ...]:
    return importing.commit(importing.preview_text(lines(*tools), "lines"))


def outcome(preview: Preview) -> list[tuple[str, str]]:
    return [(one.status, one.dossier.tool.id if one.dossier else "") for one in preview.candidates]


def stored(store: WilfulStore, *tool_ids: str) -> list[Dossier | None]:
    with store.reading() as repositories:
        return [repositories.tools.latest(ToolId(tool_id)) for tool_id in tool_ids]


def count(store: WilfulStore) -> int:
    with store.reading() as repositories:
        return repositories.tools.count()


def test_a_new_tool_is_shown_first_and_stored_only_when_committed(importing: Importing, store: WilfulStore) -> None:
    preview = importing.preview_form(Submission(name="Grok", vendor="xAI", description=LONG))
    assert outcome(preview) == [("new", "grok")]
    assert (stored(store, "grok"), preview.format) == ([None], "form")
    assert importing.commit(preview) == ("grok",)
    (kept,) = stored(store, "grok")
    assert kept == preview.importable[0]
    assert kept is not None
    assert (kept.revision, [fact.text for fact in kept.facts]) == (1, ["It writes code.", "It runs tests."])


def test_a_changed_description_is_the_next_revision_and_the_first_stays(
    importing: Importing, store: WilfulStore
) -> None:
    take_in(importing, ("Grok", "xAI", LONG))
    (first,) = stored(store, "grok")
    preview = importing.preview_text(lines(("grok", "XAI", LONGER)), "lines")
    assert outcome(preview) == [("revised", "grok")]
    importing.commit(preview)
    (second,) = stored(store, "grok")
    assert first is not None
    assert second is not None
    assert (second.revision, second.description) == (2, LONGER)
    with store.reading() as repositories:
        assert repositories.tools.by_digest(ToolId("grok"), first.digest) == first


def test_a_tool_kept_without_a_vendor_gets_one_with_its_next_revision(importing: Importing, store: WilfulStore) -> None:
    take_in(importing, ("Grok", "", LONG))
    assert outcome(importing.preview_text(lines(("Grok", "xAI", LONG)), "lines")) == [("revised", "grok")]
    assert count(store) == 3


def test_the_same_word_for_word_is_nothing_to_do(importing: Importing, store: WilfulStore) -> None:
    take_in(importing, ("Grok", "xAI", LONG))
    preview = importing.preview_text(lines(("Grok", "xAI", LONG)), "lines")
    assert (outcome(preview), preview.importable) == ([("same", "grok")], ())
    with pytest.raises(DuplicateToolError, match="“Grok” is already here, word for word"):
        importing.commit(preview)
    (kept,) = stored(store, "grok")
    assert kept is not None
    assert kept.revision == 1


def test_the_samples_lose_nothing_when_only_their_descriptions_come_again(
    importing: Importing, store: WilfulStore
) -> None:
    for text in FileLibrary(builtin_personas(), builtin_prompts()).sample():
        importing.commit(importing.preview_form(*MarkdownReader().read(text).submissions))
    (before,) = stored(store, "codestral-2-1")
    assert before is not None
    preview = importing.preview_form(Submission(name="Codestral 2.1", description=LONG))
    (candidate,) = preview.candidates
    assert (candidate.status, candidate.notices[-1][:44]) == ("revised", "Not given here, so kept from revision 1: ven")
    importing.commit(preview)
    (after,) = stored(store, "codestral-2-1")
    assert after is not None
    assert (after.tool, added_facts(after)) == (before.tool, added_facts(before))
    assert len(added_facts(after)) == 5


def test_a_fact_added_between_preview_and_commit_stays(importing: Importing, store: WilfulStore) -> None:
    take_in(importing, ("Grok", "xAI", LONG))
    preview = importing.preview_text(lines(("Grok", "xAI", LONGER)), "lines")
    price = AddedFact(text="It costs $3.", source="price page")
    importing.commit(importing.preview_form(Submission(name="Grok", description=LONG, facts=(price,))))
    importing.commit(preview)
    (kept,) = stored(store, "grok")
    assert kept is not None
    assert (kept.revision, kept.description, added_facts(kept)) == (3, LONGER, (price,))


def test_the_same_description_without_the_added_facts_is_nothing_to_do(importing: Importing) -> None:
    facts = (AddedFact(text="It costs $3.", source="price page"),)
    importing.commit(importing.preview_form(Submission(name="Grok", description=LONG, url="https://x.ai", facts=facts)))
    assert outcome(importing.preview_form(Submission(name="Grok", description=LONG))) == [("same", "grok")]


def test_new_votes_alone_are_a_revision(importing: Importing) -> None:
    importing.commit(importing.preview_form(Submission(name="Grok", description=LONG)))
    voted = Submission(name="Grok", description=LONG, community_percent="62", community_votes="113")
    assert outcome(importing.preview_form(voted)) == [("revised", "grok")]


def test_another_vendors_tool_of_the_same_name_gets_an_id_of_its_own(importing: Importing, store: WilfulStore) -> None:
    take_in(importing, ("Grok", "xAI", LONG))
    assert take_in(importing, ("Grok", "Acme", LONGER)) == ("grok-2",)
    assert take_in(importing, ("Grok", "Initech", LONGER)) == ("grok-3",)
    again = importing.preview_text(lines(("Grok", "xAI", LONG), ("Grok", "Acme", LONGER)), "lines")
    assert outcome(again) == [("same", "grok"), ("same", "grok-2")]
    assert [one.tool.vendor for one in stored(store, "grok", "grok-2", "grok-3") if one] == ["xAI", "Acme", "Initech"]


def test_two_vendors_tools_of_one_name_come_in_together(importing: Importing, store: WilfulStore) -> None:
    assert take_in(importing, ("Grok", "xAI", LONG), ("Grok", "Acme", LONGER)) == ("grok", "grok-2")
    assert [one.tool.vendor for one in stored(store, "grok", "grok-2") if one] == ["xAI", "Acme"]


def test_a_tool_whose_name_looks_like_such_an_id_is_never_taken_for_the_other(
    importing: Importing, store: WilfulStore
) -> None:
    take_in(importing, ("Grok", "Acme", LONG), ("Grok 2", "xAI", LONG))
    assert take_in(importing, ("Grok", "xAI", LONGER)) == ("grok-3",)
    kept = stored(store, "grok", "grok-2", "grok-3")
    assert [(one.tool.name, one.tool.vendor) for one in kept if one] == [
        ("Grok", "Acme"),
        ("Grok 2", "xAI"),
        ("Grok", "xAI"),
    ]


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("Flux", "FLUX!"), ("F#", "F*"), ("Ünit", "Unit")])
def test_tools_whose_names_only_share_a_slug_both_stay(
    importing: Importing, store: WilfulStore, one: str, other: str
) -> None:
    first, second = take_in(importing, (one, "", LONG), (other, "", LONGER))
    assert second == f"{first}-2"
    assert [kept.tool.name for kept in stored(store, first, second) if kept] == [one, other]
    assert outcome(importing.preview_text(lines((other, "", LONG)), "lines")) == [("revised", second)]
    assert outcome(importing.preview_text(lines((one, "", LONG)), "lines")) == [("same", first)]


@pytest.mark.parametrize("again", ["GROK  2", "grok 2", "Grok\u00a02"])
def test_case_and_blanks_make_no_other_name(importing: Importing, again: str) -> None:
    take_in(importing, ("Grok 2", "", LONG))
    assert outcome(importing.preview_text(lines((again, "", LONGER)), "lines")) == [("revised", "grok-2")]


def test_an_accent_encoded_in_two_characters_makes_no_other_name(importing: Importing) -> None:
    take_in(importing, ("Caf\u00e9", "", LONG))
    assert outcome(importing.preview_text(lines(("CAFE\u0301", "", LONGER)), "lines")) == [("revised", "cafe")]


def test_the_same_tool_twice_in_one_file_is_refused_with_its_line(importing: Importing) -> None:
    preview = importing.preview_text(lines(("Grok", "xAI", LONG), ("GROK", "xai", LONGER)), "lines")
    assert [one.status for one in preview.candidates] == ["new", "error"]
    (problem,) = preview.errors
    assert (str(problem), problem.line) == ("“GROK” comes twice. Keep one of them.", 2)
    assert importing.commit(preview) == ("grok",)


def test_the_same_known_tool_twice_in_one_file_is_refused_too(importing: Importing) -> None:
    take_in(importing, ("Grok", "xAI", LONG))
    preview = importing.preview_text(lines(("Grok", "xAI", LONG), ("Grok", "xAI", LONG)), "lines")
    assert [one.status for one in preview.candidates] == ["same", "error"]


def test_bad_rows_are_named_and_the_good_ones_can_be_kept(importing: Importing, store: WilfulStore) -> None:
    preview = importing.preview_text("\n".join(["oops", ";Acme;" + LONG, "Grok;xAI;" + LONG]), "lines")
    assert [(one.message, one.line) for one in preview.errors] == [("No tool.", 1), ("The tool has no name.", 2)]
    assert preview.notices == ("Read by line.",)
    assert importing.commit(preview) == ("grok",)
    assert count(store) == 3


@pytest.mark.parametrize(
    ("rows", "message"),
    [(["oops"], "No tool."), ([";Acme;" + LONG], "The tool has no name."), (["Grok;xAI;short"], "The description has")],
)
def test_nothing_is_stored_when_nothing_is_right(
    importing: Importing, store: WilfulStore, rows: Sequence[str], message: str
) -> None:
    preview = importing.preview_text("\n".join(rows), "lines")
    with pytest.raises(InputError, match=message):
        importing.commit(preview)
    assert count(store) == 2


def test_an_empty_preview_says_what_to_do(importing: Importing) -> None:
    with pytest.raises(InputError, match="There is no tool in this"):
        importing.commit(Preview(format="lines", candidates=()))


def test_a_commit_that_fails_half_way_keeps_nothing(
    importing: Importing, store: WilfulStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.store.tools import SqlTools

    preview = importing.preview_text(lines(("One", "A", LONG), ("Two", "A", LONG), ("Three", "A", LONG)), "lines")
    add = SqlTools.add

    def add_until_the_disk_is_full(tools: SqlTools, dossier: Dossier, at: object, *, editor: str = "") -> None:
        if dossier.tool.id == "three":
            raise StoreError("The disk is full.")
        add(tools, dossier, at, editor=editor)  # type: ignore[arg-type] # the clock's time

    monkeypatch.setattr(SqlTools, "add", add_until_the_disk_is_full)
    with pytest.raises(StoreError):
        importing.commit(preview)
    assert stored(store, "one", "two", "three") == [None, None, None]


def test_the_second_of_two_equal_previews_finds_nothing_left_to_do(importing: Importing, store: WilfulStore) -> None:
    first, second = (importing.preview_text(lines(("Grok", "xAI", LONG)), "lines") for _ in range(2))
    importing.commit(first)
    with pytest.raises(DuplicateToolError, match="already here"):
        importing.commit(second)
    assert [one.revision for one in stored(store, "grok") if one] == [1]


def test_the_second_of_two_different_previews_becomes_the_next_revision(
    importing: Importing, store: WilfulStore
) -> None:
    first = importing.preview_text(lines(("Grok", "xAI", LONG)), "lines")
    second = importing.preview_text(lines(("Grok", "xAI", LONGER), ("Other", "xAI", LONG)), "lines")
    assert importing.commit(first) == ("grok",)
    assert importing.commit(second) == ("grok", "other")
    (kept,) = stored(store, "grok")
    assert kept is not None
    assert (kept.revision, kept.description) == (2, LONGER)


def test_two_vendors_racing_for_one_name_both_stay(importing: Importing, store: WilfulStore) -> None:
    first = importing.preview_text(lines(("Grok", "xAI", LONG)), "lines")
    second = importing.preview_text(lines(("Grok", "Acme", LONG)), "lines")
    assert importing.commit(first) + importing.commit(second) == ("grok", "grok-2")
    assert count(store) == 4


def test_files_are_read_by_their_ending(importing: Importing) -> None:
    data = lines(("Grok", "xAI", LONG)).encode()
    assert outcome(importing.preview_file("folder/Tools.LN", data)) == [("new", "grok")]
    assert importing.suffixes == ("lines", "ln")


def test_a_file_nobody_reads_is_named_with_the_endings_that_are(importing: Importing) -> None:
    with pytest.raises(InputError) as caught:
        importing.preview_file("../secret/tools.pdf", b"")
    assert str(caught.value) == "“tools.pdf” is not a file this can read. Use .lines, .ln."


def test_a_format_nobody_reads_is_named_with_those_that_are(importing: Importing) -> None:
    with pytest.raises(UnknownNameError, match="no format called “pdf”"):
        importing.preview_text("x", "pdf")


def test_text_that_holds_nothing_is_refused_by_its_reader(importing: Importing) -> None:
    with pytest.raises(InputError, match="nothing here"):
        importing.preview_text("", "lines")


def test_a_revision_that_came_in_between_is_never_overwritten(store: WilfulStore, clock: FakeClock) -> None:
    with pytest.raises(ConflictError), store.writing() as repositories:
        repositories.tools.add(a_dossier("a-tool"), clock.now())
    assert count(store) == 2
