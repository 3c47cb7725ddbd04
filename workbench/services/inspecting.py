"""Holds a text against a dossier: what its checks say, where in the file, and what the dossier itself does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import getdoc
from pathlib import PurePath

from workbench.domain.contradiction import Contradiction
from workbench.domain.dossier import Dossier
from workbench.domain.finding import Background, Finding, Severity
from workbench.domain.ids import Digest, PersonaId
from workbench.domain.injection import Suspicion, in_dossier
from workbench.domain.located import Located, as_it_is, in_json
from workbench.domain.persona import Band, Persona
from workbench.domain.prediction import Prediction
from workbench.domain.review import Review, Sentence, WrongShapeError, strict_review
from workbench.domain.submission import check
from workbench.domain.sufficiency import Sufficiency
from workbench.domain.text import first_unusable
from workbench.errors import InputError, UnknownNameError
from workbench.ports import Check, Library, Reader
from workbench.services.checking import Checking
from workbench.services.remarking import of_no_beat
from workbench.services.retracing import names_beats

Find = Callable[[Review, Persona], list[Finding]]
"""What the checks say of a review by that lens."""
NO_LENS = Persona(
    id=PersonaId(""),
    label="any lens",
    order=0,
    color="",
    summary="",
    beats=(),
    band=Band(low=0, high=1_000_000),
    banned=(),
    voice="",
    exemplars=(),
    digest=Digest(""),
)
"""What a text is held against when nobody says whose it is: the dossier counts, and nobody's voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A finding; `kept` is the reason an editor keeps its words for, empty while it is open."""

    finding: Finding
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One text, the lens it was held against, and what was noticed, in its order."""

    text: Located
    persona: Persona
    noticed: tuple[Noticed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Texts about one tool, and what is to be said of its dossier and of the texts together."""

    dossier: Dossier
    looked: tuple[Looked, ...]
    suspicions: tuple[Suspicion, ...] = ()
    sufficiency: tuple[Sufficiency, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    predictions: tuple[Prediction, ...] = ()

    def open(self, severity: Severity) -> int:
        """How many findings of this severity nobody has answered; what the dossier hides and what disagrees are
        warnings, what it lacks is a note."""
        found = sum(not one.kept and one.finding.severity == severity for text in self.looked for one in text.noticed)
        if severity == "warning":
            found += len(self.suspicions) + len(self.contradictions)
        if severity == "note":
            found += sum(len(one.missing) for one in self.sufficiency)
        return found


class Inspecting:
    """Inspects files; nothing is stored."""

    def __init__(
        self,
        *,
        checking: Checking,
        checks: Sequence[Check],
        library: Library,
        readers: Mapping[str, Reader],
        decode: Callable[[bytes, str], str],
    ) -> None:
        self._checking = checking
        self._checks = checks
        self._library = library
        self._readers = readers
        self._decode = decode

    @property
    def rules(self) -> dict[str, tuple[str, str]]:
        """Every check's rule: what it does, and what it does and does not mean."""
        return {
            one.name: (_first(sys.modules[type(one).__module__].__doc__), _first(getdoc(type(one))))
            for one in sorted(self._checks, key=lambda one: one.name)
        }

    @property
    def personas(self) -> tuple[Persona, ...]:
        """Every lens. Raises LibraryError."""
        return self._library.personas()

    def dossier(self, name: str, data: bytes) -> Dossier:
        """The one dossier that a file in an import format holds. Raises InputError."""
        suffix = PurePath(name).suffix.lower()
        reader = next((one for one in self._readers.values() if suffix in one.suffixes), self._readers["paste"])
        intake = reader.read(self._decode(data, PurePath(name).name))
        if len(intake.submissions) != 1 or intake.problems:
            for problem in intake.problems:
                raise problem
            raise InputError(
                f"“{PurePath(name).name}” holds {len(intake.submissions)} tools, and a text is about one.",
                "Give a file with one, or import them and use --against TOOL.",
                field="dossier",
            )
        return check(intake.submissions[0]).dossier

    def persona(self, name: str) -> Persona:
        """The lens with this id or label. Raises UnknownNameError listing what exists."""
        personas = self._library.personas()
        found = next((one for one in personas if name.strip().casefold() in {one.id, one.label.casefold()}), None)
        if found is None:
            raise UnknownNameError("persona", name, [one.id for one in personas])
        return found

    def file(self, name: str, source: str, dossier: Dossier, persona: str = "", find: Find | None = None) -> Inspection:
        """A quote as plain text or Markdown, or a review as JSON, held against the dossier; `find` holds it against
        more than that.

        Without a `persona` a review is its whose beats it names; a text without one is held against no lens. Raises
        InputError for a text without words or a JSON that is no review, and UnknownNameError.
        """
        text, review = _read(name, source)
        lens = self.persona(persona) if persona else self._lens_of(review)
        found = (find or self._against(dossier))(review, lens)
        if lens is NO_LENS or not names_beats(review):
            found = [one for one in found if one.rule != "beats" or (lens is not NO_LENS and not of_no_beat(one))]
        looked = Looked(text=text, persona=lens, noticed=tuple(Noticed(finding=one) for one in found))
        return Inspection(dossier=dossier, looked=(looked,), suspicions=in_dossier(dossier))

    def _against(self, dossier: Dossier) -> Find:
        """By the dossier and the lenses alone."""

        def find(review: Review, persona: Persona) -> list[Finding]:
            others = self._library.personas()
            return self._checking.findings(review, Background(persona=persona, dossier=dossier, others=others))

        return find

    def _lens_of(self, review: Review) -> Persona:
        served = {one.beat for one in review.sentences if one.beat}
        fitting = [one for one in self._library.personas() if served and served <= {beat.id for beat in one.beats}]
        return fitting[0] if len(fitting) == 1 else NO_LENS


def _read(name: str, source: str) -> tuple[Located, Review]:
    unusable = first_unusable(source)
    if unusable is not None:
        raise InputError(f"The text holds {unusable[1]} at character {unusable[0] + 1}.", "Remove it.", field="file")
    if not source.strip():
        raise InputError("The text is empty.", "Give a quote, or a review as JSON.", field="file")
    if not (name.lower().endswith(".json") or source.lstrip().startswith("{")):
        text = as_it_is(name, name, source)
        return text, Review(sentences=(Sentence(beat="", facts=(), text=text.quote),))
    try:
        review = strict_review(json.loads(source))
    except json.JSONDecodeError as error:
        raise InputError(
            f"The text is not JSON: {error.msg.lower()} at column {error.colno}.",
            "Correct it there, or give the quote as plain text.",
            field="file",
            line=error.lineno,
        ) from None
    except (WrongShapeError, RecursionError) as error:
        raise InputError(
            f"This JSON is not a review: {error}.",
            "A review has sentences of beat, facts and text, then verdict, confidence and reason.",
            field="file",
        ) from None
    if (broken := first_unusable(review.quote)) is not None:
        raise InputError(f"The review holds {broken[1]} at character {broken[0] + 1}.", "Remove it.", field="file")
    return in_json(name, name, source, review), review


def _first(documented: str | None) -> str:
    return " ".join((documented or "").split())
