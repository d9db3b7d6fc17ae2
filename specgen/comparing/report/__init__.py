"""Reports of a comparison, one file a format."""
