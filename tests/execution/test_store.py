"""The output folder: begun, gone on with, refused."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pandas as pd
import pytest
from toy_jobs import SMALL, toy_rows

from sim.execution.chunks import Chunk, part_name
from sim.execution.digest import rows_digest
from sim.execution.errors import StoreError
from sim.execution.rows import encode_part
from sim.execution.store import open_store, read_outcomes


def fill(store, *chunks):
    for start, stop in chunks:
        store.write(Chunk(start, stop), encode_part(toy_rows(start, stop), Chunk(start, stop), store.run))


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def folder(tmp_path, head):
    """A complete output folder of ten replications in three parts."""
    folder = tmp_path / "out"
    with open_store(folder, head) as store:
        store.begin(10)
        fill(store, (6, 10), (0, 2), (2, 6))
        store.complete()
    return folder


def test_a_folder_holds_what_is_promised(folder):
    parts = ["000000000-000000002", "000000002-000000006", "000000006-000000010"]
    assert tree(folder) == ["manifest.json", "outcomes", *(f"outcomes/part-{name}.parquet" for name in parts)]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["state"] == "complete"
    assert manifest["ended"] >= manifest["started"]
    # The parts were written in another order.
    assert manifest["digest"] == rows_digest([toy_rows(0, 10)])
    assert manifest["wall_seconds"] > 0


def test_rows_come_back_in_order(folder):
    expected = toy_rows(0, 10)
    pd.testing.assert_frame_equal(read_outcomes(folder), expected, check_dtype=False)
    # Any tool that takes a folder of parquet files reads the same.
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "outcomes"), expected, check_dtype=False)


def test_rows_of_some_replications_take_no_part_that_lies_outside(folder, head):
    with open_store(folder, head) as store:
        for start, stop in ((2, 6), (3, 5)):
            assert sorted(set(store.rows(start, stop).frame()["replication"])) == [2, 3, 4, 5]
        assert sorted(set(store.rows(5).frame()["replication"])) == list(range(2, 10))


def test_the_time_of_earlier_runs_counts(folder, head):
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"wall_seconds": 1000.0}))
    with open_store(folder, head) as store:
        store.complete()
    assert json.loads((folder / "manifest.json").read_text())["wall_seconds"] > 1000


def test_goes_on_with_what_is_missing(tmp_path, head):
    with open_store(tmp_path / "out", head) as store:
        fill(store, (2, 6))
        started = store.manifest["started"]
    with open_store(tmp_path / "out", head) as store:
        assert store.begin(10) == [Chunk(0, 2), Chunk(6, 10)]
        assert store.manifest["started"] == started


def test_more_replications_are_an_extension(folder, head):
    with open_store(folder, replace(head, replications=30)) as store:
        assert store.begin(30) == [Chunk(10, 30)]
        assert json.loads((folder / "manifest.json").read_text())["replications"] == 30
        assert store.manifest["digest"] is None


def test_fewer_replications_are_refused(folder, head):
    with pytest.raises(StoreError, match="already holds 10 replications, more than replications=9"):
        open_store(folder, replace(head, replications=9))
    with open_store(folder, head) as store, pytest.raises(StoreError, match="already holds 10"):
        store.begin(8)


def test_an_interrupted_plan_may_end_sooner(tmp_path, head):
    with open_store(tmp_path / "out", replace(head, replications=1000)) as store:
        fill(store, (0, 5))
    with open_store(tmp_path / "out", head) as store:
        assert store.begin(10) == [Chunk(5, 10)]


def test_another_configuration_is_refused_and_nothing_touched(folder, head):
    before = {name: (folder / name).stat() for name in tree(folder)}
    other = replace(head, seed=2, configuration={**SMALL, "outpost": {"range_km": 15.0}})
    with pytest.raises(StoreError) as caught:
        open_store(folder, other)
    message = str(caught.value)
    assert "outpost.range_km 12 -> 15" in message
    assert "seed 1 -> 2" in message
    assert "\n" not in message
    assert {name: (folder / name).stat() for name in tree(folder)} == before


def test_execution_settings_and_output_do_not_matter(folder, head):
    again = replace(head, configuration={**SMALL, "execution": {"workers": 3}, "output": str(folder)})
    with open_store(folder, again) as store:
        assert store.begin(10) == []


def damage_cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def damage_flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def damage_foreign(path):
    pd.DataFrame({"replication": [2, 3]}).to_parquet(path)


def damage_empty(path):
    path.write_bytes(b"")


def damage_other_run(path):
    path.write_bytes(encode_part(toy_rows(2, 6), Chunk(2, 6), "another"))


@pytest.mark.parametrize("damage", [damage_cut, damage_flip, damage_foreign, damage_empty, damage_other_run])
def test_a_damaged_part_is_put_aside_and_reported_in_one_line(folder, head, damage, caplog):
    path = folder / "outcomes" / part_name(Chunk(2, 6))
    damage(path)
    with pytest.raises(StoreError, match=f"{path.name} is damaged"):
        read_outcomes(folder)
    with open_store(folder, head) as store:
        assert store.begin(10) == [Chunk(2, 6)]
        fill(store, (2, 6))
        store.complete()
    (message,) = [record.getMessage() for record in caplog.records]
    assert path.name in message
    assert "replications 2 to 5" in message
    assert "\n" not in message
    assert (folder / "damaged" / path.name).exists()
    pd.testing.assert_frame_equal(read_outcomes(folder), toy_rows(0, 10), check_dtype=False)


def test_damage_while_running_is_noticed_at_the_end(tmp_path, head):
    with open_store(tmp_path / "out", head) as store:
        store.begin(10)
        fill(store, (0, 10))
        damage_flip(tmp_path / "out" / "outcomes" / part_name(Chunk(0, 10)))
        with pytest.raises(StoreError, match="run again to mend it"):
            store.complete()
        assert store.manifest["state"] == "running"


def test_a_part_that_repeats_others_is_put_aside(folder, head, caplog):
    with open_store(folder, head) as store:
        path = folder / "outcomes" / part_name(Chunk(0, 10))
        path.write_bytes(encode_part(toy_rows(0, 10), Chunk(0, 10), store.run))
    with open_store(folder, head) as store:
        assert store.begin(10) == []
    assert "repeats replications" in caplog.text
    assert len(read_outcomes(folder)) == len(toy_rows(0, 10))


def test_leftovers_of_a_killed_writer_go(folder, head):
    (folder / ".tmp-1-manifest.json").write_text("{")
    (folder / "outcomes" / ".tmp-1-part-000000000-000000010.parquet").write_text("PAR1")
    with open_store(folder, head):
        pass
    assert not [name for name in tree(folder) if ".tmp" in name]


def test_a_folder_of_a_run_killed_at_once_counts_as_empty(tmp_path, head):
    (tmp_path / "outcomes").mkdir()
    (tmp_path / ".lock").write_text("123\n")
    (tmp_path / ".tmp-123-manifest.json").write_text("{")
    with open_store(tmp_path, head) as store:
        assert store.begin(10) == [Chunk(0, 10)]


@pytest.mark.parametrize("name", ["thesis.tex", "outcomes/part-000000000-000000010.parquet", ".git/config"])
def test_a_folder_of_other_things_is_refused(tmp_path, head, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("precious")
    with pytest.raises(StoreError, match="holds other things"):
        open_store(tmp_path, head)
    assert path.read_text() == "precious"
    assert not (tmp_path / ".lock").exists()


def test_a_damaged_manifest_is_refused(folder, head):
    (folder / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"manifest\.json cannot be read"):
        open_store(folder, head)


@pytest.mark.parametrize("below", ["", "one", "one/two"])
def test_below_a_file_no_output_can_be(tmp_path, head, below):
    (tmp_path / "file").write_text("text")
    with pytest.raises(StoreError, match=r"output=.*cannot be used: .*irectory") as caught:
        open_store(tmp_path / "file" / below, head)
    assert "\n" not in str(caught.value)
    assert tree(tmp_path) == ["file"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a file system that takes no files")
@pytest.mark.parametrize("folder", ["/proc/border-sim-output", "/proc/self/out/put"])
def test_where_the_system_takes_no_files(head, folder):
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(folder, head)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_at_the_start_leaves_nothing(tmp_path, head, monkeypatch, step):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(StoreError, match="No space left"):
        open_store(tmp_path / "one" / "two", head)
    assert tree(tmp_path) == []


def test_a_full_disk_later_keeps_what_was_written(tmp_path, head, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    with open_store(tmp_path / "out", head) as store:
        fill(store, (0, 4))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            with pytest.raises(StoreError, match="No space left"):
                fill(store, (4, 10))
        assert store.begin(10) == [Chunk(4, 10)]
    assert len(read_outcomes(tmp_path / "out")) == len(toy_rows(0, 4))


def test_two_at_once_are_refused(tmp_path, head):
    with open_store(tmp_path / "out", head), pytest.raises(StoreError, match="in use by another run"):
        open_store(tmp_path / "out", head)
    open_store(tmp_path / "out", head).close()


@pytest.mark.parametrize(("error", "state"), [(KeyboardInterrupt, "interrupted"), (RuntimeError, "failed")])
def test_leaving_by_an_error_is_recorded(tmp_path, head, error, state):
    with pytest.raises(error), open_store(tmp_path / "out", head):
        raise error
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["state"] == state
    assert not (tmp_path / "out" / ".lock").exists()


def test_changed_code_is_reported(folder, head, caplog, monkeypatch):
    monkeypatch.setattr("sim.execution.manifest.commit", lambda: "f" * 40)
    with open_store(folder, head):
        pass
    assert "goes on with " + "f" * 40 in caplog.text
