import ssl
import sys

import pytest

from mtl_core.jobs.certificate import make_certificate


@pytest.mark.skipif(sys.platform == "win32", reason="Windows says by other means who may read a file")
def test_only_its_owner_can_read_the_key(tmp_path):
    made = make_certificate(tmp_path)
    assert made.key.stat().st_mode & 0o077 == 0


def test_each_start_has_a_key_of_its_own(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (make_certificate(tmp_path / name) for name in ("one", "two"))
    assert one.key.read_bytes() != two.key.read_bytes()
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        ssl.create_default_context().load_cert_chain(one.certificate, two.key)


def test_who_has_it_is_believed_and_who_has_another_is_not(tmp_path):
    for name in ("ours", "strangers"):
        (tmp_path / name).mkdir()
    ours, strangers = (make_certificate(tmp_path / name) for name in ("ours", "strangers"))
    assert handshake(ours, ours)
    assert not handshake(ours, strangers)
    assert not handshake(strangers, ours)


def handshake(server, client):
    """Whether both believe each other, each with a certificate and the same as its only authority."""
    purposes = {ssl.Purpose.CLIENT_AUTH: server, ssl.Purpose.SERVER_AUTH: client}
    ends = [ssl.create_default_context(purpose, cafile=end.certificate) for purpose, end in purposes.items()]
    for context, end in zip(ends, (server, client), strict=True):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # Python 3.13 does so by itself
        context.load_cert_chain(end.certificate, end.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    at_server = ends[0].wrap_bio(to_server, to_client, server_side=True)
    at_client = ends[1].wrap_bio(to_client, to_server)
    waiting = [at_client, at_server]
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return not waiting
