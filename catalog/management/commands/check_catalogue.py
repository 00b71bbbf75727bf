"""manage.py check_catalogue: the live values that the forms of their kinds refuse today."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.kinds import KINDS
from catalog.ledger.checking import find_refused_values


class Command(BaseCommand):
    help = (
        "Check every live entry with the form of its kind, and list the values that it would refuse or store otherwise:"
        " kind, slug, field and reason. Mend them as any other value, by an edit. The exit status says whether there"
        " are any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for finding in find_refused_values():
            number += 1
            self.stdout.write(str(finding))
        if number:
            raise CommandError(f"{number} {'values need' if number > 1 else 'value needs'} an edit.")
        entries = sum(kind.model.objects.count() for kind in KINDS.values())
        self.stdout.write(self.style.SUCCESS(f"The forms accept all {entries:,} entries as they are."))
