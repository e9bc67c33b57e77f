"""The run of the Mesa model, compiled, over many replications."""
