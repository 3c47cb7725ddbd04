"""Holds what a text asserts against a dossier, by rule and without a model: the same eyes read both."""
