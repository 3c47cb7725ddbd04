"""Composes a draft by rule from the beats and facts the prompt names. The same request gives the same draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from workbench.domain.persona import Beat
from workbench.domain.review import Confidence, Review, Sentence, Verdict
from workbench.domain.text import word_count
from workbench.rehearsal import phrases
from workbench.rehearsal.choosing import NOTHING, answers, choose, dice, topic_of
from workbench.rehearsal.heeding import Heed, Revision, heed
from workbench.rehearsal.openers import join
from workbench.rehearsal.phrases import Mood, Temper
from workbench.rehearsal.reading import Assignment, Given, read
from workbench.rehearsal.wording import Said, say

_LONGEST = 46
"""Words a sentence may have before it is left alone."""
_LONGEST_FACT = 18
_SHORTEST_FACT = 6


def compose(system: str, user: str, model: str, revision: Revision | None = None) -> Review:
    """The review for a prompt as `model` would word it; one that says so when the prompt cannot be read.

    A `revision` keeps of the earlier answer what its note is not about.
    """
    assignment = read(system, user)
    if assignment is None:
        return _unreadable()
    noted = Heed() if revision is None else heed(assignment, revision)
    banned = "|".join(re.escape(word) for word in assignment.banned)
    return _Draft(
        assignment=assignment,
        model=model if revision is None else f"{model}, {revision.note}",
        noted=noted,
        temper=temper_of(assignment),
        banned=re.compile(rf"(?<!\w)(?:{banned})(?!\w)", re.IGNORECASE) if banned else None,
    ).review()


def temper_of(assignment: Assignment) -> Temper:
    """The temper the lens's own words give away; for a lens that gives nothing away, one of the four for good."""
    words = set(re.findall(r"[a-z-]+", f"{assignment.lens} {assignment.label} {assignment.about}".lower()))
    for beat in assignment.beats:
        words.update(re.findall(r"[a-z-]+", f"{beat.id} {beat.opener}".lower()))
    return max(phrases.TEMPERS, key=lambda one: len(words & phrases.TEMPERS[one]) + dice(assignment.lens, one) / 2)


def mood_of(beat: Beat) -> Mood:
    """What the beat's name and opener ask of its fact."""
    words = set(re.findall(r"[a-z-]+", f"{beat.id} {beat.label} {beat.opener}".lower()))
    for mood, marks in phrases.MOODS.items():
        if words & marks:
            return mood
    return "plain"


_words = lru_cache(maxsize=512)(word_count)
"""Counting is most of the work of growing a draft."""


@lru_cache(maxsize=4096)
def _found(banned: re.Pattern[str], phrase: str) -> bool:
    """Phrases are few, and looking for banned words in each of them would be most of the work of a draft."""
    return banned.search(phrase) is not None


