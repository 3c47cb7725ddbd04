"""Paste, CSV, JSON, Markdown → submissions. One file per format."""
