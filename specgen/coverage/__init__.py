"""What of the prose of pages their cases touch, and reports of it. Sends nothing."""
