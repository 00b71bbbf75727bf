"""Addresses of licences."""

import pytest

from catalog.text.licences import remarked_address, spdx_address


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC-BY-4.0", "https://spdx.org/licenses/CC-BY-4.0"),
        ("apache-2.0", "https://spdx.org/licenses/Apache-2.0"),
        ("CC-BY-NC", ""),
        ("Proprietary", ""),
        ("LicenseRef-own", ""),
        ("MIT OR Apache-2.0", ""),
        ("Apache-2.0 (dataset card)", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_licence_that_spdx_lists(licence: str, address: str) -> None:
    assert spdx_address(licence) == address


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("Apache-2.0 (dataset card)", "https://spdx.org/licenses/Apache-2.0"),
        ("CC-BY-NC-4.0 (data); Apache-2.0 (code)", ""),
        ("Own terms (non-commercial)", ""),
        ("MIT", ""),
    ],
)
def test_the_address_of_a_licence_with_a_remark(licence: str, address: str) -> None:
    assert remarked_address(licence) == address
