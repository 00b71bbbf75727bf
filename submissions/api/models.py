"""What the API remembers so that a request sent twice is carried out once. Written by `idempotency` alone."""

from django.conf import settings
from django.db import models


class IdempotentRequest(models.Model):
    """A request that was carried out under a key, and the answer it got; forgotten after a day.

    `digest` is the SHA-256 of method, address and body. `answer` is the JSON of the answer, `headers` its own headers.
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
