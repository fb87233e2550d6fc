import pytest

from tilios.core.blobs import actions, queries
from tilios.core.blobs.models import Blob, State

pytestmark = pytest.mark.django_db


def test_whole_blobs_are_marked_as_read(put):
    blob = put(b"bonjour")
    assert blob.verified_at is None
    assert actions.scrub() == []
    blob.refresh_from_db()
    assert blob.verified_at is not None


def test_what_is_altered_cut_or_gone_is_named(put, on_disk):
    whole, altered, cut, gone = (put(name) for name in (b"whole", b"altered", b"cut", b"gone"))
    on_disk(altered).write_bytes(b"alterex")
    on_disk(cut).write_bytes(b"cu")
    on_disk(gone).unlink()
    problems = actions.scrub()
    assert {problem.sha256: problem.state for problem in problems} == {
        altered.sha256: State.DAMAGED,
        cut.sha256: State.DAMAGED,
        gone.sha256: State.MISSING,
    }
    assert all(problem.sha256 in str(problem) for problem in problems)
    assert set(queries.not_whole()) == {altered, cut, gone}
    whole.refresh_from_db()
    assert whole.state == State.WHOLE


def test_bytes_put_back_from_a_backup_are_whole_again(put, on_disk):
    blob = put(b"bonjour")
    on_disk(blob).unlink()
    assert len(actions.scrub()) == 1
    assert len(actions.scrub()) == 1
    on_disk(blob).write_bytes(b"bonjour")
    assert actions.scrub() == []
    assert not queries.not_whole()


def test_a_limit_takes_those_read_longest_ago(put):
    blobs = [put(str(number).encode()) for number in range(5)]
    read = []
    for _turn in range(5):
        before = dict(Blob.objects.values_list("pk", "verified_at"))
        actions.scrub(limit=2)
        read.append(
            [
                pk
                for pk, when in Blob.objects.order_by("verified_at").values_list("pk", "verified_at")
                if when != before[pk]
            ]
        )
    order = [pk for turn in read for pk in turn]
    assert order == [blob.pk for blob in blobs] * 2


def test_more_than_a_batch_is_read_whole(put):
    for number in range(230):
        put(str(number).encode())
    assert actions.scrub() == []
    assert not Blob.objects.filter(verified_at=None).exists()


def test_a_blob_collected_while_it_is_read_is_no_problem(put, on_disk, forget, monkeypatch):
    blob = put(b"bonjour")

    def collected(found):
        forget(found)
        on_disk(found).unlink()
        return State.MISSING

    monkeypatch.setattr(actions, "_state_of", collected)
    assert actions.scrub() == []
    assert not Blob.objects.filter(pk=blob.pk).exists()
