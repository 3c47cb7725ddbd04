from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from tests.exports import hostile, pages
from workbench.domain.comparison import Page
from workbench.exports.html_page import EXPORTER

VOID = {"meta", "circle", "link", "br", "img"}
CODE_ONLY = MarkdownIt("zero").enable("backticks")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list[str])


class Reading(HTMLParser):
    """Every element of a page with all the text in it."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(EXPORTER.render(page).decode("utf-8"))
        self.close()
        self.left_open = [one.tag for one in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, inside=[one.tag for one in self._open])
        self.elements.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text += data

    def tagged(self, tag: str) -> list[Element]:
        return [one for one in self.elements if one.tag == tag]

    def classed(self, name: str) -> list[Element]:
        return [one for one in self.elements if name in one.attributes.get("class", "").split()]

    def linked_data(self) -> dict[str, Any]:
        (script,) = self.tagged("script")
        return cast("dict[str, Any]", json.loads(script.text))


def shape(reading: Reading) -> list[tuple[str, list[str]]]:
    return [(one.tag, sorted(one.attributes)) for one in reading.elements if one.tag != "code"]


def seen(text: str) -> str:
    return "".join(child.content for child in CODE_ONLY.parseInline(text)[0].children or [])


def hostile_page(name: str, tagline: str, text: str) -> Page:
    told = pages.tool(name, tagline=tagline)
    return pages.page(pages.card(told, pages.quote(text), description=text), pages.card(pages.BARE), call=text)


@hostile.unhurried
@given(name=hostile.lines.filter(bool), tagline=hostile.lines.filter(bool), text=hostile.prose.filter(bool))
def test_whatever_the_text_the_page_keeps_its_shape_and_says_it(name: str, tagline: str, text: str) -> None:
    reading = Reading(hostile_page(name, tagline, text))
    assert reading.left_open == []
    assert shape(reading) == shape(Reading(hostile_page("a", "a", "a")))
    assert [one.text for one in reading.classed("name")] == [name, "Bare", name, "Bare"]
    assert [one.text for one in reading.classed("tagline")] == [tagline]
    assert [one.text for one in reading.classed("description")] == [text, "A tool for tests. It does what it says."]
    assert [one.text for one in reading.classed("text")] == [seen(text), f"“{seen(text)}”"]


@hostile.unhurried
@given(name=hostile.lines.filter(bool), text=hostile.prose.filter(bool))
def test_linked_data_cannot_be_broken_out_of_and_reads_back_equal(name: str, text: str) -> None:
    (review,) = Reading(hostile_page(name, "t", text)).linked_data()["@graph"]
    assert (review["itemReviewed"]["name"], review["reviewBody"]) == (name, text)


def test_backticks_become_code_and_nothing_else_becomes_markup() -> None:
    reading = Reading(hostile_page("n", "t", "Call `stream=true` **now** [x](https://example.test) <b>b</b>"))
    codes = [one.text for one in reading.tagged("code") if "blockquote" in one.inside]
    assert codes == ["stream=true"]
    assert not {"b", "strong", "img"} & {one.tag for one in reading.elements if "blockquote" in one.inside}
    assert [one.tag for one in reading.elements if "blockquote" in one.inside] == ["p", "code"]


def test_the_page_asks_for_nothing_from_outside() -> None:
    made = EXPORTER.render(pages.full_page()).decode("utf-8")
    reading = Reading(pages.full_page())
    (policy,) = [one for one in reading.tagged("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not {"link", "img", "iframe", "object", "video", "audio", "form"} & {one.tag for one in reading.elements}
    assert [one for one in reading.elements if {"src", "srcset", "style", "onclick"} & set(one.attributes)] == []
    assert re.search(r"@import|url\(", made) is None


def test_only_web_addresses_become_links() -> None:
    odd = replace(pages.tool(), url="javascript:alert(1)")
    reading = Reading(pages.page(pages.card(odd), pages.card(pages.tool())))
    assert [one.attributes["href"] for one in reading.tagged("a")] == ["https://example.test/alpha"]


def test_reviews_name_the_organisation_and_the_editor_and_give_no_rating() -> None:
    reviews = Reading(pages.full_page()).linked_data()["@graph"]
    assert len(reviews) == 8
    assert {one["author"]["@type"] for one in reviews} == {"Organization"}
    assert {(one["editor"]["@type"], one["editor"]["name"]) for one in reviews} == {("Person", "Ada Example")}
    assert "ating" not in json.dumps(reviews)
    assert reviews[0]["digitalSourceType"].endswith("CompositeWithTrainedAlgorithmicMediaDigitalSource")
    by_hand = Reading(pages.full_page(provenance=pages.BY_HAND)).linked_data()["@graph"]
    assert not any("digitalSourceType" in one for one in by_hand)


def test_a_rehearsal_is_bannered_kept_from_search_and_carries_no_linked_data() -> None:
    reading = Reading(pages.full_page(provenance=pages.REHEARSED))
    assert [one.text for one in reading.classed("rehearsal")] == ["Rehearsal: no model was called"]
    assert "noindex" in [one.attributes.get("content") for one in reading.tagged("meta")]
    assert reading.tagged("script") == []
    real = Reading(pages.full_page())
    assert real.classed("rehearsal") == []
    assert "noindex" not in [one.attributes.get("content") for one in real.tagged("meta")]


@pytest.mark.parametrize("page", [pages.full_page(), pages.empty_page()], ids=["full", "empty"])
def test_headings_descend_without_gaps_and_every_section_is_named(page: Page) -> None:
    reading = Reading(page)
    levels = [int(one.tag[1]) for one in reading.elements if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [one.attributes["id"] for one in reading.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {one.attributes["aria-labelledby"] for one in reading.tagged("section")} <= set(ids)
    assert len(reading.tagged("main")) == 1


def test_the_panel_is_drawn_and_printed() -> None:
    reading = Reading(pages.full_page())
    assert [" ".join(one.text.split()) for one in reading.classed("ring")] == ["100% Panel ship", "67% Panel ship"]
    assert [one.attributes.get("stroke-dasharray") for one in reading.classed("share")] == [None, "67 100"]
    skipped = pages.page(pages.card(pages.tool(), pages.quote(verdict="skip")), pages.card(pages.BARE))
    assert Reading(skipped).classed("share") == []
    assert [" ".join(one.text.split()) for one in Reading(skipped).classed("ring")] == ["0% Panel ship", "— Panel ship"]


def test_verdicts_stand_in_the_table_and_at_each_quote() -> None:
    chips = [one.text for one in Reading(pages.full_page()).classed("chip")]
    once = ["Ship", "Ship", "Ship", "Ship", "Ship", "Skip", "Ship", "Undecided"]
    assert chips == once + once


def test_each_quote_opens_on_where_its_text_comes_from() -> None:
    details = [" ".join(one.text.split()) for one in Reading(pages.full_page()).tagged("details")]
    assert len(details) == 8
    assert "Model claude-example-1" in details[0]
    assert "Kept of the draft 80 %" in details[0]
    by_hand = Reading(pages.full_page(provenance=pages.BY_HAND)).tagged("details")[0]
    assert "none, written by hand" in by_hand.text


def test_what_is_missing_is_said() -> None:
    said = [one.text for one in Reading(pages.empty_page()).classed("absent")]
    assert said == ["No approved quotes yet"] * 3
