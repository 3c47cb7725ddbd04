"""Pasted text, a form or a file → a preview of what would happen → dossiers in the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Literal

from workbench.domain.carrying import carried
from workbench.domain.dossier import Dossier, Tool
from workbench.domain.ids import ToolId
from workbench.domain.original import Original
from workbench.domain.submission import Submission, check, same_name, tool_id
from workbench.errors import DuplicateToolError, InputError, UnknownNameError
from workbench.ports import Clock, Intake, Reader, Repositories, Store
from workbench.services.reopening import keep_revision

FORM = "form"
"""The format of an original that was filled in: JSON as the reader of that name reads it."""
_FIELDS = ("name", "vendor", "category", "tagline", "entry", "url", "description")
Status = Literal["new", "revised", "same", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One tool of a preview. `dossier` is None exactly when `status` is `error`, and then `problem` says why.

    `told` is what the submission itself says, before what is known already completes it.
    """

    submission: Submission
    status: Status
    told: Dossier | None = None
    dossier: Dossier | None = None
    problem: InputError | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import would do. `problems` are rows that are no submission at all; `original` is what came in."""

    format: str
    candidates: tuple[Candidate, ...]
    problems: tuple[InputError, ...] = ()
    notices: tuple[str, ...] = ()
    original: Original | None = None

    @property
    def importable(self) -> tuple[Dossier, ...]:
        """The dossiers that would be kept."""
        return tuple(
            one.dossier for one in self.candidates if one.dossier is not None and one.status in ("new", "revised")
        )

    @property
    def wanted(self) -> tuple[Dossier, ...]:
        """What the importable submissions say themselves."""
        return tuple(one.told for one in self.candidates if one.told is not None and one.status in ("new", "revised"))

    @property
    def errors(self) -> tuple[InputError, ...]:
        """Everything that is wrong, in order."""
        return (*self.problems, *(one.problem for one in self.candidates if one.problem is not None))


class Importing:
    """Turns what people have into dossiers; nothing is stored before `commit`."""

    def __init__(
        self, *, store: Store, readers: Mapping[str, Reader], decode: Callable[[bytes, str], str], clock: Clock
    ) -> None:
        self._store = store
        self._readers = readers
        self._decode = decode
        self._clock = clock

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings that can be read, without the dot."""
        return tuple(sorted(suffix.lstrip(".") for one in self._readers.values() for suffix in one.suffixes))

    def preview_text(self, text: str, format_name: str = "paste", *, data: bytes | None = None) -> Preview:
        """What pasted text holds; `data` is what it was decoded from. Raises InputError when it holds nothing."""
        reader = self._readers.get(format_name)
        if reader is None:
            raise UnknownNameError("format", format_name, sorted(self._readers))
        came = text.encode("utf-8", "surrogatepass") if data is None else data
        return self._preview(reader.read(text), Original(name="", format=format_name, data=came))

    def preview_file(self, name: str, data: bytes) -> Preview:
        """What a file holds. Raises InputError for an unknown ending, encoding or content."""
        suffix = PurePath(name).suffix.lower()
        reader = next((one for one in self._readers.values() if suffix in one.suffixes), None)
        if reader is None:
            raise InputError(
                f"“{PurePath(name).name}” is not a file this can read.",
                f"Use {', '.join('.' + one for one in self.suffixes)}.",
                field="file",
            )
        original = Original(name=PurePath(name).name, format=reader.name, data=data)
        return self._preview(reader.read(self._decode(data, original.name)), original)

    def preview_form(self, *submissions: Submission) -> Preview:
        """What filled-in forms would do."""
        data = _typed(submissions).encode("utf-8", "surrogatepass")
        return self._preview(Intake(submissions=submissions), Original(name="", format=FORM, data=data))

    def commit(self, preview: Preview) -> tuple[ToolId, ...]:
        """Keep every importable dossier, all or none. Raises DuplicateToolError when there is nothing new."""
        if not preview.importable:
            raise _nothing_to_do(preview)
        now = self._clock.now()
        with self._store.writing() as repositories:
            kept: list[Dossier] = []
            for one in preview.wanted:
                # Completed again: somebody may have added a fact since the preview.
                placed = _placed(one, repositories, {})
                if placed.status != "same":
                    keep_revision(repositories, placed.dossier, now)
                    kept.append(placed.dossier)
            if not kept:  # somebody else imported the same meanwhile
                raise _already_here(preview.importable[0].tool.name)
            if preview.original is not None:
                repositories.originals.keep(preview.original, kept, now)
        return tuple(one.tool.id for one in kept)

    def _preview(self, intake: Intake, original: Original) -> Preview:
        seen: dict[ToolId, Dossier] = {}
        with self._store.reading() as repositories:
            candidates = tuple(_candidate(one, repositories, seen) for one in intake.submissions)
        return Preview(
            format=original.format,
            candidates=candidates,
            problems=intake.problems,
            notices=intake.notices,
            original=original,
        )


