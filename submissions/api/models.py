"""Stored responses for idempotency keys. Written only by `idempotency`."""

from django.conf import settings
from django.db import models


class IdempotentRequest(models.Model):
    """A request with an idempotency key, and its response; deleted after a day.

    `digest` is the SHA-256 of method, URL, media type and body. `answer` is the JSON body of the response, `headers`
    are its STORED_HEADERS; `status` is null until the request is finished.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
