"""Keeping: folders of the user's own for what is kept from one start to the next. Knows nothing of what it is."""
