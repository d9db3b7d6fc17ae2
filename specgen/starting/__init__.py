"""The first files in a repository that has none of specgen's yet."""
