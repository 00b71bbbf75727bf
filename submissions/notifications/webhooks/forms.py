"""What a webhook is told of, as a form."""

from typing import Any

from django import forms

from catalog.forms import EntryForm
from catalog.kinds import BY_PLURAL, KINDS
from submissions.notifications.webhooks.destination import BadDestination, checked_url


class WebhookForm(forms.Form):
    """The address, and what narrows the changes: a kind, a topic, or one entry."""

    url = forms.CharField(max_length=500, label="Address", help_text="An https address of yours that takes POSTs.")
    kind = forms.ChoiceField(
        required=False, choices=[("", "all kinds"), *((kind.name, kind.label_plural) for kind in KINDS.values())]
    )
    topic = forms.CharField(max_length=100, required=False, help_text="The slug of a topic, if only it matters.")
    entry = forms.CharField(
        max_length=150, required=False, help_text="Such as papers/clip, if only changes of this entry matter."
    )

    def clean_url(self) -> str:
        """Refused where its form is not one that may be posted to."""
        try:
            return checked_url(self.cleaned_data["url"].strip())
        except BadDestination as error:
            raise forms.ValidationError(str(error)) from error

    def clean_topic(self) -> str:
        """The present slug; refused where the catalogue has no such topic, as in the form of an entry."""
        slug: str = self.cleaned_data["topic"].strip()
        found = EntryForm.base_fields["topics"].clean([slug]) if slug else []
        return "".join(topic.slug for topic in found)

    def clean_entry(self) -> Any:
        """The entry that is named, or None; refused where the catalogue has none there."""
        text = self.cleaned_data["entry"].strip().strip("/")
        if not text:
            return None
        plural, _, slug = text.rpartition("/")
        kind = BY_PLURAL.get(plural.rpartition("/")[2])
        found = kind.model.objects.filter(slug=slug).first() if kind else None
        if found is None:
            raise forms.ValidationError("Name an entry by the end of its address, such as papers/clip.")
        return found

    def wanted(self) -> dict[str, Any]:
        """The arguments of `subscribe`."""
        return {name: self.cleaned_data[name] for name in ("url", "kind", "topic", "entry")}
