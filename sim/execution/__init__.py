"""How many replications are run, stored and resumed: this package knows jobs and rows, and nothing of borders."""
