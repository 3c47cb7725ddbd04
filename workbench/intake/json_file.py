"""Reads tools from JSON: one object, a list, or a document with `tools`, the workbench's own export included."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from workbench.domain.submission import Submission
from workbench.errors import InputError
from workbench.intake._fields import quotes_notice, shown, tool_of, unknown_keys
from workbench.ports import Intake

DEPTH_LIMIT = 40
"""Deepest nesting of objects and lists."""
SIZE_LIMIT = 5_000_000
"""Longest text in characters."""
EXPORT_VERSION = 1
"""The version of the workbench's own export this reader knows."""
TOOL_LIMIT = 500
"""Most tools in one document."""
_PAGE_KEYS = frozenset({"kicker", "title", "question", "tools", "quotes"})
_MARKS = re.compile(r'\\.|["\[\]{}\n]', re.DOTALL)
_STRING = r'"(?:[^"\\]|\\.)*"'


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonReader:
    """Strict JSON: no NaN, no Infinity, no key twice."""

    name: str = "json"
    suffixes: tuple[str, ...] = field(default=(".json",))

    def read(self, text: str) -> Intake:
        """Tools of the wrong shape are problems; raises InputError when the text is not JSON or holds no tool."""
        whole = _parse(text.removeprefix("\ufeff"))
        tools, page, ours = _tools(whole)
        if not tools:
            raise InputError("The document holds no tool.", "Give one object, a list, or an object with “tools”.")
        if len(tools) > TOOL_LIMIT:
            raise InputError(f"The document has {len(tools):,} tools; the limit is {TOOL_LIMIT}.", "Split it.")
        submissions: list[Submission] = []
        problems: list[InputError] = []
        notices: list[str] = []
        read: list[Mapping[str, object]] = []
        for number, item in enumerate(tools, start=1):
            try:
                tool = _object(item, f"Tool {number}")
                read.append(tool)
                submission, remarks = tool_of(tool, f"Tool {number}")
            except InputError as problem:
                problems.append(problem)
            else:
                submissions.append(submission)
                notices.extend(remarks)
        notices.extend(_left_out(page, read, ours=ours))
        return Intake(submissions=tuple(submissions), problems=tuple(problems), notices=tuple(notices))


READER = JsonReader()


def _parse(text: str) -> object:
    if len(text) > SIZE_LIMIT:
        raise InputError(f"The text has {len(text):,} characters; the limit is {SIZE_LIMIT:,}.", "Split it.")
    _refuse_deep(text)

    def constant(name: str) -> object:
        line, column = _place(text, name)
        raise InputError(f"{name} at column {column} is not JSON.", "Use null where a value is unknown.", line=line)

    def finite(digits: str) -> float:
        number = float(digits)
        if math.isinf(number):
            line, column = _place(text, digits)
            raise InputError(f"The number {digits[:40]} at column {column} is too large.", "Correct it.", line=line)
        return number

    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=constant, parse_float=finite)
    except json.JSONDecodeError as error:
        raise InputError(
            f"The text is not JSON: {error.msg.lower()} at column {error.colno}.",
            "Correct it there.",
            line=error.lineno,
        ) from None
    except ValueError:  # the only other one: Python refuses integers of more than 4,300 digits
        raise InputError("The text holds a number with thousands of digits.", "Remove it.") from None


def _refuse_deep(text: str) -> None:
    """Measured before parsing: the parser's own limit is the stack it happens to run on."""
    depth, line, inside = 0, 1, False
    for match in _MARKS.finditer(text):
        mark = match[0]
        line += mark.count("\n")
        if mark == '"':
            inside = not inside
        elif inside:
            continue
        elif mark in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                raise InputError(f"The text nests deeper than {DEPTH_LIMIT} levels here.", "Flatten it.", line=line)
        elif mark in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"The key {shown(key)} is there twice in one object.", "Keep one of them.", field=key[:80])
        found[key] = value
    return found


def _place(text: str, token: str) -> tuple[int, int]:
    """Line and column of the first `token` outside strings: the parser, which goes in order, stopped at it."""
    tokens = re.finditer(f"{_STRING}|(?P<token>{re.escape(token)})", text, re.DOTALL)
    at = next((one.start() for one in tokens if one["token"]), 0)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _tools(whole: object) -> tuple[list[object], Mapping[str, object], bool]:
    """The tools, the object around them (empty without one), and whether it is the workbench's own export."""
    if isinstance(whole, list):
        return cast("list[object]", whole), {}, False
    page = _object(whole, "The document")
    ours = "schema" in page and isinstance(page.get("document"), Mapping)
    if ours:
        page = cast("Mapping[str, object]", page["document"])
        if page.get("schema_version") not in (None, EXPORT_VERSION):
            raise InputError(
                f"The export has another version than {EXPORT_VERSION}, the one this workbench reads.",
                "Update the workbench, or import the tools as a list.",
                field="schema_version",
            )
    if "tools" not in page:
        return [page], {}, False
    tools = page["tools"]
    if not isinstance(tools, list):
        raise InputError("“tools” is not a list.", "Put the tools between [ and ].", field="tools")
    return cast("list[object]", tools), page, ours


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise InputError(
            f"{where} is not an object.", "Give each tool as {“name”: …, “description”: …}.", field="tools"
        )
    return cast("Mapping[str, object]", value)


def _left_out(page: Mapping[str, object], tools: list[Mapping[str, object]], *, ours: bool) -> list[str]:
    lists = [one.get("quotes") for one in (page, *tools)]
    quotes = sum(len(cast("list[object]", given)) for given in lists if isinstance(given, list))
    notices = [quotes_notice(quotes)] if quotes else []
    if ours:
        notices.append("An exported page: its tools were read, its figures and provenance were left out.")
        return notices
    unknown = unknown_keys(tools) + [shown(key) for key in page if key not in _PAGE_KEYS]
    if unknown:
        notices.append(f"Fields nobody knows were left out: {', '.join(unknown[:20])}.")
    return notices
