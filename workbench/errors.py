"""Every error the workbench raises on purpose.

    WorkbenchError                 what happened, and the remedy
    ├── InputError                 something a person typed, pasted or uploaded
    │   ├── UnknownNameError       a tool, persona, provider or format that does not exist
    │   └── DuplicateToolError     a tool of that name from that vendor is already here
    ├── LibraryError               a persona or prompt file, with its path and line
    │   └── SlotError              a prompt slot that is missing, unknown or unused
    ├── SettingsError              a setting, with its key
    │   ├── KeyMissingError        a provider has no API key and rehearsal is not allowed
    │   └── PortInUseError         the port asked for is taken
    ├── StoreError                 the workspace file or database
    │   ├── WorkspaceError         missing, foreign, damaged or newer than this version
    │   └── ConflictError          somebody else changed it first
    ├── DecisionError              a decision the draft's state does not allow
    ├── ExportError                a page that may not leave yet
    ├── BudgetError                a run would cost more than a budget leaves
    └── ProviderError              a provider refused before its stream began

Inside a stream a failure is an event (`workbench.domain.events.Failed`), never an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

FailureKind = Literal[
    "key_refused",
    "not_allowed",
    "unknown_model",
    "spend_limit",
    "bad_request",
    "too_long",
    "rate_limited",
    "overloaded",
    "provider_error",
    "unreachable",
    "timed_out",
    "cut_off",
    "empty_answer",
    "not_a_provider",
    "wrong_shape",
    "too_much_text",
    "process_ended",
    "over_budget",
    "bug",
]
"""Why a draft did not finish; the same words before the stream (raised) and inside it (events)."""


class WorkbenchError(Exception):
    """An error a person can act on: `message` says what happened, `remedy` what to do next."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(WorkbenchError):
    """Bad input. `field` and `line` (1-based) say where, as far as they are known."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "", *, field: str = "", line: int | None = None) -> None:
        super().__init__(message, remedy)
        self.field = field
        self.line = line


class UnknownNameError(InputError):
    """A name nobody knows. The remedy lists what exists, or says where to look."""

    def __init__(self, kind: str, name: str, known: Sequence[str] = (), *, remedy: str = "") -> None:
        listed = ", ".join(known) if known else "none yet"
        super().__init__(f"There is no {kind} called “{name}”.", remedy or f"Known: {listed}.", field=kind)


class DuplicateToolError(InputError):
    """The tool is already in the workspace."""


class LibraryError(WorkbenchError):
    """A persona or prompt file that cannot be used."""

    exit_code = 3

    def __init__(self, path: str, message: str, remedy: str = "", *, line: int | None = None) -> None:
        where = f"{path}:{line}" if line is not None else path
        super().__init__(f"{where}: {message}", remedy)
        self.path = path
        self.line = line


class SlotError(LibraryError):
    """A prompt's $slots and the values at hand do not match. `slot` names the first offender."""

    def __init__(self, path: str, slot: str, message: str, remedy: str = "") -> None:
        super().__init__(path, f"slot ${slot}: {message}", remedy)
        self.slot = slot


class SettingsError(WorkbenchError):
    """A setting that is missing or makes no sense."""

    exit_code = 3


class KeyMissingError(SettingsError):
    """No API key for a provider, and rehearsal is not allowed to stand in."""


class PortInUseError(SettingsError):
    """Another program listens on the port."""


class StoreError(WorkbenchError):
    """The workspace could not be read or written."""

    exit_code = 4


class WorkspaceError(StoreError):
    """The workspace file is missing, not ours, damaged, or from a newer version."""


class ConflictError(StoreError):
    """Two people changed the same thing; the second one's text is still on their screen."""


class DecisionError(WorkbenchError):
    """The decision is not possible for this draft."""

    exit_code = 2


class ExportError(WorkbenchError):
    """The page may not leave the house in its present state."""

    exit_code = 5


class BudgetError(WorkbenchError):
    """The run would cost more than the budget of the run, the day or the editor leaves."""

    exit_code = 7


class ProviderError(WorkbenchError):
    """A provider refused before any event was streamed.

    `retryable` says whether another try may help; `retry_after` is the provider's own wish in
    seconds, None when it named none.
    """

    exit_code = 6

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        remedy: str = "",
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, remedy)
        self.kind: FailureKind = kind
        self.retryable = retryable
        self.retry_after = retry_after
