"""What cannot be read gets a sentence, not a bare line of English."""

import pytest
from django.test import Client

from tests.cast import Cast


def test_a_form_too_heavy_is_refused_in_words(cast: Cast) -> None:
    heavy = "name=" + "a" * 6_000_000
    response = cast.client("bob").post(
        "/langue/", heavy, content_type="application/x-www-form-urlencoded", headers={"accept-language": "fr"}
    )
    assert response.status_code == 413
    assert "trop lourd" in response.content.decode()


@pytest.mark.django_db
def test_a_name_that_is_not_ours_is_refused(client: Client) -> None:
    response = client.get("/compte/login/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "<html" in response.content.decode()
