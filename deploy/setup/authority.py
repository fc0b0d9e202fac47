"""A certificate authority of this installation, and the servers' certificates that it signs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.devstack.environment import write_private

AUTHORITY_DAYS, SERVER_DAYS = 3650, 397
RENEW_DAYS = 30
"""A server's certificate that ends sooner is made anew."""


class Authority:
    """Whom all containers trust: a certificate for everybody, and a key for whoever signs."""

    def __init__(self, certificate: Path, key: Path) -> None:
        certificate.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not certificate.exists():
            self._make(certificate, key)
        self.certificate = x509.load_pem_x509_certificate(certificate.read_bytes())
        loaded = load_pem_private_key(key.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        self._key = loaded

    def issue(self, names: Sequence[str], days: int = SERVER_DAYS) -> tuple[str, str]:
        """A new key and its certificate with the authority's behind it, as PEM, for a server of these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _begun(_named(names[0]), self.certificate.subject, key, days)
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), False)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False
        )
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        signed = builder.add_extension(signer, False).sign(self._key, SHA256())
        return _private(key), (signed.public_bytes(Encoding.PEM) + self.certificate.public_bytes(Encoding.PEM)).decode()

    def _make(self, certificate: Path, key: Path) -> None:
        own = ec.generate_private_key(ec.SECP256R1())
        name = _named("Aftercare local authority")
        builder = _begun(name, name, own, AUTHORITY_DAYS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        signed = builder.add_extension(_usage(), True).sign(own, SHA256())
        write_private(key, _private(own))
        certificate.write_bytes(signed.public_bytes(Encoding.PEM))
        certificate.chmod(0o644)


def fits(certificate: Path, names: Sequence[str], now: datetime) -> bool:
    """Whether a server's certificate is there, has these names, and is good for a while."""
    if not certificate.exists():
        return False
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    there = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(there) == set(map(_alternative, names)) and found.not_valid_after_utc > now + timedelta(days=RENEW_DAYS)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=days))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)


def _usage() -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    return x509.KeyUsage(**dict.fromkeys(names, False), **dict.fromkeys(("key_cert_sign", "crl_sign"), True),
                         encipher_only=False, decipher_only=False)  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
