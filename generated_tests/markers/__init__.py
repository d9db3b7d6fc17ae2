"""Rendered by specgen. Change the pages, not these files."""
