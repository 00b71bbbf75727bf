"""Addresses of licences, by their identifiers in SPDX's list (https://spdx.org/licenses/)."""

import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]{1,60}")
WITH_REMARK = re.compile(r"([A-Za-z0-9.+-]{1,60}) \([^()]{1,400}\)")


def spdx_address(licence: str) -> str:
    """The address of the licence that SPDX lists under this identifier, in any case; "" if it lists none."""
    if not IDENTIFIER.fullmatch(licence) or licence.lower().startswith("licenseref-"):
        return ""
    try:
        return f"https://spdx.org/licenses/{canonicalize_license_expression(licence)}"
    except InvalidLicenseExpression:
        return ""


def remarked_address(licence: str) -> str:
    """The same of an identifier with a remark behind it: “Apache-2.0 (dataset card)”."""
    found = WITH_REMARK.fullmatch(licence)
    return spdx_address(found[1]) if found else ""
