"""Codes: the numbers by which compiled code knows stages, phases, kinds and words."""

from __future__ import annotations

AT_HOME, APPROACH, ABROAD, INLAND, ENDED = range(5)
"""Stages of a group's story."""

TRAVEL, WAIT, SEARCH, SHADOW, LOST, TRAIL = range(6)
"""Phases of a chase."""

POST, PATROL, FORCE = range(3)
"""Kinds of units."""

MODES = ("back_and_forth", "loop", "random")
BACK_AND_FORTH, LOOP, RANDOM = range(3)
"""How a patrol walks its track."""

BEHAVIOURS = ("unaware", "informed", "quantal", "best_response", "learning")
UNAWARE, INFORMED, QUANTAL, BEST_RESPONSE, LEARNING = range(5)
"""How a route is chosen."""

HOW = ("", "sight", "tracks")
BY_SIGHT, BY_TRACKS = 1, 2
"""How a group was detected first."""

MECHANISMS = ("", "own", "cued", "unprompted")
OWN, CUED, UNPROMPTED = 1, 2, 3

NOBODY = 0
"""Of those who detect, cue or intercept; unit number u has the code u + 1, then come the interior's."""

NOBODY_MORE = 1 << 60
"""A unit after all others."""

NEVER = -1

NEVER_MORE = 1 << 60
"""A minute after all others."""
