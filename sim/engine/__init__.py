"""The same run as the Mesa model plays, compiled, over many replications."""
