"""The page as one HTML file that needs nothing else: no script, no remote font, image or style."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.domain import comparison, scorecard
from workbench.domain.comparison import FOOTER, Page, digital_source_type
from workbench.domain.scorecard import Quote, Scorecard

if TYPE_CHECKING:
    from jinja2 import Template
    from markdown_it import MarkdownIt
    from markupsafe import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """Exports a page readers can open, print and read in the dark."""

    name: str = "html"
    label: str = "HTML page"
    suffix: str = ".html"
    media_type: str = "text/html"

    def render(self, page: Page) -> bytes:
        """The filled template, UTF-8."""
        filled = _template().render(
            page=page,
            linked_data=_linked_data(page),
            words=comparison,
            figures=scorecard,
            prose=_prose,
            is_web_address=_is_web_address,
        )
        return filled.encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=PackageLoader("workbench", "exports"),
    )
    return environment.get_template("page.html.j2")


def _prose(text: str) -> Markup:
    """The text as HTML in which only backticks mean anything; they become `<code>`."""
    import nh3
    from markupsafe import Markup

    made = _code_only().renderInline(text)
    return Markup(nh3.clean(made, tags={"code"}, attributes={}, link_rel=None))  # noqa: S704 - nh3 has just cleaned it


@cache
def _code_only() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"html": False}).enable("backticks")


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _linked_data(page: Page) -> dict[str, Any] | None:
    """The quotes as schema.org Reviews; None for a rehearsal, which must not pass for a review."""
    if page.rehearsal or not page.quotes:
        return None
    return {"@context": "https://schema.org", "@graph": [_review(card, quote) for card, quote in page.quotes]}


def _review(card: Scorecard, quote: Quote) -> dict[str, Any]:
    tool, origin = card.tool, quote.provenance
    item = {"@type": "SoftwareApplication", "name": tool.name, "applicationCategory": tool.category, "url": tool.url}
    review = {
        "@type": "Review",
        "itemReviewed": {key: value for key, value in item.items() if value},
        # A persona is a lens of the publication, so it is never given as a person.
        "author": {"@type": "Organization", "name": FOOTER[0]},
        "editor": {"@type": "Person", "name": origin.editor},
        "reviewAspect": quote.persona_label,
        "reviewBody": quote.text,
        "datePublished": origin.decided_at.date().isoformat(),
        "creativeWorkStatus": "Published",
        "digitalSourceType": digital_source_type(quote),
    }
    return {key: value for key, value in review.items() if value}


EXPORTER = HtmlPage()
