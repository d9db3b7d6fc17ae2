"""Results to findings, reports, baselines and edits. Runs nothing."""
