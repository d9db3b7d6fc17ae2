"""The marker language: markers, snippets, requests, substitutions. Knows no HTTP and no pytest."""
