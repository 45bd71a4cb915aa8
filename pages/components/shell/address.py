"""Where the app is, as others can reach it: the address of a page, and whether a phone gets there."""

from __future__ import annotations

import html
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit, urlunsplit

import streamlit as st

from mtl_core.language import _

__all__ = ["page", "reachable", "spoken", "takes_files"]

_UPLOAD_COOKIE = "_streamlit_xsrf"


def page(path: str | None = None) -> str:
    """The address of a page of the app, by its path; by default of the page that is drawn."""
    url = str(st.context.url or "").split("?")[0]
    origin = str(st.context.headers.get("Origin", ""))
    if st.context.is_embedded and origin.startswith("http"):
        # Within a frame of its own site Streamlit names the page around it. Where the app itself is, the connection knows.
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        here = str(st.session_state.get("page_path", "")) if path is None else path
        return "/".join([origin, *filter(None, (base, here))])
    return url if path is None else urljoin(url, path)


def reachable(address: str) -> tuple[str, str]:
    """An address as phones can reach it, and a sentence if they cannot, or if it was guessed."""
    parts = urlsplit(address)
    if not _only_here(parts.hostname or ""):
        return address, ""
    network, listens = _network_address(), str(st.get_option("server.address") or "")
    if not network or (listens and _only_here(listens)):
        return address, _(
            "Phones cannot reach {host}: it is the name of this computer for itself. Start the app with "
            "`--server.address 0.0.0.0`, and open it by this computer’s address in the network."
        ).format(host=parts.hostname)
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{network}{port}")), _(
        "Phones cannot reach {host}, under which you opened the app. {network} is this computer in its network: try it "
        "with one phone first."
    ).format(host=parts.hostname, network=network)


def spoken(address: str) -> str:
    """An address as it is read out and typed: without what every browser adds."""
    return html.escape(address.split("://", 1)[-1])


def takes_files() -> bool:
    """Whether the browser lets this session upload: in a frame of another site it keeps back the cookie that Streamlit asks for."""
    return not st.context.is_embedded or _UPLOAD_COOKIE in st.context.cookies


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _network_address() -> str:
    """This computer's address in its network; empty if it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address that is for documentation only (RFC 5737): to connect a datagram socket only looks up the way.
            probe.connect(("192.0.2.1", 9))
            network = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if _only_here(network) else network
