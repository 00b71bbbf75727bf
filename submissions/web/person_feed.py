"""The Atom feed of a contributor."""

from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, QueryDict
from django.urls import reverse

from catalog.web.feeds import ChangesFeed, Source, refuse_parameters
from submissions.web.people import published_by


class PersonFeed(ChangesFeed):
    """The changes that somebody contributed."""

    def source(self, query: QueryDict, **kwargs: Any) -> Source:
        refuse_parameters(query, "This feed has no filters.")
        account = get_user_model().objects.filter(username=kwargs["username"]).first()
        rows = published_by(account.pk) if account else None
        if account is None or rows is None or not rows.exists():
            raise Http404("Nothing is published under this name.")
        url = reverse("submissions:person", args=[account.username])
        return Source(f"by {account.username}", f"people/{account.pk}", url, rows)
