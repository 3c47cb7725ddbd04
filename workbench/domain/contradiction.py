"""Places of one page that cannot both be so: a quote and its tool's card, two quotes about a tool, or one quote twice.

What is compared is wording, by a table of matters on which a text can take one of two sides, and the values that are
given for one thing. Lenses may differ in judgement; these are matters of fact, and the editor says which of the two
places is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from workbench.domain.dossier import Entry
from workbench.domain.grounding.differing import Stated, differ, stated
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.phrases import FUNCTION_WORDS, own_words, plain
from workbench.domain.scorecard import Quote, Scorecard
from workbench.domain.text import sentence_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words of a quote, by their offsets in it; of the tool's card where `persona_id` is None."""

    tool_id: ToolId
    label: str
    words: str
    persona_id: PersonaId | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two places that disagree about `matter`; `reason` names both."""

    matter: str
    one: Place
    other: Place

    @property
    def reason(self) -> str:
        """What an editor reads."""
        return (
            f"{self.one.label} says “{self.one.words}”, {self.other.label} says “{self.other.words}”: "
            f"they disagree about {self.matter}."
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Matter:
    """A matter and its two sides; `entries` are the cards that say the first side, `barred` those that say the second.

    `named`: only about the same third party, so both sentences must name it.
    """

    name: str
    side: re.Pattern[str]
    other: re.Pattern[str]
    entries: frozenset[Entry] = frozenset()
    barred: frozenset[Entry] = frozenset()
    named: bool = False


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE | re.VERBOSE)


_MATTERS = (
    _Matter(
        name="what it costs",
        side=_words(
            r"""free\sof\scharge|costs\snothing|(?:is|stays|comes|available)\s(?:entirely\s|still\s)?(?:for\s)?free(?!\s(?:of|tier
            |plan|trial|from))|no\s(?:fee|price\stag|charge)"""
        ),
        other=_words(
            r"""per[\s-](?:token|seat|call|request|month)(?:\s(?:price|prices|pricing|cost|costs|fee|rate|rates|billing))
            |(?:API|token)\s(?:price|prices|pricing|fees)|(?:selling|sells|sold|buying|buy)\s(?:on\s)?(?:API\s)?tokens
            |sold\son\sAPI\stokens|(?:a|the|its|each|every|monthly|annual)\s(?:invoice|subscription|licen[cs]e\sfee)
            |paid\s(?:plan|plans|tier|tiers|product)|pays?\s(?:per|by\sthe)\s\w+|(?:costs?|charges?)\s(?:[$€£]\s?)?\d[\d.]{0,9}
            |(?:sells?|selling|sold)\s(?:\w+\s)?(?:seats?|subscriptions?|credits|access|licen[cs]es|by\sthe\s\w+|per\s\w+)
            |(?:at|for|from|is)\s[$€£]\s?\d[\d.]{0,9}(?:\s(?:a|an|per|each)\s\w+|/\w+)"""
        ),
        entries=frozenset({Entry.FREE}),
        barred=frozenset({Entry.PAID}),
    ),
    _Matter(
        name="whether it stays free",
        side=_words(r"free\s(?:for\s?ever|for\sgood|for\slife)|forever\sfree"),
        other=_words(
            r"(?:the|its|a)\s(?:free\s)?trial\s(?:ends|expires|runs\sout|is\sover)|after\s(?:the|its|a)\strial"
        ),
        barred=frozenset({Entry.TRIAL}),
    ),
    _Matter(
        name="whether its source is open",
        side=_words(r"open[\s-](?:source|weights?)|(?:Apache|MIT|BSD|GPL)[\s-]licen[cs]ed|(?:source|code)\sis\sopen"),
        other=_words(
            r"closed[\s-](?:source|weights?)|proprietary\s(?:code|model|weights|tool|software)|(?:source|code)\s(?:is|stays|remains)\sclosed"
        ),
        entries=frozenset({Entry.OPEN_SOURCE}),
    ),
    _Matter(
        name="who else has it",
        side=_words(
            r"""no\s(?:other\s\w+|competitors?|rivals?|vendors?|one\selse)\s(?:\w+\s)?(?:has|have|offers?|ships?|does|do|matches)
            |nobody\selse\s(?:has|offers|ships|does)|(?:is|was|the)\s(?:the\s)?(?:only|first)\s\w+\s(?:to|that|with)"""
        ),
        other=_words(
            r"""(?:is|are)\s(?:only\s)?catching\sup|not\sleading|playing\scatch-up|late\sto\sthe
            |(?:rivals?|competitors?|others|everyone\selse)\s(?:already|all)\s\w+"""
        ),
    ),
    _Matter(
        name="whether a rival has it yet",
        side=_words(
            r"""(?:already|both|have\sbeen|has\sbeen|been)\s(?:ship|shipping|shipped|offer|offering|offered|sell|selling|sold|in\splace
            |available)|(?:shipped|shipping|available|sold|offered)\s(?:it\s)?(?:for|since)\s\w+|has\shad\s\w+|have\shad\s\w+"""
        ),
        other=_words(
            r"""(?:will|is\sgoing\sto|are\sgoing\sto|has\syet\sto|have\syet\sto)\s(?:\w+ly\s|soon\s)?(?:match|add|copy|ship|follow
            |offer|build|launch|catch\sup|have)"""
        ),
        named=True,
    ),
    _Matter(
        name="where it runs",
        side=_words(
            r"runs?\s(?:locally|offline|on-premises|on\s(?:your|its|their|one's)\sown\s\w+)|self-hosted|works\soffline"
        ),
        other=_words(
            r"(?:cloud|hosted|API)[\s-]only|cannot\sbe\sself-hosted|only\sin\sthe\scloud|no\s(?:self-hosting|offline\s\w+)"
        ),
    ),
    _Matter(
        name="whether one can leave",
        side=_words(r"no\s(?:vendor\s|workflow\s)?lock-in|not\s(?:fully\s)?(?:vendor-)?locked(?:\sin)?|nothing\slocks"),
        other=_words(
            r"(?:vendor|hard|real|deep)\slock-in|(?:is|are|be|been|you)\slocked\sin(?:to)?|architecturally\scoupled"
        ),
    ),
)
_DENIED = re.compile(
    r"\b(?:not|no|never|isn['’]t|aren['’]t|without|nothing|stops?\sbeing)\s(?:\w+\s){0,2}$", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"(?:\b(?i:rivals?|competitors?|incumbents?|alternatives?|others?)(?:['’]s?)?|[A-Z]\w{1,30}['’]s)\s(?:\w+\s){0,2}$"
)
_REACH = 24
"""Characters before words in which they may be denied, or said of somebody else."""
_NAME = re.compile(r"\b[A-Z][\w.+#-]{0,40}")


def contradictions(cards: Iterable[Scorecard]) -> tuple[Contradiction, ...]:
    """What disagrees on a page made of these cards, tool by tool: one pair for each matter and pair of places."""
    return tuple(found for card in cards for found in _on(card))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    place: Place
    sentence: int


_Key = tuple[_Matter, str]
"""A matter, and the third party it is said of; empty where that does not matter."""


def _on(card: Scorecard) -> Iterator[Contradiction]:
    sides: tuple[dict[_Key, list[_Said]], dict[_Key, list[_Said]]] = ({}, {})
    for key, side, said in (*_of_card(card), *(one for quote in card.quotes for one in _of_quote(card, quote))):
        # The first words of a place speak for it: more of them would only say the same again.
        known = sides[side].setdefault(key, [])
        if all(said.place.persona_id != one.place.persona_id for one in known):
            known.append(said)
    found = dict[tuple[str, PersonaId | None, PersonaId | None], Contradiction]()
    for key in (one for one in sides[0] if one in sides[1]):
        for one, other in product(sides[0][key], sides[1][key]):
            places = (one.place.persona_id, other.place.persona_id)
            if places[0] != places[1] or one.sentence != other.sentence:
                disagreement = Contradiction(matter=key[0].name, one=one.place, other=other.place)
                found.setdefault((key[0].name, *places), disagreement)
    order = [matter.name for matter in _MATTERS]
    yield from sorted(found.values(), key=lambda one: (order.index(one.matter), one.one.start, one.other.start))
    yield from _of_values(card)


def _of_values(card: Scorecard) -> Iterator[Contradiction]:
    """Values that differ: one pair for each kind of value and pair of places, a text's own sentences among them."""
    own = f"{card.tool.name} {card.tool.vendor}"
    told: list[tuple[PersonaId | None, str, str]] = [
        (None, f"the card of {card.tool.name}", f"{card.tool.tagline}\n{card.description}")
    ]
    told += [(one.persona_id, f"{one.persona_label} of {card.tool.name}", one.text) for one in card.quotes]
    texts = [(persona_id, label, stated(own_words(text), own)) for persona_id, label, text in told]
    found = dict[tuple[str, PersonaId | None, PersonaId | None], Contradiction]()
    for at, (one_id, one_label, ones) in enumerate(texts):
        for other_id, other_label, others in texts[at:]:
            for one, other in product(ones, others):
                apart = one_id != other_id or (one.sentence < other.sentence and one_id is not None)
                if apart and differ(one, other):
                    places = (
                        _place(card, one, one_id, one_label),
                        _place(card, other, other_id, other_label),
                    )
                    disagreement = Contradiction(matter=one.matter, one=places[0], other=places[1])
                    found.setdefault((one.matter, one_id, other_id), disagreement)
    yield from found.values()


