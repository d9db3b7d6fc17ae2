"""Cases and steps. Knows not how they are written or run."""
