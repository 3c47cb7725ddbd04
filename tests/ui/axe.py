"""What axe-core finds wrong with a page as it stands, shadow roots included; its script comes from an installed wheel."""

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
async ({ tags, habits, known }) => {
  const options = { runOnly: { type: "tag", values: [...tags, "best-practice"] }, resultTypes: ["violations"], elementRef: true };
  options.rules = Object.fromEntries(axe.getRules(["best-practice"]).map(({ ruleId }) => [ruleId, { enabled: habits.includes(ruleId) }]));
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes
    .filter(({ element }) => !known.some((one) => one.rule === id && element.matches(one.selector)))
    .map(({ target, html, any, all, none }) => `${id}: ${target.flat().join(" >> ")} ${html.slice(0, 160)} `
      + [...any, ...all, ...none].map((one) => one.message).join(" ")));
}
"""
_SETTLED = "() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a rule finds in Streamlit's own markup, which a page cannot mend."""

    rule: str
    selector: str
    why: str


def violations(page: Page, known: Sequence[Known] = ()) -> list[str]:
    """Every element that breaks a rule of WCAG 2.2 A or AA, with the rule and why; an empty list is what is wanted."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SCRIPT)
    page.wait_for_function(_SETTLED)
    found: list[str] = page.evaluate(_RUN, {"tags": TAGS, "habits": HABITS, "known": [asdict(one) for one in known]})
    return found
