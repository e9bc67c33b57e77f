"""How many replications are run, kept and resumed: this room knows jobs and rows, and nothing of borders."""
