"""The page of a batch: what became of its proposals, how far its list is, and going on with it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions.models import Batch
from tests.people import contributor, moderator, signed_in
from tests.submissions.web.test_lists import LIST, TEXTS, html

pytestmark = pytest.mark.django_db


def send(client: Client, take: list[str], **texts: str) -> Any:
    data = {"text": LIST, "take": take, "chosen": "1", "submit": "1", **TEXTS, **texts}
    return client.post("/contribute/batch/", data)


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


class TestBatch:
    def test_its_author_and_moderators_see_what_became_of_it(self, ada: Client) -> None:
        send(ada, ["1", "2"])
        address = f"/submissions/batches/{Batch.objects.get().pk}/"

        page = html(ada.get(address))

        assert "2 waiting for review." in page
        assert [signed_in(who).get(address).status_code for who in (moderator(), contributor("grace"))] == [200, 404]

    def test_many_cost_no_more_queries_than_one(self, ada: Client) -> None:
        counts = []
        for many in (1, 40):
            text = "\n".join(f"@misc{{k{n}, title={{Model {many} {n}}}}}" for n in range(many))
            take = [str(number) for number in range(many)]
            response = send(ada, take, text=text)
            ada.get(response.headers["Location"])
            with CaptureQueriesContext(connection) as queries:
                ada.get(response.headers["Location"])
            counts.append(len(queries))

        assert counts[0] == counts[1]
