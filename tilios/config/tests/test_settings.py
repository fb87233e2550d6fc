from typing import Any

import pytest

from tilios.config import environment
from tilios.config.environment import BadSetting


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`given(TILIOS_X="1")` sets the environment."""

    def use(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return use


S3 = {"TILIOS_BLOBS": "s3", "TILIOS_S3_BUCKET": "tilios", "TILIOS_S3_KEY_ID": "a", "TILIOS_S3_SECRET": "b"}


def test_blobs_are_in_a_folder_unless_a_bucket_is_named(given: Any) -> None:
    assert environment.blobs()["BACKEND"] == "tilios.core.blobs.storage.DiskStorage"
    given(**S3, TILIOS_S3_ENDPOINT="https://s3.example.org", TILIOS_S3_REGION="garage")
    found = environment.blobs()
    assert found["BACKEND"] == "tilios.core.blobs.s3.S3Blobs"
    assert found["OPTIONS"] == {
        "bucket_name": "tilios",
        "access_key": "a",
        "secret_key": "b",
        "endpoint_url": "https://s3.example.org",
        "region_name": "garage",
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TILIOS_BLOBS": "cloud"}, "disk or s3"),
        ({"TILIOS_BLOBS": "s3"}, "TILIOS_S3_BUCKET"),
        (S3 | {"TILIOS_S3_ENDPOINT": "s3.example.org"}, "TILIOS_S3_ENDPOINT"),
    ],
)
def test_a_bucket_that_cannot_be_opened_is_said(given: Any, wrong: dict[str, str], said: str) -> None:
    given(**wrong)
    with pytest.raises(BadSetting, match=said):
        environment.blobs()


def test_limits_of_uploads_are_whole_numbers(given: Any) -> None:
    given(TILIOS_UPLOAD_MAX_GIB="2", TILIOS_UPLOAD_WAITING_GIB="1", TILIOS_THREADS="5")
    assert environment.uploads() == {"most_bytes": 2**31, "most_waiting_bytes": 2**31, "days": 7, "at_once": 2}
    for wrong in ("0", "-1", "deux", "²"):
        given(TILIOS_UPLOAD_DAYS=wrong)
        with pytest.raises(BadSetting, match="TILIOS_UPLOAD_DAYS"):
            environment.uploads()
