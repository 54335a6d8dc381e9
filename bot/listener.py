"""The socket of the HTTP server."""

import socket


class PortTaken(Exception):
    """A host and a port of the settings cannot be listened on."""


def listening(host: str, port: int, setting: str = "HTTP_PORT") -> socket.socket:
    """Return a socket that listens.

    Raises:
        PortTaken: With the setting that names the port, and what the system says.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        msg = f"{setting}: cannot listen on {host}:{port}: {error.strerror or error}"
        raise PortTaken(msg) from None