@dataclass(slots=True)
class _Line:
    """A sentence while it grows."""

    beat: Beat
    text: str
    facts: list[str]
    spares: list[str] = field(default_factory=list[str])
    added: Given | None = None
    ending: str = ""

    @property
    def words(self) -> int:
        return _words(f"{self.text}{self.ending}")


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One draft in the making: what is said already is not said again."""

    assignment: Assignment
    model: str
    temper: Temper
    noted: Heed
    banned: re.Pattern[str] | None
    said: set[str] = field(default_factory=set[str])

    def review(self) -> Review:
        """The finished review."""
        kept = self.noted.kept
        resting = {beat: one.facts for beat, one in kept.items()}
        chosen = choose(self.assignment, self.model, self.noted.liking, resting)
        verdict = self._verdict(chosen)
        used = {ref for refs in resting.values() for ref in refs}
        lines: list[_Line] = []
        for beat, facts in zip(self.assignment.beats, chosen, strict=True):
            if beat.id in kept:
                lines.append(_Line(beat=beat, text=kept[beat.id].text, facts=[]))
                continue
            lines.append(self._line(beat, facts, verdict, again=bool(facts) and facts[0].ref in used))
            used.update(fact.ref for fact in facts[:1])
        for line in lines:
            # A spare that another sentence already rests on would only repeat it.
            line.added = line.added if line.added is not None and line.added.ref not in used else None
        self._fill(lines)
        return Review(
            sentences=tuple(
                kept.get(line.beat.id)
                or Sentence(beat=line.beat.id, facts=tuple(line.facts), text=f"{line.text}{line.ending}.")
                for line in lines
            ),
            verdict=verdict,
            confidence=self._confidence(chosen),
            reason=self._reason(chosen, verdict),
        )

    def _line(self, beat: Beat, facts: list[Given], verdict: Verdict, *, again: bool) -> _Line:
        tails: tuple[str, ...] = phrases.OPEN_TAILS
        if facts:
            said = say(facts[0], limit=self._room(beat), tool=self.assignment.tool, rest=again)
            clause = self._stated(beat, facts[0], said, again=again)
            tails = phrases.TAILS[self.temper] + phrases.SHARED_TAILS
        else:
            clause = self._pick(phrases.UNKNOWN).format(nothing=NOTHING[topic_of(beat)])
        text, ending = self._opened(beat, clause, verdict, known=bool(facts))
        spares = sorted(tails, key=lambda one: dice(self.model, self.assignment.lens, beat.id, one))
        return _Line(
            beat=beat,
            text=text,
            facts=[fact.ref for fact in facts[:1]],
            spares=[one for one in spares if self._allowed(one) and not self.noted.used(one)],
            added=facts[1] if len(facts) > 1 else None,
            ending=ending,
        )

    def _stated(self, beat: Beat, fact: Given, said: Said, *, again: bool) -> str:
        mood = mood_of(beat)
        if mood != "plain":
            form = self._pick(phrases.MOVED[mood])
        elif again:
            form = self._pick(phrases.AGAIN)
        elif said.kind == "clause" and fact.vendors and re.search(r"\b(?:that|because)$", beat.opener):
            form = self._pick(phrases.AFTER_THAT)
        else:
            form = self._pick((phrases.STATED if fact.vendors else phrases.RECORDED)[said.kind])
        return self._filled(form, said)

    def _filled(self, form: str, said: Said) -> str:
        return form.format(c=said.clause, q=said.words, k=said.key, v=said.value, tool=self.assignment.tool)

    def _opened(self, beat: Beat, clause: str, verdict: Verdict, *, known: bool) -> tuple[str, str]:
        """The opener with what follows, and the verdict at its end where the beat calls for one."""
        calls = re.search(r"\bverdict\b|\bship\b", f"{beat.id} {beat.label} {beat.brief}", re.IGNORECASE) is not None
        if calls and re.search(r"\ba$", beat.opener):
            lacking = self._missing() if verdict == "skip" else ""
            return f"{beat.opener} {verdict} because {f'the dossier {lacking}, and ' if lacking else ''}{clause}", ""
        text = join(beat.opener, clause, known=known, pick=self._pick)
        earned = ", and that is enough for a ship" if verdict == "ship" else ", and that leaves it a skip"
        return text, earned if calls else ""

    def _fill(self, lines: list[_Line]) -> None:
        """Lets the shortest sentence grow until the draft has the length asked for."""
        band = self.assignment.band
        chance = 0.3 + 0.3 * dice(self.model, self.assignment.lens, "length")
        stretch = chance if self.noted.stretch is None else self.noted.stretch
        goal = band.low + round((band.high - band.low) * stretch)
        total = sum(line.words for line in lines)
        while total < goal:
            growing = [line for line in lines if line.spares or line.added is not None]
            if not growing:
                return
            line = min(growing, key=lambda one: (one.words > _LONGEST, one.words))
            before, was = line.words, line.text
            added = self._grow(line)
            if total + line.words - before > band.high:
                line.text = was
                line.facts = [ref for ref in line.facts if ref != added]
            total += line.words - before

    def _grow(self, line: _Line) -> str:
        """One more thing to say; the fact it brings in, if any. First an opinion, then a second fact, then opinions."""
        fact = line.added
        if fact is not None and (not line.spares or ";" in line.text or dice(self.model, line.text) < 0.5):
            line.added = None
            said = say(fact, limit=_LONGEST_FACT - 4, tool=self.assignment.tool)
            line.text += self._filled(self._pick(phrases.ADDED[said.kind]), said)
            line.facts.append(fact.ref)
            return fact.ref
        fresh = [tail for tail in line.spares if tail not in self.said]
        # Two tails of the same cut in a row would limp: “…, which …, which …”.
        fitting = [tail for tail in fresh if tail[:4] not in line.text] or fresh
        line.spares = [tail for tail in fresh if tail not in fitting[:1]]
        for tail in fitting[:1]:
            self.said.add(tail)
            line.text += tail
        return ""

    def _room(self, beat: Beat) -> int:
        """Words a fact may take in this beat's sentence."""
        share = self.assignment.band.high // len(self.assignment.beats) - word_count(beat.opener) - 12
        return max(_SHORTEST_FACT, min(_LONGEST_FACT, share))

    def _pick(self, forms: tuple[str, ...]) -> str:
        """One of the forms, not one this draft has used while there are others."""
        fresh = [form for form in forms if form not in self.said and self._allowed(form)] or list(forms)
        fresh = [form for form in fresh if not self.noted.used(form)] or fresh
        chosen = min(fresh, key=lambda form: dice(self.model, self.assignment.lens, form))
        self.said.add(chosen)
        return chosen

    def _allowed(self, phrase: str) -> bool:
        return self.banned is None or not _found(self.banned, phrase)

    def _verdict(self, chosen: list[list[Given]]) -> Verdict:
        """Ship when most beats stand on a fact of their own and the dossier speaks of what this temper asks about."""
        if any(fact.orders for fact in self.assignment.facts) or 10 * _distinct(chosen) < 6 * len(chosen):
            return "skip"
        return "skip" if self._missing() else "ship"

    def _missing(self) -> str:
        facts = self.assignment.facts
        match self.temper:
            case "doubt" if not any(answers(fact, "rivals") for fact in facts):
                return "names no rival"
            case "money" if not any(answers(fact, "price") for fact in facts):
                return "names no price"
            case "horizon" if not any(re.search(r"\d", fact.text) for fact in facts):
                return "holds no number to measure a trend by"
            case _:
                return ""

    def _confidence(self, chosen: list[list[Given]]) -> Confidence:
        grounded = _distinct(chosen)
        if 10 * grounded < 6 * len(chosen) or len(self.assignment.facts) < 4:
            return "low"
        return "high" if grounded == len(chosen) and len(self.assignment.facts) >= 6 else "medium"

    def _reason(self, chosen: list[list[Given]], verdict: Verdict) -> str:
        grounded, distinct = sum(1 for facts in chosen if facts), _distinct(chosen)
        told = (
            f"Rehearsal, by rule and not by a model: {grounded} of {len(chosen)} beats stand on a fact of the dossier"
        )
        if distinct < grounded:
            told += f", on {distinct} different one{'s' if distinct > 1 else ''}"
        if self.noted.before:
            told += f", the note renewed {len(chosen) - len(self.noted.kept)} of {len(chosen)} sentences"
        if any(fact.orders for fact in self.assignment.facts):
            return (
                f"{told}, and one of its facts speaks to the reviewer instead of describing the tool, hence {verdict}."
            )
        missing = self._missing()
        return f"{told}, but the dossier {missing}, hence {verdict}." if missing else f"{told}, hence {verdict}."


def _distinct(chosen: list[list[Given]]) -> int:
    """How many facts the beats stand on: one that serves them all carries no more than one."""
    return len({facts[0].ref for facts in chosen if facts})


def _unreadable() -> Review:
    text = (
        "This rehearsal could not find a lens and its beats in the prompt, so there is nothing to compose from; "
        "the ask has to name the lens, and its brief has to list the beats with their openers."
    )
    return Review(
        sentences=(Sentence(beat="unreadable", facts=(), text=text),),
        verdict="skip",
        confidence="low",
        reason="Rehearsal, by rule and not by a model: the prompt could not be read, hence skip.",
    )
