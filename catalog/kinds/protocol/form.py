"""The payload of a protocol."""

from catalog.forms.entry import COMMON
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.shared.condition_forms import ConditionsForm
from catalog.kinds.shared.conditions import CONDITIONS


class ProtocolForm(ConditionsForm):
    class Meta(ConditionsForm.Meta):
        model = Protocol
        fields = (*COMMON, *CONDITIONS, "words")
