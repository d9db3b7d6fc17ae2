"""Which markers make a page steady and true: what differs from run to run, and is not drift."""
