"""Real nodes, and whatever else runs as a process of its own and answers as a cluster."""
