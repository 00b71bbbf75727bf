"""The cookies of a site under TLS, in a browser: bound to its host, and everything that posts still works with them."""

import datetime
import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import expect

from tests.journeys.conftest import ADMIN, free_port, served
from tests.journeys.portal import Tab

pytestmark = pytest.mark.browser


def certificate(folder: Path) -> tuple[Path, Path]:
    """The files of a certificate for 127.0.0.1, which signs itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    encoding, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(encoding, private, serialization.NoEncryption()))
    return paths


@pytest.fixture
def site_under_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    address, (public, private) = f"https://127.0.0.1:{free_port()}", certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))  # for the request that waits for the server
    tls = {"GRANIAN_SSL_CERTIFICATE": str(public), "GRANIAN_SSL_KEYFILE": str(private), "SECURE_SSL": "1"}
    with served(address, tmp_path, **tls):
        yield address


def test_cookies_belong_to_this_host_over_https(site_under_tls: str, tab: Tab) -> None:
    page = tab(ignore_https_errors=True)
    page.goto(f"{site_under_tls}/accounts/login/?next=/accounts/settings/")
    page.get_by_text("With a password", exact=True).click()
    page.get_by_label("Username").fill(ADMIN[0])
    page.get_by_label("Password").fill(ADMIN[1])
    page.get_by_role("button", name="Sign in with a password").click()
    page.get_by_label("Name shown").fill("The root")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    found = {
        one["name"]: (one["domain"], one["path"], one["secure"])
        for one in page.context.cookies()
        if one["name"] != "messages"
    }
    assert found == {
        "__Host-sessionid": ("127.0.0.1", "/", True),
        "__Host-csrftoken": ("127.0.0.1", "/", True),
    }
