"""The form of an account's settings."""

from typing import Any

from django import forms

from accounts.models import User
from accounts.names import clean_shown_name


class SettingsForm(forms.ModelForm):
    """The displayed name and the email switches; only moderators have the one for the digest."""

    class Meta:
        model = User
        fields = ("first_name", "mail_decisions", "mail_queue")
        labels = {"first_name": "Name shown"}
        help_texts = {"first_name": "Shown beside what you changed. Empty: your account’s name."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "name"
        if self.instance.role == "contributor":
            del self.fields["mail_queue"]

    def clean_first_name(self) -> str:
        """Strip whitespace. Raises ValidationError for invisible characters."""
        return clean_shown_name(self.cleaned_data["first_name"])
