"""Every exception class of both SDKs and of httpx2, and what we make of it: a kind of failure, or why it cannot come.

Read from anthropic 2.12.0, mistralai 3.7.0 and httpx2. An upgrade that brings another makes a test fail: put it here.
"""

from __future__ import annotations

import builtins
import importlib.util
import inspect
import re
from functools import cache
from pathlib import Path

import httpx2

from workbench.errors import FailureKind

_STATUS: dict[FailureKind, str] = {
    "bad_request": """
        BadRequestError PreconditionFailedError UnprocessableEntityError RequestHeaderFieldsTooLargeError
        ClientClosedRequestError AlreadyMemberError AvailableToolsLimitExceededError
        BetaBundleAttachmentNotSupportedError BetaBundleOnCallError
        CannotInviteEmailsWithUnverifiedDomainsError CannotRemoveLastMemberError
        BetaCannotSignOutPrimaryOwnerError BetaCannotSignOutSelfError ClaudeCodeKeyCreatorNotMemberError
        ClaudeCodeVersionTooOldError BetaCMEKFeatureUnsupportedError CMEKKeyDisabledError
        CMEKKeyNetworkBlockedError CompactionBlockAmbiguousError CompactionBlockMisplacedError
        CompactionContentMismatchError CompactionIncompleteTurnError CompactionNothingToSummarizeError
        CompactionSignatureInvalidError CompactionTooManyToolReferencesError
        CompactionToolChangesMismatchError EmailDomainNotAllowedError BetaEnvironmentArchivedError
        ExternalKeyInWorkspacePolicyError ExternalKeyValidationFailedError ExternalKeyValidationTimedOutError
        FileNotDownloadableError ImageDimensionsTooLargeError BetaInvalidConfigTypeChangeError
        BetaInvalidMetadataError InviteAlreadyExistsError KeyProfileMismatchError OrgAPIKeyLimitExceededError
        OrgMemberLimitExceededError BetaOrganizationNotEnrolledInBetaError OrganizationOnHoldError
        OrganizationTypeNotSupportedError ParentOrganizationRequiredError RBACGroupGrantsOwnerAccessError
        BetaRBACGroupOrderLimitExceededError RBACGroupOwnerAccessUnconfirmedError
        RequestBodyEncodingInvalidError RequestBodyEncodingUnsupportedError BetaRequestBodyTimeoutError
        BetaScanFailedError BetaSettingsDocumentLimitExceededError BetaSettingsHistoryLimitExceededError
        BetaSlackChannelSetUpSettingsRefusedError StorageQuotaExceededError ThreadAlreadyContinuedError
        ThreadContinueInFlightError ThreadFingerprintMismatchError ThreadUnsupportedRequestError
        ToolNameConflictError ToolReferenceUnresolvedError BetaUnsupportedCharsetError
        UserProfileNotFoundError UserProfileRequiredError WorkspaceAPIKeyLimitExceededError
        WorkspaceMemberLimitExceededError WorkspacePolicyViolationError BetaHeartbeatPreconditionFailedError
    """,
    "key_refused": "AuthenticationError",
    "spend_limit": """
        PaymentRequiredError LinkedOrganizationBillingUnavailableError
        LinkedOrganizationSpendLimitReachedError ContractSpendLimitReachedError EnforcedSpendLimitReachedError
    """,
    "not_allowed": """
        PermissionDeniedError BetaAPIKeyScopeMissingError BetaCannotSignOutManagedMemberError
        BetaCannotSignOutMembershipAdminError BetaCannotSignOutOwnerError
        BetaCannotSignOutPrivilegedMemberError BetaClaudeTagWritesNotEnabledError
        BetaComplianceConfigurationRestrictedError BetaEnvironmentCreateDisabledError
        BetaEnvironmentUpdateDisabledError BetaOrganizationLevelScopedAPIKeyRequiredError
        SandboxEgressRestrictedError BetaSpendLimitsAdminAPIWritesNotEnabledError
        UserProfileBillingNotAuthorizedError UserProfileNotBillableError
    """,
    "not_a_provider": """
        NotFoundError BetaEnvironmentNotFoundError FileExpiredError BetaRBACGroupManagedSettingsNotFoundError
        BetaRBACGroupNotFoundError RBACRoleNotFoundError BetaSlackChannelSetUpEnvironmentNotFoundError
        ThreadNotFoundError
    """,
    "timed_out": "RequestTimeoutError GatewayTimeoutError",
    "provider_error": """
        ConflictError InternalServerError HTTPNotImplementedError ConcurrentMembershipChangeError
        ExternalKeyChangedError BetaPluginNameTakenError BetaScanPendingError BetaSkillNameTakenError
        SkillReadBlockedUndecryptableError BetaSlackChannelSetUpSettingsConflictError
    """,
    "too_long": "ContentTooLargeError RequestBodyTooLargeAfterDecodingError",
    "rate_limited": "RateLimitError RampLimitExceededError",
    "overloaded": """
        ServiceUnavailableError OverloadedError CMEKContextUnavailableError CMEKKeyUnreachableError
        BetaRegistrationPendingError CompactionUnavailableError
    """,
}
"""Anthropic's refusals by their status and code; a 404 that names no model is a wrong address."""
_OTHER: dict[FailureKind, str] = {
    "unreachable": "APIConnectionError",
    "timed_out": "APITimeoutError",
    "not_a_provider": "APIResponseValidationError",
    "provider_error": """
        AnthropicError APIError APIStatusError APIWebhookValidationError RetryableError CredentialsError
        IdentityTokenFileError StreamAlreadyConsumed MissingStreamClassError MissingDependencyError
        WorkloadIdentityError
    """,
}
_MISTRAL: dict[FailureKind, str] = {
    "unreachable": "NoResponseError",
    "provider_error": """
        MistralError SDKError HTTPValidationError ObservabilityError ResponseValidationError TemporaryError
        PermanentError ServiceAccountTokenError MistralClientException TelemetryConfigurationError BatchError
    """,
}
_HTTPX2: dict[FailureKind, str] = {
    "unreachable": "ConnectError ConnectTimeout PoolTimeout ProxyError",
    "timed_out": "TimeoutException ReadTimeout WriteTimeout",
    "cut_off": """
        RequestError TransportError NetworkError ReadError WriteError CloseError ProtocolError RemoteProtocolError
        DecodingError
    """,
    "too_much_text": "SSEError",
    "bad_request": "LocalProtocolError",
    "not_a_provider": "UnsupportedProtocol InvalidURL TooManyRedirects",
    "provider_error": """
        HTTPError HTTPStatusError CookieConflict StreamError StreamConsumed StreamClosed ResponseNotRead
        RequestNotRead
    """,
}


