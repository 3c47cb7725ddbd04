"""One file per API: plan → request, SDK events → ours, SDK errors → ours."""
