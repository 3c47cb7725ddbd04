"""Conflicts of interest: who makes the model that drafts, and whether it also makes a tool on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from workbench.domain.decision import Cell
from workbench.domain.dossier import Tool
from workbench.domain.draft import Origin

Interest = Literal["self", "rival", "neutral"]
"""What the drafter's maker has at stake: the tool under review is its own, another tool on the page is, or neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A company that makes models, under the names it goes by, and the names of what it makes.

    `words` are names that are English words too: they count only as they are spelt here.
    """

    name: str
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that gives it away in a text."""
        return (self.name, *self.aliases, *self.products, *self.words)


# Owners and product families as of November 2026, from the vendors' own model lists and company pages. An owner is who
# controls the company (GitHub is Microsoft's); a stake in another vendor (Amazon's and Google's in Anthropic,
# Microsoft's in OpenAI) does not make its products theirs.
VENDORS: tuple[Vendor, ...] = (
    Vendor(name="Anthropic", products=("Claude", "Claude Code"), words=("Opus", "Sonnet", "Haiku")),
    Vendor(
        name="OpenAI",
        aliases=("Open AI",),
        products=("ChatGPT", "GPT", "Codex", "DALL-E", "o1", "o3", "o4-mini"),
        words=("Sora", "Whisper"),
    ),
    Vendor(
        name="Google",
        aliases=("Alphabet", "DeepMind", "Google DeepMind"),
        products=("Gemini", "Gemma", "Vertex AI", "NotebookLM"),
        words=("Bard", "Jules"),
    ),
    Vendor(
        name="Mistral AI",
        aliases=("Mistral", "MistralAI"),
        products=(
            *("Codestral", "Mixtral", "Ministral", "Magistral", "Devstral", "Pixtral", "Voxtral", "Le Chat"),
            *("Mistral Large", "Mistral Medium", "Mistral Small"),
        ),
    ),
    Vendor(name="Meta", aliases=("Meta Platforms", "Facebook"), products=("Llama", "Code Llama")),
    Vendor(
        name="Microsoft",
        aliases=("GitHub", "Azure"),
        products=("Copilot", "GitHub Copilot", "VS Code", "Visual Studio"),
        words=("Phi", "Orca"),
    ),
    Vendor(
        name="Amazon",
        aliases=("AWS", "Amazon Web Services"),
        products=("Bedrock", "CodeWhisperer", "Amazon Q"),
        words=("Nova", "Titan", "Kiro"),
    ),
    Vendor(name="xAI", aliases=("x.ai",), products=("Grok",)),
    Vendor(name="Cohere", products=("Command R", "Command A"), words=("Aya",)),
    Vendor(name="DeepSeek", aliases=("Deep Seek",)),
    Vendor(name="Alibaba", aliases=("Alibaba Group", "Tongyi"), products=("Qwen", "QwQ")),
    Vendor(name="NVIDIA", products=("Nemotron",)),
    Vendor(name="IBM", aliases=("watsonx",), words=("Granite",)),
    Vendor(name="Moonshot AI", aliases=("Moonshot",), products=("Kimi",)),
    Vendor(name="Zhipu AI", aliases=("Zhipu", "Z.ai"), products=("GLM", "ChatGLM")),
    Vendor(name="MiniMax"),
    Vendor(name="Perplexity", aliases=("Perplexity AI",), words=("Sonar",)),
    Vendor(name="Anysphere", words=("Cursor",)),
    Vendor(name="JetBrains", products=("Mellum",)),
)

_LEGAL = frozenset(
    (
        *("inc", "incorporated", "ltd", "limited", "llc", "pbc", "corp", "corporation", "co", "company", "gmbh", "ag"),
        *("sas", "sa", "bv", "plc", "ai", "labs", "lab", "research", "cloud", "technologies"),
    )
)
_PARTS = re.compile(r"[/|&()·;]|,|\band\b", re.IGNORECASE)
_BORROWED = re.compile(r"\b(?:for|with|on|via|using|vs|from|to|in|like)\s+(?:the\s+)?\Z", re.IGNORECASE)
"""What stands before a name that a tool's own name only mentions: a linter for Claude is not Anthropic's."""


