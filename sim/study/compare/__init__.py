"""The study `compare`: each arm against the baseline."""
