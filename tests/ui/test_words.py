"""Figures and names on the screen: exact, in the singular where there is one, and never markup."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from workbench.domain.dossier import Tool
from workbench.domain.ids import ToolId
from workbench.ui.components.words import count, money, names, plain, tokens

COMMONMARK = MarkdownIt("commonmark", {"html": True})
MARKS = r"\`*_{}[]()<>#+-.!|~$:^&;/=@ '"


def shown(markdown: str) -> str:
    """What a reader sees of one line of Markdown. Raises AssertionError when it is more than a paragraph."""
    html = COMMONMARK.render(markdown).strip()
    found = re.fullmatch(r"<p>([^<]*)</p>", html)
    assert found or not html, html
    return unescape(found[1]) if found else ""


@given(st.text(alphabet=st.sampled_from(MARKS + "ab1\n\t") | st.characters(codec="utf-8", exclude_characters="\0")))
@example("1. one")
@example("- one")
@example("# one")
@example("> one")
@example("![x](http://evil.example/a.png)")
@example("<img src=x onerror=alert(1)>")
@example("<http://evil.example>")
@example("AT&amp;T &lt;b&gt; &#33;")
@example("a\n\nb\n---\nc")
@example("    code")
@example(":material/check: :streamlit: 12:30")
def test_plain_text_is_shown_as_it_is_on_one_line(text: str) -> None:
    assert shown(plain(text)).replace("\u2060", "") == " ".join(text.replace("\u2060", "").split())
    assert re.search(r":material/|:streamlit:", shown(plain(text))) is None


@given(st.text(alphabet=MARKS + "abmterilx1"))
def test_nothing_streamlit_reads_as_a_sign_of_its_own_is_left(text: str) -> None:
    bare = re.sub(r"\\.", "", plain(text))
    assert re.findall(r"[$:\[\]|~<>]", bare) == []


@pytest.mark.parametrize(
    ("cost", "rehearsal", "said"),
    [
        (None, False, "price unknown"),
        (None, True, "price unknown"),
        (Decimal(0), False, "$0.0000"),
        (Decimal("0.00423"), False, "$0.0042"),
        (Decimal("0.99999"), False, "$1.0000"),
        (Decimal(1), False, "$1.00"),
        (Decimal("1234.567"), False, "$1234.57"),
        (Decimal("0.5"), True, "$0.5000 at list price, not spent"),
    ],
)
def test_money_is_never_a_zero_that_nobody_knows(cost: Decimal | None, rehearsal: bool, said: str) -> None:
    assert money(cost, rehearsal=rehearsal) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 drafts"), (1, "1 draft"), (2, "2 drafts")])
def test_one_is_one_and_the_rest_are_many(number: int, said: str) -> None:
    assert count(number, "draft") == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 tokens"), (1, "1 token"), (999, "999 tokens"), (1_234_567, "1,234,567 tokens")]
)
def test_tokens_are_counted_with_their_thousands(number: int, said: str) -> None:
    assert tokens(number) == said


def test_tools_of_one_name_are_told_apart_by_vendor_or_id() -> None:
    tools = [
        Tool(id=ToolId("grok"), name="Grok", vendor="xAI"),
        Tool(id=ToolId("grok-2"), name="Grok"),
        Tool(id=ToolId("anvil"), name="Anvil", vendor="Forge"),
    ]
    assert names(tools) == {"grok": "Grok (xAI)", "grok-2": "Grok (grok-2)", "anvil": "Anvil"}
    twins = [Tool(id=ToolId(one), name="Grok", vendor="xAI") for one in ("a", "b")]
    assert len(set(names(twins).values())) == 2
