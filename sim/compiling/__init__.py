"""Compiling: machine code kept from one start to the next. Knows nothing of what it is that is compiled."""
