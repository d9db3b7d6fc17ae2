"""Cases to pytest modules and to exports. Knows not how they are run."""
