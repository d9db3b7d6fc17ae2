"""Where to replay: URLs, the embedded engine, the guard. Knows no pages."""
