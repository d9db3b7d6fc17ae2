"""Keeps API documentation true: replays the examples of AsciiDoc pages on a live cluster."""
