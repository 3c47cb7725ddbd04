"""Domain values to stored text and back, and the seal that shows when a stored text was damaged."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from workbench.domain.answer import Answer
from workbench.domain.decision import Act
from workbench.domain.dossier import Dossier
from workbench.domain.draft import State
from workbench.domain.events import Failed, Waiting
from workbench.domain.forecast import Forecast
from workbench.domain.ledger import Event
from workbench.domain.piece import Piece
from workbench.domain.second_reading import Reading
from workbench.domain.text import digest
from workbench.errors import StoreError

T = TypeVar("T")

DOSSIER: TypeAdapter[Dossier] = TypeAdapter(Dossier)
ACT: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="kind")])
READING: TypeAdapter[Reading] = TypeAdapter(Reading)
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
WAITING: TypeAdapter[Waiting] = TypeAdapter(Waiting)
FAILURE: TypeAdapter[Failed] = TypeAdapter(Failed)
PIECES: TypeAdapter[tuple[Piece, ...]] = TypeAdapter(tuple[Piece, ...])
FORECAST: TypeAdapter[Forecast] = TypeAdapter(Forecast)
FORETOLD_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
NAMES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
STATE: TypeAdapter[State] = TypeAdapter(State)


def encode(adapter: TypeAdapter[T], value: T, what: str) -> str:
    """The value as JSON. Raises StoreError naming `what` when it holds half of a surrogate pair."""
    try:
        return adapter.dump_json(value).decode("utf-8")
    except (PydanticSerializationError, UnicodeEncodeError):
        raise StoreError(
            f"{what} holds half of a surrogate pair, which no file can keep.",
            "Take the broken character out and save again; nothing was lost.",
        ) from None


def decode(adapter: TypeAdapter[T], text: str, what: str) -> T:
    """The value. Raises StoreError naming `what` when the text is not one."""
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise _damaged(what) from error


def known_state(value: str, what: str) -> State:
    """The draft's state. Raises StoreError naming `what` when it is none we know."""
    try:
        return STATE.validate_python(value)
    except ValidationError as error:
        raise _damaged(what) from error


def storable(text: str) -> str:
    """The text as a database can keep it: split surrogate pairs joined; lone halves and NUL as U+FFFD.

    A provider may cut an emoji in two escapes, one per delta; the finished text must be kept all the same.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "\ufffd")


def opened(text: object, seal: str, what: str) -> str:
    """The text, if it is the one that was sealed. Raises StoreError naming `what`."""
    # In a damaged file a text column may hold anything, bytes included.
    if not isinstance(text, str) or digest(text) != seal:
        raise _damaged(what)
    return text


def opened_bytes(data: object, seal: str, what: str) -> bytes:
    """The bytes, if they are the ones that were sealed. Raises StoreError naming `what`."""
    if not isinstance(data, bytes) or sha256(data).hexdigest() != seal:
        raise _damaged(what)
    return data


def _damaged(what: str) -> StoreError:
    return StoreError(
        f"{what} is damaged in the workspace file: it is not what was saved.",
        "Do not work on with this file; put the newest copy from the backups folder beside it in its place.",
    )
