"""The same pages on several targets, side by side."""
