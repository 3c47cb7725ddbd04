"""Splits a Markdown file into its YAML head and its prose, and remembers which line each value stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml
from frontmatter.default_handlers import YAMLHandler

from workbench.errors import LibraryError

_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HANDLER = YAMLHandler(fm_boundary=_BOUNDARY)
_SHAPE = "Begin the file with a line “---”, then the keys, then another line “---”, then the prose."


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A file's head as YAML gave it, and its prose. `head_line` is the line the head starts on."""

    values: object
    prose: str
    root: yaml.Node | None
    head_line: int

    def line_of(self, where: Sequence[int | str]) -> int:
        """The line of the value at `where`, or of the nearest thing around it that exists."""
        node, line = self.root, self.head_line
        steps = iter(where)
        while node is not None:
            line = self.head_line + node.start_mark.line
            step = next(steps, None)
            node = _child(node, step) if step is not None else None
        return line


def split(path: str, text: str) -> FrontMatter:
    """The file's head and prose. Raises LibraryError for a missing or broken head and for a key given twice."""
    opening = _BOUNDARY.match(text)
    if opening is None:
        raise LibraryError(path, "the file has no front matter.", _SHAPE, line=1)
    try:
        head, prose = _HANDLER.split(text)
    except ValueError:
        raise LibraryError(path, "the front matter never ends.", _SHAPE, line=1) from None
    head_line = text.count("\n", 0, opening.end()) + 1
    try:
        root = yaml.compose(head, Loader=yaml.SafeLoader)
        values: object = _HANDLER.load(head)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = head_line + mark.line if mark is not None else head_line
        raise LibraryError(
            path,
            f"the front matter is not valid YAML: {error.problem}.",
            "Correct it; quote text with a colon in it.",
            line=line,
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise LibraryError(
            path, f"the front matter is not valid YAML: {reason}.", "Correct it.", line=head_line
        ) from None
    for node in _repeated_keys(root):
        raise LibraryError(
            path, f"the key “{node.value}” is given twice.", "Keep one.", line=head_line + node.start_mark.line
        )
    return FrontMatter(values=values, prose=prose.strip(), root=root, head_line=head_line)


def _child(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return next(iter(node.value[step : step + 1]), None)
    return None


def _repeated_keys(root: yaml.Node | None) -> Iterator[yaml.Node]:
    # YAML lets the last of two equal keys win, which would drop half of an editor's list without a word.
    waiting, visited = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            known = set[str]()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in known:
                        yield key
                    known.add(key.value)
                waiting.append(value)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
