"""Reports of drift by its causes, one file a format."""
