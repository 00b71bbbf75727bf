"""The form of a new webhook."""

from typing import Any

from django import forms

from catalog.forms import EntryForm
from catalog.kinds import BY_PLURAL, KINDS
from catalog.kinds.benchmark.model import Benchmark
from submissions.notifications.webhooks.destination import BadDestination, checked_url

BOARDS = "boards"


class WebhookForm(forms.Form):
    """The URL, and the changes to send: of entries (all, or those of a kind, a topic or one entry), or of boards."""

    url = forms.CharField(max_length=500, label="Address", help_text="An https address of yours that takes POSTs.")
    about = forms.ChoiceField(
        required=False,
        choices=[("", "entries"), (BOARDS, "boards of benchmarks: places and first rows")],
        label="Changes of",
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", "all kinds"), *((kind.name, kind.label_plural) for kind in KINDS.values())]
    )
    topic = forms.CharField(max_length=100, required=False, help_text="The slug of a topic, if only it matters.")
    entry = forms.CharField(
        max_length=150, required=False, help_text="Such as papers/clip, if only changes of this entry matter."
    )

    def clean_url(self) -> str:
        """The stripped URL. Raises ValidationError unless it may be posted to."""
        try:
            return checked_url(self.cleaned_data["url"].strip())
        except BadDestination as error:
            raise forms.ValidationError(str(error)) from error

    def clean_topic(self) -> str:
        """The present slug of the topic. Raises ValidationError if there is none, as the entry form does."""
        slug: str = self.cleaned_data["topic"].strip()
        topics = EntryForm.base_fields["topics"].clean([slug]) if slug else []
        return "".join(topic.slug for topic in topics)

    def clean_entry(self) -> Any:
        """The named entry, None if the field is empty. Raises ValidationError if there is no such entry."""
        text = self.cleaned_data["entry"].strip().strip("/")
        if not text:
            return None
        plural, _, slug = text.rpartition("/")
        kind = BY_PLURAL.get(plural.rpartition("/")[2])
        entry = kind.model.objects.filter(slug=slug).first() if kind else None
        if entry is None:
            raise forms.ValidationError("Name an entry by the end of its address, such as papers/clip.")
        return entry

    def clean(self) -> None:
        """Boards are those of one benchmark or of all."""
        if self.cleaned_data.get("about") != BOARDS:
            return
        entry = self.cleaned_data.get("entry")
        if self.cleaned_data.get("kind") not in ("", Benchmark.kind):
            self.add_error("kind", "Only benchmarks have boards: choose all kinds.")
        if self.cleaned_data.get("topic"):
            self.add_error("topic", "Boards have no topics: leave it empty, or name a benchmark below.")
        if entry is not None and entry.kind != Benchmark.kind:
            self.add_error("entry", "Only benchmarks have boards: name one, such as benchmarks/mmmu.")

    def subscription(self) -> dict[str, Any]:
        """The arguments of `subscribe`."""
        given = {name: self.cleaned_data[name] for name in ("url", "kind", "topic", "entry")}
        return {**given, "boards": self.cleaned_data["about"] == BOARDS}
