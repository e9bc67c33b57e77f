"""The command line, behind `python -m sim` and `border-sim`."""
