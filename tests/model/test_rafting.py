"""When groups put to water: in the dark, or whenever they come to the bank."""

from __future__ import annotations

import pytest
from small_case import small_world

from sim.model import BorderModel
from sim.rules.sensing import DAY, NIGHT


@pytest.mark.parametrize("by_night", [True, False])
def test_who_rafts_by_day_does_not_wait_for_the_dark(by_night: bool) -> None:
    """They set out at nine in the morning: by night only they put to water after 17:56, else when they are there."""
    keys = {"light.start": "2019-11-03T09:00", "infiltrators.groups.0.rafts_by_night": by_night}
    world = small_world("without", **keys)
    for replication in range(20):
        model, bank = BorderModel(rng=1, replication=replication, world=world), 0
        group = model.groups[0]
        while not group.is_abroad:
            model.step()
            if not bank and group.step_index == group.route.raft_step:
                bank = model.minute
        assert model.light == (NIGHT if by_night else DAY)
        assert model.minute == (8 * 60 + 56 if by_night else bank)
