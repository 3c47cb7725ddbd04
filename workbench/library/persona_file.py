"""A persona file's rules, and the persona it makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from workbench.domain.ids import PersonaId
from workbench.domain.persona import Band, Beat, Exemplar, Need, Persona
from workbench.domain.text import digest, one_line
from workbench.errors import LibraryError
from workbench.library.front_matter import FrontMatter, split
from workbench.library.source_file import SourceFile

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Words = Annotated[int, Field(ge=1, le=2000)]

_RULES = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Beat(BaseModel):
    model_config = _RULES

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    label: Line
    brief: Line
    opener: Line
    needs: list[Need] = []


class _Exemplar(BaseModel):
    model_config = _RULES

    tool: Line
    verdict: Literal["ship", "skip"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class _Head(BaseModel):
    model_config = _RULES

    label: Line
    order: int
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
    summary: Line
    length: Annotated[list[Words], Field(min_length=2, max_length=2)]
    banned: list[Line]
    beats: Annotated[list[_Beat], Field(min_length=1)]
    exemplars: Annotated[list[_Exemplar], Field(min_length=1)]


def read_persona(file: SourceFile) -> Persona:
    """The persona in `file`. Raises LibraryError naming the file, the line and the remedy."""
    path, text = str(file.path), file.text()
    parts = split(path, text)
    head = _validated(path, parts)
    low, high = head.length
    if low > high:
        raise LibraryError(
            path,
            f"the length {low} to {high} is empty.",
            "Put the smaller number first.",
            line=parts.line_of(["length"]),
        )
    _refuse_repeated_beats(path, parts, head)
    if not parts.prose:
        raise LibraryError(path, "the voice is missing.", "Describe it below the front matter, in a paragraph or two.")
    return Persona(
        id=PersonaId(file.id),
        label=one_line(head.label),
        order=head.order,
        color=head.color.lower(),
        summary=one_line(head.summary),
        beats=tuple(
            Beat(
                id=beat.id,
                label=one_line(beat.label),
                brief=one_line(beat.brief),
                opener=one_line(beat.opener),
                needs=tuple(dict.fromkeys(beat.needs)),
            )
            for beat in head.beats
        ),
        band=Band(low=low, high=high),
        banned=tuple(one_line(word) for word in head.banned),
        voice=parts.prose,
        exemplars=tuple(
            Exemplar(tool=one_line(one.tool), verdict=one.verdict, text=one_line(one.text)) for one in head.exemplars
        ),
        digest=digest(text),
    )


def _validated(path: str, parts: FrontMatter) -> _Head:
    known = ", ".join(_Head.model_fields)
    if not isinstance(parts.values, dict):
        raise LibraryError(path, "the front matter holds no keys.", f"It needs {known}.", line=parts.line_of([]))
    try:
        return _Head.model_validate(parts.values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A misspelt key is both unknown and missing; the unknown one is what stands in the file.
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        where = first["loc"]
        name = ".".join(str(step + 1) if isinstance(step, int) else step for step in where)
        line = parts.line_of(where)
        remedy = f"Known: {known}." if len(where) == 1 else "Correct its spelling, or remove it."
        if first["type"] == "missing":
            raise LibraryError(path, f"the key “{name}” is missing.", "Add it.", line=line) from None
        if first["type"] == "extra_forbidden":
            raise LibraryError(path, f"the key “{name}” is unknown.", remedy, line=line) from None
        reason = first["msg"][:1].lower() + first["msg"][1:]
        raise LibraryError(path, f"the value of “{name}” is wrong: {reason}.", "Correct it.", line=line) from None


def _refuse_repeated_beats(path: str, parts: FrontMatter, head: _Head) -> None:
    known = set[str]()
    for number, beat in enumerate(head.beats):
        if beat.id in known:
            raise LibraryError(
                path,
                f"two beats are called “{beat.id}”.",
                "Give each beat an id of its own.",
                line=parts.line_of(["beats", number, "id"]),
            )
        known.add(beat.id)
