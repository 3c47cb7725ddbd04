"""One file per format: a page in, bytes out."""