def _place(card: Scorecard, one: Stated, persona_id: PersonaId | None, label: str) -> Place:
    if persona_id is None:
        return Place(tool_id=card.tool.id, label=label, words=one.text)
    return Place(tool_id=card.tool.id, label=label, words=one.text, persona_id=persona_id, start=one.start, end=one.end)


def _of_another(before: str, own: set[str]) -> bool:
    """Whether words are said of a rival: “a rival's paid plan”."""
    found = _ELSEWHERE.search(before)
    return found is not None and plain(found.group())[0].partition("'")[0] not in own


def _of_card(card: Scorecard) -> Iterator[tuple[_Key, int, _Said]]:
    """What the tool's entry says by itself."""
    entry = card.tool.entry
    if entry is None:
        return
    place = Place(tool_id=card.tool.id, label=f"the card of {card.tool.name}", words=f"Entry: {entry.value}")
    for matter in _MATTERS:
        for side, entries in enumerate((matter.entries, matter.barred)):
            if entry in entries:
                yield (matter, ""), side, _Said(place=place, sentence=0)


def _of_quote(card: Scorecard, quote: Quote) -> Iterator[tuple[_Key, int, _Said]]:
    """Everything the quote says on either side of a matter, in its order."""
    text = own_words(quote.text)
    own = {*plain(card.tool.name), *plain(card.tool.vendor), *FUNCTION_WORDS}
    label = f"{quote.persona_label} of {card.tool.name}"
    sentences = sentence_spans(quote.text)
    starts = [start for start, _ in sentences]
    for matter in _MATTERS:
        for side, pattern in enumerate((matter.side, matter.other)):
            heard = set[int]()
            for match in pattern.finditer(text):
                number = bisect_right(starts, match.start()) - 1
                before = text[max(0, match.start() - _REACH) : match.start()]
                # One place speaks for its sentence, or a long one would be read again for each of its words.
                if number in heard or _DENIED.search(before) is not None or _of_another(before, own):
                    continue
                heard.add(number)
                place = Place(
                    tool_id=card.tool.id,
                    label=label,
                    words=quote.text[slice(*match.span())],
                    persona_id=quote.persona_id,
                    start=match.start(),
                    end=match.end(),
                )
                named = _NAME.findall(text, *sentences[number]) if matter.named else [""]
                for name in dict.fromkeys(named):
                    if name.lower() not in own:
                        yield (matter, name), side, _Said(place=place, sentence=number)
