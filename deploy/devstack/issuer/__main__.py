"""`python -m deploy.devstack.issuer [serve|token|people]`: the issuer as a process, one token, or who can sign in.

`--port 8100 --state .run/issuer` serves; `token --state .run/issuer --role agent --hours 8 --issuer
http://127.0.0.1:8100` prints a token and nothing else; `people --state .run/issuer` lists who can sign in, and how.
"""

import argparse
from pathlib import Path

import uvicorn

from deploy.devstack.issuer.app import application
from deploy.devstack.issuer.people import ROLES, listed
from deploy.devstack.issuer.signing import Issuer
from libs.chassis.http.server.connection import HttpConnection


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.devstack.issuer", description="A small OIDC issuer for development."
    )
    parser.add_argument("command", nargs="?", choices=["serve", "token", "people"], default="serve")
    parser.add_argument("--state", type=Path, required=True, help="folder of the key, the secrets and the password")
    parser.add_argument("--port", type=int, default=8100, help="on 127.0.0.1")
    parser.add_argument("--issuer", help="the tokens' iss; default: http://127.0.0.1:PORT")
    parser.add_argument("--role", choices=ROLES, action="append", help="of the token; may be given more than once")
    parser.add_argument("--subject", help="of the token; default: role-<role>")
    parser.add_argument("--name", help="of the person, as histories show it")
    parser.add_argument("--region", help="where the person works")
    parser.add_argument("--hours", type=float, default=8.0, help="life of the token")
    return parser.parse_args()


def _serve(issuer: Issuer, port: int) -> None:
    config = uvicorn.Config(
        application(issuer), "127.0.0.1", port, http=HttpConnection, log_level="warning", access_log=False
    )
    uvicorn.Server(config).run()


def main() -> None:
    """Serve, or print one token, or the people."""
    arguments = _arguments()
    if arguments.command == "people":
        print("\n".join(listed(arguments.state)))
        return
    issuer = Issuer(arguments.state, arguments.issuer or f"http://127.0.0.1:{arguments.port}")
    if arguments.command == "serve":
        _serve(issuer, arguments.port)
        return
    roles = arguments.role or ["agent"]
    subject, seconds = arguments.subject or f"role-{roles[0]}", arguments.hours * 3600
    print(issuer.token(subject, roles, seconds, arguments.name, arguments.region))


if __name__ == "__main__":
    main()
