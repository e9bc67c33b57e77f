"""The Mesa model: the readable reference, one class a file."""

from sim.model.group import Group
from sim.model.model import BorderModel
from sim.model.patrol import Patrol
from sim.model.post import Post, ReactionForce

__all__ = ["BorderModel", "Group", "Patrol", "Post", "ReactionForce"]
