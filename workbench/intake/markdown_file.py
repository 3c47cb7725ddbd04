"""Reads one tool from a Markdown file: YAML front matter and a body, or headings alone."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import yaml

from workbench.domain.dossier import AddedFact
from workbench.domain.submission import Submission
from workbench.errors import InputError
from workbench.intake._fields import tool_of, unknown_keys
from workbench.ports import Intake

HEAD_LIMIT = 100_000
"""Longest front matter in characters: the YAML parser is slow."""
TAGLINE_LIMIT = 300
"""A quoted or italic paragraph longer than this is prose, not a tagline."""
_FENCE = re.compile(r"---[ \t]*\Z")
_FENCE_END = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")
_HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*\Z")
_FACTS = re.compile(r"#{2,6}[ \t]+facts?[ \t]*#*\Z", re.IGNORECASE)
_ANY_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_ITEM = re.compile(r"[ \t]*[-*+][ \t]+(\S.*)\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownReader:
    """One tool a file."""

    name: str = "markdown"
    suffixes: tuple[str, ...] = field(default=(".md", ".markdown"))

    def read(self, text: str) -> Intake:
        """Raises InputError when the file is empty, has no name, or its front matter is not YAML."""
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        first = next((number for number, line in enumerate(lines) if line.strip()), None)
        if first is None:
            raise InputError("The file is empty.", "Begin with “# Name”, then describe the tool.")
        if _FENCE.match(lines[first]):
            return _with_head(lines, first)
        return _headings(lines, first)


READER = MarkdownReader()


def _with_head(lines: list[str], first: int) -> Intake:
    end = next((at for at in range(first + 1, len(lines)) if _FENCE_END.match(lines[at])), None)
    if end is None:
        raise InputError("The front matter is never closed.", "End it with “---”.", line=first + 1)
    head = _yaml("\n".join(lines[first + 1 : end]), first + 1)
    body, facts = _split_facts(lines[end + 1 :])
    values = dict(head)
    if body:
        if values.get("description"):
            raise InputError(
                "The description is in the front matter and below it.", "Keep one.", field="description", line=end + 1
            )
        values["description"] = body
    submission, notices = tool_of(values, "The front matter", first + 1)
    unknown = unknown_keys([head])
    if unknown:
        notices = (*notices, f"Fields nobody knows were left out: {', '.join(unknown[:20])}.")
    return Intake(submissions=(replace(submission, facts=submission.facts + facts),), notices=notices)


def _headings(lines: list[str], first: int) -> Intake:
    heading = _HEADING.match(lines[first].strip())
    underlined = first + 1 < len(lines) and re.fullmatch(r"=+\s*", lines[first + 1]) is not None
    if heading is not None:
        name, body_at = heading[1], first + 1
    elif underlined:
        name, body_at = lines[first].strip(), first + 2
    else:
        raise InputError(
            "The file has no heading.", "Begin it with “# ” and the tool's name.", field="name", line=first + 1
        )
    tagline, body_at = _tagline(lines, body_at) if name else ("", body_at)
    body, facts = _split_facts(lines[body_at:])
    submission = Submission(name=name, tagline=tagline, description=body, facts=facts, line=first + 1)
    return Intake(submissions=(submission,))


def _tagline(lines: list[str], start: int) -> tuple[str, int]:
    """The first paragraph when it is short and quoted or in italics, and the line after it."""
    begin = next((at for at in range(start, len(lines)) if lines[at].strip()), len(lines))
    end = next((at for at in range(begin, len(lines)) if not lines[at].strip()), len(lines))
    paragraph = [line.strip() for line in lines[begin:end]]
    joined = " ".join(paragraph)
    if paragraph and all(line.startswith(">") for line in paragraph):
        tagline = " ".join(line.removeprefix(">").strip() for line in paragraph)
    elif (italic := re.fullmatch(r"([*_])(?![*_])(.+)(?<![*_])\1", joined)) is not None:
        tagline = italic[2]
    else:
        return "", start
    return (tagline, end) if len(tagline) <= TAGLINE_LIMIT else ("", start)


def _split_facts(lines: list[str]) -> tuple[str, tuple[AddedFact, ...]]:
    """The text without its list of facts, and the facts. What is no list item stays in the text."""
    kept: list[str] = []
    items: list[str] = []
    inside = False
    for line in lines:
        if _ANY_HEADING.match(line):
            inside = _FACTS.match(line) is not None
            if inside:
                continue
        item = _ITEM.match(line) if inside else None
        if item is not None:
            items.append(item[1].strip())
        elif inside and items and line[:1] in (" ", "\t") and line.strip():
            items[-1] += f" {line.strip()}"
        else:
            kept.append(line)
    return "\n".join(kept).strip(), tuple(_fact(item) for item in items)


def _fact(item: str) -> AddedFact:
    """`text (source, 2026-01-31)`; the last bracket is the source's, brackets before it are the text's."""
    opened = _last_bracket(item)
    if opened is None:
        return AddedFact(text=item, source="")
    text, inner = item[:opened].strip(), item[opened + 1 : -1].strip()
    source, comma, last = inner.rpartition(",")
    if comma and _DATE.match(last.strip()):
        return AddedFact(text=text, source=source.strip(), checked_on=last.strip())
    return AddedFact(text=text, source=inner)


def _last_bracket(item: str) -> int | None:
    """Where the bracket opens that the item's last character closes."""
    depth = 0
    for at in range(len(item) - 1, -1, -1):
        depth += (item[at] == ")") - (item[at] == "(")
        if depth == 0:
            return at if item[at] == "(" else None
    return None


class _TextLoader(yaml.SafeLoader):
    """YAML whose plain values stay text: 2.10 is a version, 007 a name, 2026-01-31 what was typed."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class declares it as an instance's own
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuses aliases: nobody needs them here, and a few lines of them can stand for gigabytes."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it bare
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Refuses a key that is there twice; the base class keeps the last one silently."""
        seen = set[str]()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"{name!r:.40} is there twice", problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _yaml(head: str, offset: int) -> Mapping[str, object]:
    """The front matter's values. `offset` is how many lines stand above it."""
    if len(head) > HEAD_LIMIT:
        raise InputError(
            f"The front matter has {len(head):,} characters; the limit is {HEAD_LIMIT:,}.",
            "Put the description below it.",
        )
    try:
        value: object = yaml.load(head, Loader=_TextLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = offset + 1 + (mark.line if mark is not None else 0)
        raise InputError(
            f"The front matter is not YAML: {error.problem}.",
            "Put values that hold “: ” or “#” in quotation marks.",
            line=line,
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise InputError(
            "The front matter holds characters or a depth that YAML does not allow.", "Write it as “name: value” lines."
        ) from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError("The front matter is not a list of “name: value” lines.", "Correct it.", line=offset + 1)
    named = cast("Mapping[object, object]", value)
    return {str(key): one for key, one in named.items()}
