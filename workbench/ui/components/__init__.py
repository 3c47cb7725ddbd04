"""Pieces of pages: values in, elements out."""
