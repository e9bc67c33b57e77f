"""A study for tests: dice, whose mean is known."""
