"""Whether the same group comes in every arm, with the same luck, and an arm that changes nothing changes no row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sim.conformance.bystanders import with_blind_outpost
from sim.conformance.differences import difference
from sim.conformance.playing import begun, rows_of
from sim.conformance.subject import Run, Subject
from sim.conformance.verdict import Problem
from sim.model import BorderModel
from sim.world import World

BY_ARM = ("arm", "cost_usd")
WHO = ("name", "kind", "size", "departure_min", "pace", "signature")
IN_ROWS = ("group", "kind", "size", "weather", "departed_min")
IN_SCENARIO = (
    "put what differs between arms into the scenario (arms.NAME.changes); to try a rule against none, run the same arm "
    "with two models"
)
SAME = (
    "let who a group is and when it sets out depend on self.model.run_key and its own entity alone, and not on posts, "
    "patrols or the arm"
)


def check_pairing(subject: Subject) -> Iterator[Problem]:
    """Hold the groups of all arms side by side; then give an arm another name, and an outpost that sees nothing."""
    yield from _same_groups(subject)
    yield from _other_name(subject)
    yield from _blind_outpost(subject)


def _same_groups(subject: Subject) -> Iterator[Problem]:
    for run in (run for run in subject.reference if run.arm > 0):
        base = run._replace(arm=0)
        if not _same_infiltrators(subject.world(base), subject.world(run)):
            continue
        told = difference(_who(subject, base), _who(subject, run)) or difference(
            _came(subject, base), _came(subject, run)
        )
        if told:
            where = f"{subject.place(run)}, against arm {subject.world(base).arm}"
            yield Problem(f"a group is not the same in both arms: {told} ({where})", SAME)
            return


def _same_infiltrators(one: World, other: World) -> bool:
    """Whether two arms leave those who come, and the weather, as they are."""
    return one.scenario.infiltrators == other.scenario.infiltrators and one.scenario.light == other.scenario.light


def _who(subject: Subject, run: Run) -> list[dict[str, Any]]:
    """Of each group of a run who it is, and the luck that it has before it does anything."""
    with begun(subject.model, subject.world(run), subject.luck(run)) as model:
        return [{"group": group.name, **_identity(model, group)} for group in model.groups]


def _identity(model: BorderModel, group: Any) -> dict[str, Any]:
    who = {name: getattr(group, name, None) for name in WHO}
    return {**who, "kind": group.settings.kind, "weather": model.weather}


def _came(subject: Subject, run: Run) -> list[dict[str, Any]]:
    """The same, as far as the rows tell it."""
    return [{name: row[name] for name in IN_ROWS} for row in subject.reference[run]]


def _other_name(subject: Subject) -> Iterator[Problem]:
    """The World of the first arm under the names of the others, and under one that nobody knows."""
    for run in (run for run in subject.reference if run.arm == 0):
        world = subject.world(run)
        for name in (*[other.arm for other in subject.scenes[run.scene].worlds[1:]], "an_arm_that_changes_nothing"):
            after = rows_of(subject.model, replace(world, arm=name), subject.luck(run))
            told = difference(subject.reference[run], after, BY_ARM)
            if told:
                yield Problem(
                    f"an arm that changes nothing but its name, to {name}, tells other rows: {told}", IN_SCENARIO
                )
                return


def _blind_outpost(subject: Subject) -> Iterator[Problem]:
    """The first arm with an outpost more, without sensors or men."""
    for number, scene in enumerate(subject.scenes):
        blind = with_blind_outpost(scene, scene.worlds[0])
        runs = [run for run in subject.reference if (run.scene, run.arm) == (number, 0)]
        told = blind and _changed(subject, runs, blind)
        if blind and told and not _changed(subject.stock, runs, blind):
            yield Problem(
                f"an outpost that can see nothing and sends nobody changes the rows: {told}",
                "let a post act by what it sees (hazards_from_posts, Post.look) and by the men it has (unit.men), "
                "not by being there; if your rule is that the mere sight of it deters, leave this check out: "
                "check_model(..., leave_out=['pairing'])",
            )
            return


def _changed(subject: Subject, runs: list[Run], world: World) -> str | None:
    for run in runs:
        told = difference(subject.reference[run], rows_of(subject.model, world, subject.luck(run)), BY_ARM)
        if told:
            return f"{told} ({subject.place(run)})"
    return None