def _typed(submissions: Iterable[Submission]) -> str:
    """What was filled in, in the JSON import format."""
    tools = [
        {name: value for name in _FIELDS if (value := getattr(one, name))}
        | ({"facts": [asdict(fact) for fact in one.facts]} if one.facts else {})
        for one in submissions
    ]
    return json.dumps({"tools": tools}, ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A dossier under the id it gets, completed by what is known of the tool, and what to say of that."""

    status: Status
    dossier: Dossier
    notices: tuple[str, ...] = ()


def _candidate(submission: Submission, repositories: Repositories, seen: dict[ToolId, Dossier]) -> Candidate:
    try:
        checked = check(submission)
    except InputError as problem:
        return Candidate(submission=submission, status="error", problem=problem)
    placed = _placed(checked.dossier, repositories, seen)
    tool = placed.dossier.tool
    if tool.id in seen:
        twice = DuplicateToolError(
            f"“{tool.name}” comes twice.", "Keep one of them.", field="name", line=submission.line
        )
        return Candidate(submission=submission, status="error", problem=twice)
    seen[tool.id] = placed.dossier
    return Candidate(
        submission=submission,
        status=placed.status,
        told=checked.dossier,
        dossier=placed.dossier,
        notices=(*checked.notices, *placed.notices),
    )


def _placed(told: Dossier, repositories: Repositories, earlier: Mapping[ToolId, Dossier]) -> _Placed:
    """Where a dossier belongs: a new tool, the next revision of a known one, or nowhere (nothing changed).

    Another vendor's tool of the same name, and a tool whose name only has the same slug (C, C++), get an id of
    their own: `grok`, `grok-2`, … `earlier` is what the same import would keep.
    """
    base = own_id = tool_id(told.tool.name)
    attempt = 1
    while True:
        known = earlier.get(own_id) or repositories.tools.latest(own_id)
        dossier = replace(told, tool=replace(told.tool, id=own_id))
        if known is None:
            return _Placed(status="new", dossier=dossier)
        if _is_same_tool(known.tool, dossier.tool):
            return _next(known, dossier)
        attempt += 1
        own_id = ToolId(f"{base}-{attempt}")


def _next(known: Dossier, told: Dossier) -> _Placed:
    whole = carried(known, told)
    dossier = replace(whole.dossier, revision=known.revision)
    if known.digest == dossier.digest and known.tool == dossier.tool:
        return _Placed(status="same", dossier=dossier)
    return _Placed(status="revised", dossier=replace(dossier, revision=known.revision + 1), notices=whole.notices)


def _is_same_tool(known: Tool, tool: Tool) -> bool:
    """Whether both are one tool: a slug or an id tells nothing (C, C++; Grok 2, and the second of two Groks)."""
    one_vendor = "" in (known.vendor, tool.vendor) or known.vendor.casefold() == tool.vendor.casefold()
    return one_vendor and same_name(known.name, tool.name)


def _already_here(name: str) -> DuplicateToolError:
    return DuplicateToolError(
        f"“{name}” is already here, word for word.",
        "Change its description to make a new revision, or open it in the draft room.",
        field="name",
    )


def _nothing_to_do(preview: Preview) -> InputError:
    same = [one.dossier.tool.name for one in preview.candidates if one.status == "same" and one.dossier is not None]
    if same:
        return _already_here(same[0])
    if preview.errors:
        return preview.errors[0]
    return InputError("There is no tool in this.", "Paste a name and a description.", field="text")
