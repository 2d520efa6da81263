"""What a journal keeps when its writer is killed, runs out of room, forks or writes from several threads."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from higgs_capture import journal as journals
from higgs_capture.events import AudioStep, Collated, Decoded, Generated, Raised, Site, TextStep, Written
from higgs_capture.journal import MAGIC, Journal
from higgs_capture.replay import JournalError, processes, read
from higgs_capture.tensors import ABSENT, STORAGE, Tensor, tensor

RNG = np.random.default_rng(3)


def step(number: int) -> AudioStep:
    return AudioStep(tensor(np.full(8, number)), number, -1, tensor(RNG.random((8, 20), dtype="f4")))


def write(path: Path, steps: int = 5) -> Journal:
    journal = Journal(path, {"started": 1.5, "process": os.getpid(), "argv": ["speak.py"]})
    item = {"input_ids": tensor(np.arange(4)), "audio_ids_concat": ABSENT}
    entry = journal.add(Collated([item], {"round_to": 1, "name": "ü"}, site=Site("a.py", 3, "x()", "f")))
    entry.set(batch={"input_ids": tensor(np.arange(4)[None])})
    call = journal.add(Generated({"input_ids": tensor(np.arange(4)[None])}, {"temperature": 0.3}))
    for number in range(steps):
        call.append("steps", step(number))
    call.append("steps", TextStep(7, tensor(np.zeros(8, "i8"))))
    call.set(raised=Raised("ValueError", "no", "b.py:1"))
    journal.note("surroundings", {"tokens": {"pad_token_id": 1}, "codec_weights": {"w": tensor(np.ones((2, 3), "f4"))}})
    return journal


def test_what_was_written_is_read_back(tmp_path):
    write(tmp_path / "a.journal").close()
    found = read(tmp_path / "a.journal")
    assert (found.lost, found.ended, found.about["argv"]) == (0, False, ["speak.py"])
    collated, generated = found.events
    assert collated.knobs == {"round_to": 1, "name": "ü"}
    assert collated.site == Site("a.py", 3, "x()", "f")
    assert collated.items[0]["audio_ids_concat"].data is None
    assert collated.batch["input_ids"].values.tolist() == [[0, 1, 2, 3]]
    assert [s.num_delay for s in generated.audio_steps] == list(range(5))
    assert generated.steps[-1].first_column.shape == (8,)
    assert generated.raised == Raised("ValueError", "no", "b.py:1")
    assert found.facts[0]["codec_weights"]["w"].values.sum() == 6
    assert found.hooks.called == {"collator": 1, "generate": 1, "audio_step": 5, "text_step": 1}


@pytest.mark.parametrize("dtype", sorted(STORAGE))
@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 3)])
def test_every_kind_of_tensor_survives(tmp_path, dtype, shape):
    data = np.asarray(RNG.integers(0, 2, shape)).astype(STORAGE[dtype])
    journal = Journal(tmp_path / "a.journal", {})
    journal.add(Decoded(Tensor(dtype, data)))
    journal.add(Decoded(Tensor(dtype, data.copy(order="F"))))
    for event in read(tmp_path / "a.journal").events:
        assert (event.codes.dtype, event.codes.shape) == (dtype, shape)
        assert event.codes.equals(Tensor(dtype, data))


def test_of_a_journal_cut_anywhere_whole_records_are_read_and_the_rest_is_counted(tmp_path):
    path = tmp_path / "a.journal"
    write(path, steps=3).close()
    content = path.read_bytes()
    before, counts = 0, set()
    for end in range(len(MAGIC), len(content) + 1):
        path.write_bytes(content[:end])
        found = read(path)
        count = len(found.events) + sum(len(e.steps) for e in found.events if isinstance(e, Generated))
        assert count >= before and 0 <= found.lost < end
        before = count
        counts.add(count)
    assert counts == set(range(7)) and found.lost == 0


def test_a_flipped_bit_ends_the_reading_before_its_record(tmp_path):
    path = tmp_path / "a.journal"
    write(path).close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    found = read(path)
    assert found.lost > len(content) // 3
    assert found.events[0].knobs["round_to"] == 1


def test_a_file_that_is_no_journal_is_refused_and_an_empty_one_holds_nothing(tmp_path):
    path = tmp_path / "a.journal"
    path.write_bytes(b"")
    assert read(path).events == []
    path.write_bytes(b"something else altogether, which is long enough")
    with pytest.raises(JournalError, match=r"a\.journal: not a journal"):
        read(path)


def test_where_there_is_no_room_whole_records_stay_and_the_script_goes_on(tmp_path):
    """A file may not grow beyond 40,000 bytes here: the system refuses as it does on a full disk."""
    path = tmp_path / "a.journal"
    code = f"""
