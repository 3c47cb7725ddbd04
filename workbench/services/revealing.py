"""What a dossier was made from, and what its text does besides telling about the tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.dossier import Dossier, Tool, make_dossier
from workbench.domain.ids import Digest, ToolId
from workbench.domain.injection import Suspicion, in_dossier
from workbench.domain.orders import SAYS
from workbench.domain.original import Original
from workbench.domain.submission import Submission, same_name
from workbench.domain.text import clean, one_line
from workbench.domain.veil import visible
from workbench.errors import WorkbenchError
from workbench.ports import Reader, Store
from workbench.services.importing import FORM

_SHOWN = 160
"""Characters of what stands there that a sentence repeats."""
_NAMED = 5
"""Kinds of invisible characters that are named."""
_KEPT = 512
"""Tools whose texts are remembered: a list is drawn with every click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What something was made from, without its bytes; `size` counts them. `name` is empty for a paste or a form."""

    name: str
    format: str
    size: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What a text does, as it came in, and what was taken out of the working copy.

    `fields` are the tool's own, raw, by their names; empty where the original is not there or cannot be read.
    """

    suspicions: tuple[Suspicion, ...]
    removed: int = 0
    fields: tuple[tuple[str, str], ...] = ()
    came: Came | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What the text does, a sentence for each thing, and what was taken out of the working copy."""
        found = list(dict.fromkeys(_told(one) for one in self.suspicions if one.kind != "hidden"))
        if self.removed:
            hidden = dict.fromkeys(visible(one.words) for one in self.suspicions if one.kind == "hidden")
            what = f" ({', '.join(list(hidden)[:_NAMED])}{', …' if len(hidden) > _NAMED else ''})" if hidden else ""
            plural = "s" if self.removed > 1 else ""
            found.append(f"{self.removed:,} invisible character{plural} removed from the working copy{what}.")
        return tuple(found)

    @property
    def summary(self) -> str:
        """`2 warnings about its text`; empty when there is nothing to say."""
        number = len(self.told)
        return f"{number} warning{'s' if number > 1 else ''} about its text" if number else ""

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say."""
        return not self.suspicions and not self.removed


class Revealing:
    """Looks at dossiers and what they came from. Reading may raise StoreError."""

    def __init__(self, *, store: Store, readers: Mapping[str, Reader], decode: Callable[[bytes, str], str]) -> None:
        self._store = store
        self._readers = readers
        self._decode = decode
        self._revealed: dict[tuple[ToolId, int], Revealed] = {}
        self._read = lru_cache(maxsize=4)(self._submissions)

    def original(self, tool_id: ToolId) -> Original | None:
        """The bytes its newest import came in as; None for a tool from before they were kept."""
        with self._store.reading() as repositories:
            return repositories.originals.of(tool_id)

    def readable(self, original: Original) -> str:
        """The original as text for people, whatever its encoding: what hides in it named, lines ended by `\\n`."""
        try:
            text = self._decode(original.data, original.name)
        except WorkbenchError:
            text = original.data.decode("utf-8", "replace")
        for ending in ("\r\n", "\r", "\f"):
            text = text.replace(ending, "\n")
        return visible(text.replace("\0", "⟨NUL⟩"))

    def of(self, tool_id: ToolId, revision: int) -> Revealed:
        """What this revision does, which is the newest; it never changes, so it is looked at once."""
        key = (tool_id, revision)
        found = self._revealed.get(key)
        if found is None:
            if len(self._revealed) >= _KEPT:
                self._revealed.clear()
            found = self._revealed[key] = self._look(tool_id)
        return found

    def _look(self, tool_id: ToolId) -> Revealed:
        with self._store.reading() as repositories:
            dossier, original = repositories.tools.latest(tool_id), repositories.originals.of(tool_id)
        if dossier is None:
            return Revealed(suspicions=())
        known = in_dossier(dossier)
        if original is None:
            return Revealed(suspicions=known)
        came = Came(name=original.name, format=original.format, size=len(original.data), digest=original.digest)
        submission = _own(dossier.tool, self._read(original))
        if submission is None:
            return Revealed(suspicions=known, came=came)
        raw = in_dossier(_raw(submission))
        said = {(one.kind, one.words) for one in raw}
        # Facts that editors added since are in no import.
        return Revealed(
            suspicions=(*raw, *(one for one in known if (one.kind, one.words) not in said)),
            removed=sum(clean(text).removed for _, text in _fields(submission)),
            fields=tuple(_fields(submission)),
            came=came,
        )

    def _submissions(self, original: Original) -> tuple[Submission, ...]:
        reader = self._readers.get("json" if original.format == FORM else original.format)
        try:
            return () if reader is None else reader.read(self._decode(original.data, original.name)).submissions
        except WorkbenchError:  # it could be read once; its bytes are there all the same
            return ()


def _told(one: Suspicion) -> str:
    does, therefore = SAYS[one.kind]
    words = one_line(visible(one.words))
    words = words if one.kind == "lookalike" else f"(“{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}”)"
    return f"{one.field[:1].upper()}{one.field[1:]} {does} {words}: {therefore}."


def _own(tool: Tool, submissions: tuple[Submission, ...]) -> Submission | None:
    """The tool's own part of what came in; the only one may have got its name later."""
    named = [one for one in submissions if same_name(one_line(clean(one.name).text), tool.name)]
    own = [one for one in named if one_line(clean(one.vendor).text).casefold() in {"", tool.vendor.casefold()}]
    return next(iter(own or named or (submissions if len(submissions) == 1 else ())), None)


def _raw(submission: Submission) -> Dossier:
    """The dossier as it would be if nothing was cleaned: only looked at, never kept."""
    tool = Tool(
        id=ToolId(""),
        name=submission.name,
        vendor=submission.vendor,
        category=submission.category,
        tagline=submission.tagline,
    )
    return make_dossier(tool, submission.description, submission.facts)


def _fields(submission: Submission) -> list[tuple[str, str]]:
    told = [(name, getattr(submission, name)) for name in ("name", "vendor", "category", "tagline", "description")]
    facts = [(f"fact {number}", f"{one.text} ({one.source})") for number, one in enumerate(submission.facts, start=1)]
    return [(name, text) for name, text in (*told, *facts) if text]