def _named(table: dict[FailureKind, str]) -> dict[str, FailureKind]:
    return {name: kind for kind, names in table.items() for name in names.split()}


ANTHROPIC = _named(_STATUS) | _named(_OTHER)
MISTRAL = _named(_MISTRAL)
"""Those with a status are raised with a 500 here; their statuses are tested elsewhere."""
HTTPX2 = _named(_HTTPX2)
CANNOT_COME = {
    "anthropic.lib.tools": "helpers that run tools; the one tool we offer is never run",
    "anthropic.lib.foundry": "another client, for Azure",
    "anthropic.lib.credentials._secrets": "credentials out of files; a key is always given",
    "mistralai.azure": "another client, for Azure",
    "mistralai.gcp": "another client, for Google",
    "mistralai.extra.tests": "the SDK's own tests",
    "mistralai.extra.connectors_gateway_errors": "connectors are never called",
    "mistralai.extra.observability.otel": "its hook is taken out",
    "mistralai.extra.voice_agents": "nothing is spoken",
    "mistralai.extra.workflows": "no workflow is run",
}
"""Modules whose exceptions none of our calls can raise, and why."""
UNUSED_HERE = {
    "DeferredToolCallsException": "agents are never run",
    "MCPAuthException": "MCP is never spoken",
    "MCPException": "MCP is never spoken",
    "RealtimeSpeechException": "nothing is spoken",
    "RealtimeSpeechWSError": "nothing is spoken",
    "RealtimeTranscriptionException": "nothing is transcribed",
    "RealtimeTranscriptionWSError": "nothing is transcribed",
    "RunException": "agents are never run",
    "StreamDisconnectedError": "events of workflows are never listened to",
    "WorkflowPayloadCompressionException": "no workflow is run",
    "WorkflowPayloadEncryptionException": "no workflow is run",
    "WorkflowPayloadOffloadingException": "no workflow is run",
}
"""The same for single classes of mistralai.extra.exceptions."""

_CLASS = re.compile(r"^[ \t]*class (\w+)\(([^)]*)\)", re.MULTILINE)


def httpx2_exceptions() -> dict[str, type[Exception]]:
    """httpx2's exceptions by name."""
    found = {name: getattr(httpx2, name) for name in dir(httpx2)}
    return {name: one for name, one in found.items() if inspect.isclass(one) and issubclass(one, Exception)}


@cache
def exceptions_of(package: str) -> dict[str, str]:
    """Module by class for every exception in the package's source, those of modules that need more to import, too.

    A class is one when one of its bases is; the names of two modules that share one stand as `module.Class`.
    """
    classes = [found for path in _sources(package) for found in _classes(path, package)]
    exceptions = {name for name, one in vars(builtins).items() if inspect.isclass(one) and issubclass(one, Exception)}
    exceptions |= set(httpx2_exceptions())
    found: dict[str, str] = {}
    before = -1
    while before != len(found):
        before = len(found)
        found |= {f"{module}.{name}": name for name, bases, module in classes if bases & exceptions}
        exceptions |= set(found.values())
    return found


def reason_not_to_come(path: str) -> str:
    """Why an exception, given as `module.Class`, cannot reach us; empty when it can."""
    module, _, name = path.rpartition(".")
    inside = (why for root, why in CANNOT_COME.items() if f"{module}.".startswith(f"{root}."))
    return next(inside, UNUSED_HERE.get(name, "") if module == "mistralai.extra.exceptions" else "")


def _sources(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    return [path for place in spec.submodule_search_locations or () for path in Path(place).rglob("*.py")]


def _classes(path: Path, package: str) -> list[tuple[str, set[str], str]]:
    parts = path.with_suffix("").parts
    module = ".".join(parts[len(parts) - parts[::-1].index(package) - 1 :])
    return [
        (name, {base.strip().rpartition(".")[2] for base in bases.split(",")}, module)
        for name, bases in _CLASS.findall(path.read_text(encoding="utf-8"))
    ]
