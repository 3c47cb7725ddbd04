"""What axe-core finds wrong with a page as it stands, shadow roots included; its script is in an installed wheel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
HABITS = ("heading-order", "page-has-heading-one", "empty-heading", "landmark-unique", "aria-dialog-name", "tabindex")
"""Rules beyond WCAG that a page has to keep, too."""
_SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
_RUN = """
async ({ tags, habits, known, only, within }) => {
  const values = only.length ? only : [...axe.getRules(tags).map((one) => one.ruleId), ...habits];
  const options = { runOnly: { type: "rule", values }, resultTypes: ["violations"], elementRef: true };
  const { violations } = await axe.run(within.length ? { fromShadowDom: within } : document, options);
  return violations.flatMap(({ id, nodes }) => nodes
    .filter(({ element }) => !known.some((one) => one.rule === id && element.matches(one.selector)))
    .map(({ target, html, any, all, none }) => `${id}: ${target.flat().join(" >> ")} ${html.slice(0, 160)} `
      + [...any, ...all, ...none].map((one) => one.message).join(" ")));
}
"""
_SETTLED = """() => document.getAnimations().every((one) => one.playState !== "running"
  || one.effect.getTiming().iterations === Infinity)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a rule finds in Streamlit's own markup, which a page cannot mend."""

    rule: str
    selector: str
    why: str


def violations(
    page: Page, known: Sequence[Known] = (), only: Sequence[str] = (), within: Sequence[str] = ()
) -> list[str]:
    """Every element that breaks a rule of WCAG 2.2 A or AA, or one of `only`, with the rule and why.

    `within`: where to look, a selector for each shadow root on the way; nothing for the whole page.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SCRIPT)
    page.wait_for_function(_SETTLED)
    asked = {
        "tags": TAGS,
        "habits": HABITS,
        "known": [asdict(one) for one in known],
        "only": [*only],
        "within": [*within],
    }
    found: list[str] = page.evaluate(_RUN, asked)
    return found
