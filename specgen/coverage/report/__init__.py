"""Reports of coverage, one file a format."""
