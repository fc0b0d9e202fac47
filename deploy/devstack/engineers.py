"""The issuer's engineers as dispatch knows them: a record each, bound to their login, so that their phone has a day."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from deploy.devstack.badges import subject_of
from deploy.devstack.issuer import Issuer
from deploy.devstack.issuer.people import ENGINEERS, Person
from deploy.devstack.trouble import Trouble

SECONDS = 60.0


def register(environment: Mapping[str, str]) -> None:
    """Register and bind whoever has no record yet. Raises Trouble where dispatch does not do it."""
    issuer = Issuer(Path(environment["OIDC_STATE"]), environment["OIDC_ISSUER"])
    with httpx.Client(base_url=environment["DISPATCH_URL"], timeout=20, trust_env=False) as dispatch:
        for person in ENGINEERS:
            own = issuer.token(person.username, person.roles, SECONDS)
            found = dispatch.get("/v1/engineers/me", headers=_bearer(own))
            if found.status_code != 404:
                _content(found)
            else:
                _bind(dispatch, person, issuer.token(subject_of("dispatcher"), ["dispatcher"], SECONDS))


def _bind(dispatch: httpx.Client, person: Person, token: str) -> None:
    """Both steps have keys: what was cut off between them is not registered twice."""
    key = f"devstack/{person.username}"
    new: dict[str, Any] = {"name": person.name, "skills": [], "region": person.region}
    id = _command(dispatch, "/v1/engineers", key, new, token)["id"]
    _command(dispatch, f"/v1/engineers/{id}/binding", f"{key}/login", {"subject": person.username}, token)


def _command(dispatch: httpx.Client, path: str, key: str, body: Mapping[str, Any], token: str) -> dict[str, Any]:
    return _content(dispatch.post(path, json=body, headers={"Idempotency-Key": key, **_bearer(token)}))


def _content(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise Trouble(f"dispatch does not take an engineer: {answer.status_code} {answer.text}")
    found: dict[str, Any] = answer.json()
    return found


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
