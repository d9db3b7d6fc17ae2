"""One module a marker."""
