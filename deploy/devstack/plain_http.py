"""How httpx is to ask our own servers on this machine, which answer over plain HTTP."""

import ssl
from typing import Any

PLAIN: dict[str, Any] = {"trust_env": False, "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
"""By no proxy, and trusting nobody: httpx reads all of the world's certificates for each client, which takes 17 ms."""