import resource, signal
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(Path(__file__).parents[1])!r}]
from test_journal import write
print(write({str(path)!r}, steps=200).failed)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "File too large" in done.stdout
    found = read(path)
    assert found.lost == 0
    assert 20 < len(found.events[1].steps) < 200
    assert "File too large" in found.hooks.failed["journal"]
    assert [s.num_delay for s in found.events[1].steps] == list(range(len(found.events[1].steps)))
    assert resource.RLIMIT_FSIZE is not None and signal.SIGXFSZ is not None


def test_a_short_write_is_gone_on_with(tmp_path, monkeypatch):
    real = os.writev

    def few(file, parts):
        return os.write(file, bytes(parts[0])[:7])

    monkeypatch.setattr(journals.os, "writev", few)
    write(tmp_path / "a.journal").close()
    monkeypatch.setattr(journals.os, "writev", real)
    write(tmp_path / "b.journal").close()
    slow, fast = read(tmp_path / "a.journal"), read(tmp_path / "b.journal")
    assert slow.lost == 0
    assert len(slow.events[1].steps) == len(fast.events[1].steps)


def test_after_a_failure_nothing_half_written_follows(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "a.journal", {})
    real, calls = os.writev, []

    def full(file, parts):
        calls.append(1)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, [bytes(parts[0])[:3]])

    monkeypatch.setattr(journals.os, "writev", full)
    journal.add(Written("a.wav", 24000, "PCM_16", tensor(np.zeros(4, "i4"))))
    monkeypatch.undo()
    journal.add(Written("b.wav", 24000, "PCM_16", tensor(np.zeros(4, "i4"))))
    found = read(tmp_path / "a.journal")
    assert (found.events, found.lost) == ([], 0)
    assert "No space left" in journal.failed


def test_threads_write_whole_records(tmp_path):
    journal = Journal(tmp_path / "a.journal", {})

    def many(number: int) -> None:
        call = journal.add(Generated({"input_ids": tensor(np.array([[number]]))}, {}))
        for index in range(50):
            call.append("steps", step(index))

    threads = [threading.Thread(target=many, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read(tmp_path / "a.journal")
    assert found.lost == 0 and len(found.events) == 6
    for event in found.events:
        assert [s.num_delay for s in event.steps] == list(range(50))


def test_a_forked_child_does_not_write_into_its_parents_journal(tmp_path):
    journal = Journal(tmp_path / "a.journal", {"started": 1})
    call = journal.add(Generated({"input_ids": tensor(np.array([[1]]))}, {}))
    child = os.fork()
    if child == 0:
        call.append("steps", step(0))
        os._exit(0 if not journal.is_own else 1)
    assert os.waitpid(child, 0)[1] == 0
    call.append("steps", step(1))
    (found,) = processes(tmp_path)
    assert [s.num_delay for s in found.events[0].steps] == [1]


def test_a_forked_child_does_not_wait_for_a_lock_that_its_parents_thread_holds(tmp_path):
    journal = Journal(tmp_path / "a.journal", {})
    call = journal.add(Generated({"input_ids": tensor(np.array([[1]]))}, {}))
    with journal._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            call.append("steps", step(0))
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
