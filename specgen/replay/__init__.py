"""What generated modules use while they run. Knows no AsciiDoc."""
