"""Jobs: bounded, private, with a result or a problem, and gone with what they made."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from canaries.accounts.permissions import Permission
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.api import jobs
from listener.api.jobs import Job, JobBoard
from listener.api.problems import ApiError
from tests import steady

NEEDS = Permission.SCAN
MAY = {NEEDS}.__contains__


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def board(home: Home, now: list[float]) -> Iterator[JobBoard]:
    made = JobBoard(home, lambda: now[0])
    yield made
    made.close()


def ended(job: Job) -> Job:
    steady.until(lambda: job.until > 0)
    return job


def test_work_gives_a_result_or_a_problem(board: JobBoard, capfd: pytest.CaptureFixture[str]) -> None:
    def work(job: Job) -> None:
        job.done, job.result = 3, {"said": (job.folder / "in").read_text()}

    def refuse(job: Job) -> None:
        raise TraplineError("it cannot be done")

    def break_(job: Job) -> None:
        raise ValueError(f"the secret is {4700 + 11}")

    good = ended(board.start("a", "pat", NEEDS, work, lambda folder: (folder / "in").write_text("hello")))
    assert (good.state, good.as_dict()["result"], good.as_dict()["progress"]) == (
        "done",
        {"said": "hello"},
        {"done": 3, "total": 0},
    )
    assert ended(board.start("b", "pat", NEEDS, refuse)).problem == "it cannot be done"
    broken = ended(board.start("c", "pat", NEEDS, break_))
    assert broken.state == "failed"
    assert "4711" not in broken.problem + capfd.readouterr().err


def test_they_belong_to_somebody(board: JobBoard) -> None:
    job = board.start("a", "pat", NEEDS, lambda job: None)
    assert board.find(job.id, "pat", MAY) is job
    assert board.find(job.id, None, MAY) is job
    with pytest.raises(NotFoundError):
        board.find(job.id, "dora", MAY)
    assert board.listing("dora", MAY) == []
    assert board.listing(None, MAY) == [job]


def test_only_so_many_of_one_account(board: JobBoard) -> None:
    gate = threading.Event()
    started = [
        board.start("a", "pat", NEEDS, lambda job: gate.wait(steady.PATIENCE))
        for _ in range(jobs.MOST_OF_ONE)
    ]
    with pytest.raises(ApiError) as refused:
        board.start("a", "pat", NEEDS, lambda job: None)
    assert refused.value.status == 429
    other = board.start("a", "dora", NEEDS, lambda job: None)
    gate.set()
    for job in (*started, other):
        ended(job)
    board.start("a", "pat", NEEDS, lambda job: None)


def test_they_go_after_an_hour_and_at_the_end(board: JobBoard, now: list[float]) -> None:
    first = ended(board.start("a", "pat", NEEDS, lambda job: None))
    now[0] += jobs.KEPT_SECONDS + 1
    second = board.start("a", "pat", NEEDS, lambda job: None)
    assert not first.folder.exists()
    with pytest.raises(NotFoundError):
        board.find(first.id, None, MAY)
    assert second.folder.is_dir()
    board.close()
    assert not second.folder.exists()


def test_what_cannot_be_prepared_leaves_nothing(board: JobBoard, home: Home) -> None:
    def prepare(folder: object) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        board.start("a", "pat", NEEDS, lambda job: None, prepare)
    assert not list(home.path.glob("job-*"))
    assert board.listing(None, MAY) == []


def test_nobody_fills_the_board_for_others(board: JobBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is finished makes room: first that of whoever asks, then the oldest."""
    monkeypatch.setattr(jobs, "MOST", 5)
    monkeypatch.setattr(jobs, "KEPT_OF_ONE", 3)
    kept = ended(board.start("a", "dora", NEEDS, lambda job: None))
    pats = [ended(board.start("a", "pat", NEEDS, lambda job: None)) for _ in range(8)]
    assert [job.id for job in board.listing("pat", MAY)] == [job.id for job in reversed(pats[-3:])]
    assert not pats[0].folder.exists()
    assert board.find(kept.id, "dora", MAY) is kept
    for name in ("eve", "fay", "gus"):
        ended(board.start("a", name, NEEDS, lambda job: None))
    assert len(board.listing(None, MAY)) == 5


def test_who_may_not_do_the_like_any_more_sees_nothing_of_it(board: JobBoard) -> None:
    job = ended(board.start("a", "pat", NEEDS, lambda job: job.result.update(found=1)))
    for may in ({Permission.JOBS}.__contains__, lambda _: False):
        assert board.listing("pat", may) == []
        with pytest.raises(NotFoundError):
            board.find(job.id, "pat", may)
