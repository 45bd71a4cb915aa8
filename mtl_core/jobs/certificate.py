"""The certificate of an embedded cluster: who has it may take part, and nobody else on the machine.

Whoever reaches a Dask scheduler can run code as its user, and the loopback interface is open to every user of a machine. So
each start makes a key and a certificate of its own, in a folder that only the app's user can read, and both sides of every
connection must show it. It is its own authority, and is thrown away with the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

__all__ = ["Certificate", "make_certificate"]

_BEFORE, _DAYS = timedelta(days=1), timedelta(days=3650)
"""A server may run for long, and its clock may be set back."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate and its key are.

    Parameters
    ----------
    certificate, key : Path
        PEM files; only the owner can read the key.
    """

    certificate: Path
    key: Path

    @classmethod
    def within(cls, folder: Path) -> Self:
        """The one that was made in a folder, or is to be."""
        return cls(folder / "certificate.pem", folder / "key.pem")

    def environment(self) -> dict[str, str]:
        """Dask's configuration of a process that takes part, as environment variables."""
        roles = ("SCHEDULER", "WORKER", "CLIENT")
        tls = "DASK_DISTRIBUTED__COMM__TLS__"
        return {
            "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
            f"{tls}CA_FILE": str(self.certificate),
            **{f"{tls}{role}__CERT": str(self.certificate) for role in roles},
            **{f"{tls}{role}__KEY": str(self.key) for role in roles},
        }

    def options(self) -> Mapping[str, str | bool]:
        """Of `distributed.Security`, for a client."""
        return {
            "require_encryption": True,
            "tls_ca_file": str(self.certificate),
            "tls_client_cert": str(self.certificate),
            "tls_client_key": str(self.key),
        }


def make_certificate(folder: Path) -> Certificate:
    """Make a key and a certificate that vouches for itself.

    Parameters
    ----------
    folder : Path
        There already, and nobody else's.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    made = Certificate.within(folder)
    # An elliptic curve: its key takes 1 ms, an RSA key up to half a second.
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "concatenate-explained")])
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + _DAYS)
        # What Python 3.13 asks of an authority.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Nobody else can read it at any moment, whoever can look into the folder.
    made.key.touch(mode=0o600, exist_ok=False)
    made.key.write_bytes(text)
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return made