def owner(name: str) -> str:
    """The company that `name` stands for: a registered vendor's own name, else `name` itself; empty for nothing.

    A company's name counts as a whole, so that neither Metabase nor Meta Analytics is Meta's.
    """
    for part in (name, *_PARTS.split(name)):
        found = _by_key().get(_key(part))
        if found is not None:
            return found
    return " ".join(name.split())


def owner_of(tool: Tool) -> str:
    """The company that makes the tool: its vendor, or who owns the product it is named after; empty when unknown."""
    if tool.vendor.strip():
        return owner(tool.vendor)
    return named_in(tool.name)


def named_in(text: str) -> str:
    """The registered vendor whose own or whose product's name comes first in `text`; empty when there is none."""
    found = [
        (match.start(), -len(match.group()), vendor.name)
        for vendor, pattern in _patterns()
        for match in pattern.finditer(text)
        if not _BORROWED.search(text[: match.start()])
    ]
    return min(found)[2] if found else ""


def names_of_vendor(name: str) -> tuple[str, ...]:
    """Every registered name of the vendor that `name` stands for, or just that."""
    company = owner(name)
    return next((one.names for one in VENDORS if one.name == company), (company,) if company else ())


def interest(maker: str, subject: Tool, others: Iterable[Tool] = ()) -> Interest:
    """What a drafter made by `maker` has at stake in a page about `subject` and `others`; neutral when unknown.

    A maker is a rival only if it owns another tool on the page: every vendor of models competes with every other in
    some category, and a mark that all drafts bear tells a reader nothing.
    """
    company = _key(owner(maker))
    if not company:
        return "neutral"
    if _key(owner_of(subject)) == company:
        return "self"
    return "rival" if any(_key(owner_of(one)) == company for one in others) else "neutral"


def strongest(stakes: Iterable[Interest]) -> Interest:
    """The one to tell of several: self before rival before neutral."""
    found = set(stakes)
    return "self" if "self" in found else "rival" if "rival" in found else "neutral"


def needs_second(cell: Cell, of_its_draft: Interest, *, rehearsal: bool) -> bool:
    """Whether a second editor must stand by the quote: its maker's model praised the tool and nobody touched a word.

    Of a rehearsal no maker's model wrote anything, whatever provider it stands in for.
    """
    return not rehearsal and of_its_draft == "self" and cell.approved and not cell.edited and not cell.seconded_by


@dataclass(frozen=True, slots=True)
class Makers:
    """Who makes the models behind drafts. `configured` goes by provider and model; empty: the maker is unknown."""

    configured: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def of(self, origin: Origin) -> str:
        """The maker of the draft's model: as configured, or as the model's name tells once it is configured no more."""
        set_so = self.configured.get((origin.provider, origin.model))
        return named_in(origin.model) if set_so is None else owner(set_so)

    def interest(self, origin: Origin, subject: Tool, others: Sequence[Tool] = ()) -> Interest:
        """What the draft's maker has at stake in a page about `subject` and `others`."""
        return interest(self.of(origin), subject, others)


def _key(name: str) -> str:
    """A company's name without its legal form and the like; one that is nothing else stays whole."""
    words = re.sub(r"[.,]", " ", name.casefold()).split()
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return " ".join(words)


@cache
def _by_key() -> Mapping[str, str]:
    return {_key(name): vendor.name for vendor in VENDORS for name in (vendor.name, *vendor.aliases)}


@cache
def _patterns() -> tuple[tuple[Vendor, re.Pattern[str]], ...]:
    return tuple((vendor, re.compile("|".join(_spelt(vendor)))) for vendor in VENDORS)


def _spelt(vendor: Vendor) -> Iterator[str]:
    for name in sorted(vendor.names, key=len, reverse=True):
        spelt = r"[\s._-]?".join(map(re.escape, re.split(r"[\s._-]+", name)))
        yield rf"(?<![^\W_])(?{'' if name in vendor.words else 'i'}:{spelt})(?![^\W\d_])"
