from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.exports import hostile, pages
from workbench.domain.comparison import Page
from workbench.domain.text import one_line
from workbench.exports.markdown import EXPORTER

FLAVOURS = {
    "commonmark": MarkdownIt("commonmark"),
    "tables": MarkdownIt("commonmark").enable(["table", "strikethrough"]),
}
CODE_ONLY = MarkdownIt("zero").enable("backticks")


def parsed(page: Page, flavour: str = "tables") -> list[Token]:
    return FLAVOURS[flavour].parse(EXPORTER.render(page).decode("utf-8"))


def words(token: Token) -> str:
    """The text a reader sees of an inline token."""
    return "".join(
        "\n" if child.type in {"softbreak", "hardbreak"} else child.content for child in token.children or []
    )


def quoted(tokens: list[Token]) -> list[str]:
    """The text of each blockquote."""
    found: list[str] = []
    inside = False
    for token in tokens:
        if token.type == "blockquote_open":
            inside = True
            found.append("")
        elif token.type == "blockquote_close":
            inside = False
        elif inside and token.type == "inline":
            found[-1] += "\n" + words(token)
    return found


def seen(text: str) -> str:
    """What a reader should see of a text whose backticks are code; runs of blanks count once."""
    return one_line("".join(child.content for child in CODE_ONLY.parseInline(text)[0].children or []))


@pytest.mark.parametrize("flavour", list(FLAVOURS))
@hostile.unhurried
@given(text=hostile.prose)
def test_a_quote_read_back_says_the_same(flavour: str, text: str) -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote(text)), pages.card(pages.BARE))
    tokens = parsed(page, flavour)
    assert [one_line(found) for found in quoted(tokens)] == [seen(f"“{text}”")]
    inline = [child.type for token in tokens for child in token.children or []]
    assert set(inline) <= {"text", "text_special", "code_inline", "hardbreak", "softbreak", "link_open", "link_close"}
    assert "html_block" not in {token.type for token in tokens}


@hostile.unhurried
@given(text=hostile.prose)
def test_a_quote_adds_no_block_of_its_own(text: str) -> None:
    def outside(told: str) -> list[str]:
        page = pages.page(pages.card(pages.tool(), pages.quote(told)), pages.card(pages.BARE))
        depth = 0
        kinds: list[str] = []
        for token in parsed(page):
            depth -= token.type == "blockquote_close"
            if not depth:
                kinds.append(token.type)
            depth += token.type == "blockquote_open"
        return kinds

    assert outside(text) == outside("plain")


@hostile.unhurried
@given(name=hostile.lines, tagline=hostile.lines)
def test_names_and_taglines_read_back_in_headings_and_cells(name: str, tagline: str) -> None:
    page = pages.page(pages.card(pages.tool(name, tagline=tagline)), pages.card(pages.BARE))
    tokens = parsed(page)
    inlines = [words(token) for token in tokens if token.type == "inline"]
    assert one_line(f"{name} vs Bare") in map(one_line, inlines)
    cells = [words(tokens[at + 1]) for at, token in enumerate(tokens) if token.type in {"td_open", "th_open"}]
    assert len(cells) % 3 == 0
    assert cells[1] == name
    assert tagline in cells


def test_backticks_become_code_and_stay_so() -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote("Call `stream=true` *now*.")), pages.card(pages.BARE))
    assert r"> “Call `stream=true` \*now\*.”" in EXPORTER.render(page).decode("utf-8").split("\n")


def test_facts_stand_in_a_table_and_only_those_somebody_knows() -> None:
    lines = EXPORTER.render(pages.full_page()).decode("utf-8").split("\n")
    assert "| Panel ship | 100% | 67% |" in lines
    assert "| Link | <https://example.test/alpha> | <https://example.test/alpha> |" in lines
    bare = EXPORTER.render(pages.page(pages.card(pages.BARE), pages.card(pages.BARE))).decode("utf-8")
    assert "| Entry | — | — |" in bare
    assert "Link" not in bare


def test_an_address_that_would_break_the_table_is_escaped() -> None:
    odd = replace(pages.tool(), url="https://example.test/a|b")
    made = EXPORTER.render(pages.page(pages.card(odd), pages.card(pages.BARE))).decode("utf-8")
    assert r"| Link | https://example.test/a\|b |  |" in made.split("\n")


def test_a_persona_with_one_quote_leaves_the_other_side_marked() -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote()), pages.card(pages.BARE))
    lines = EXPORTER.render(page).decode("utf-8").split("\n")
    assert "#### Alpha Tool — Ship" in lines
    assert "#### Bare — No approved quote yet" in lines
    assert "No approved quotes yet" in lines


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("an _underscored_ word", r"an \_underscored\_ word"),
        ("~~gone~~ at ~90%", r"\~\~gone\~\~ at \~90%"),
        ("[x](https://example.test)", r"\[x\](https://example.test)"),
        ("![x](https://example.test/x.png)", r"!\[x\](https://example.test/x.png)"),
        ("$5 and $6", r"\$5 and \$6"),
        ("<b>R&D &amp; more</b>", r"\<b>R\&D \&amp; more\</b>"),
        ("C# & F#", r"C\# & F\#"),
    ],
)
def test_what_other_renderers_would_act_on_is_escaped_too(told: str, written: str) -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote(told)), pages.card(pages.BARE))
    assert f"> “{written}”" in EXPORTER.render(page).decode("utf-8").split("\n")
