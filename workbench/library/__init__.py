"""Reads personas/ and prompts/ from disk."""
