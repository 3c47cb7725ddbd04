"""Real refusals: each is raised with its reason, whether to try again, and how long to wait."""

from __future__ import annotations

import pytest

from tests.providers import recorded_rules as rules
from tests.providers.recordings import REFUSALS, Case, provider_for
from tests.providers.wires import Wire, refused
from tests.running import run
from tests.shared_data import needs_shared
from workbench.errors import FailureKind

pytestmark = needs_shared

READ_BY_A_PERSON: dict[str, tuple[FailureKind, bool, float | None]] = {
    "anthropic-error-400-output-format-schema": ("bad_request", False, None),
    "anthropic-error-400-prompt-too-long": ("too_long", False, None),
    "anthropic-error-400-recursive-schema": ("bad_request", False, None),
    "anthropic-error-400-too-many-optional": ("bad_request", False, None),
    "anthropic-error-400-too-many-strict-tools": ("bad_request", False, None),
    "anthropic-error-400-tool-result-missing": ("bad_request", False, None),
    "anthropic-error-401-invalid-key": ("key_refused", False, None),
    "anthropic-error-429-headers-retry-after-505": ("rate_limited", True, 505.0),
    "anthropic-error-429-prompt-bytes": ("rate_limited", True, None),
    "anthropic-error-429-second-try": ("rate_limited", True, None),
    "anthropic-error-529-overloaded": ("overloaded", True, None),
    "anthropic-error-529-url-in-message": ("overloaded", True, None),
    "mistral-error-400-invalid-model": ("unknown_model", False, None),
    "mistral-error-401": ("key_refused", False, None),
    "mistral-error-401-models": ("key_refused", False, None),
    "mistral-error-422-extra-forbidden": ("bad_request", False, None),
    "mistral-error-429-gateway-shape": ("rate_limited", True, None),
    "mistral-error-429-zero-allowance": ("not_allowed", False, None),
}
"""What these say to a person; the rules must say the same. Others are judged by the rules alone."""


@pytest.mark.parametrize("case", REFUSALS, ids=str)
def test_a_recorded_refusal_is_raised_with_its_reason(case: Case) -> None:
    wire = Wire(body=case.body, status=case.status, headers={"content-type": "application/json", **case.headers})
    error = run(refused(provider_for(case, wire)))
    rule = rules.refusal(case)
    assert READ_BY_A_PERSON.get(str(case), rule) == rule
    assert (error.kind, error.retryable, error.retry_after) == rule
    assert error.remedy
    # A body is never shown as it is; the vendor's own sentence may quote a piece of JSON.
    assert '{"' not in error.message or '{"' in str(case.expected.get("error_message"))
    assert len(error.message) < 300
    assert len(wire.requests) == 1
