"""What the prose promises: endpoints, fields, response codes. Knows no pytest."""
