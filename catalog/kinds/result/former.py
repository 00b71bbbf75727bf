"""Payloads of results that earlier releases wrote."""

from collections.abc import Mapping
from typing import Any

from catalog.kinds.shared.conditions import Adaptation

FORMERLY_INFERRED = {"variant_inferred": "variant", "split_inferred": "split", "setting_inferred": "setting"}


def in_present_shape(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A payload, or some values of one, with what former fields said in the present ones.

    What was inferred had fields of its own; now it stands in the field itself, and a row of `inferred` says so. That a
    model was fine-tuned was a field; now it is one of the settings, and 0 shots are another.
    """
    payload = dict(stored)
    inferred = payload.get("inferred", [])
    for former, key in FORMERLY_INFERRED.items():
        value = payload.pop(former, None)
        if value and not payload.get(key) and isinstance(inferred, list):
            payload[key] = value
            payload["inferred"] = inferred = [*inferred, {"field": key, "reason": ""}]
    if "fine_tuned" in payload:
        adaptation = adaptation_of(payload.pop("fine_tuned"), payload.get("shots"))
        payload["adaptation"] = payload.get("adaptation") or adaptation
    return payload


def adaptation_of(fine_tuned: Any, shots: Any) -> str:
    """The setting that the former field and the number of shots state together, or ""."""
    if fine_tuned is True:
        return Adaptation.FINE_TUNED.value
    if type(shots) is not int:
        return ""
    return Adaptation.FEW_SHOT.value if shots else Adaptation.ZERO_SHOT.value
