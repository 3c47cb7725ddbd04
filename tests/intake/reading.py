"""What a reader makes of a text: tools, or a refusal. Any other exception is a bug."""

from __future__ import annotations

from workbench.errors import InputError
from workbench.ports import Reader


def reads_or_refuses(reader: Reader, text: str) -> bool:
    """Whether the reader gave tools or problems, or refused with a message and a remedy."""
    try:
        found = reader.read(text)
    except InputError as refused:
        return bool(refused.message and refused.remedy)
    return bool(found.submissions or found.problems)
