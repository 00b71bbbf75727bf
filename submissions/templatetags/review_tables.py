"""Whether proposals can be seen as one table."""

from django import template

from catalog.kinds import KINDS
from catalog.reading.pages import table_of
from submissions.models import Proposal

register = template.Library()


@register.filter
def has_table(proposal: Proposal) -> bool:
    """Whether it is an open part of a batch that is reviewed as one table."""
    return bool(proposal.batch_id and proposal.is_open and table_of(KINDS[proposal.kind]))
