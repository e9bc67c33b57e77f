"""The study `verify`: the model against closed forms."""
