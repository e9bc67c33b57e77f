"""Cures that several checks give."""

KEYED = (
    "take it by who draws it and for what: uniform(self.model.run_key, self.entity, PURPOSE, COUNTER) of "
    "sim.rules.randomness, with a whole number from 1000 on as a purpose of your own and how often it was drawn before "
    "as the counter (in the model itself: self.run_key and entity('a name'))"
)

STATE = (
    "keep what changes during a run in attributes that __init__ sets on the model or the agent, never in a class, a "
    "module, a default argument or self.world, which later runs share"
)
