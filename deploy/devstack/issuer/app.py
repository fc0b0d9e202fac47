"""The issuer over HTTP."""

import time
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from deploy.devstack.issuer.authorization import Declined
from deploy.devstack.issuer.body import body
from deploy.devstack.issuer.desk import Desk
from deploy.devstack.issuer.errors import OAuthError, Shown
from deploy.devstack.issuer.pages import LANGUAGES, language, redirect, refusal_page
from deploy.devstack.issuer.signing import Issuer
from deploy.devstack.issuer.tokens import GRANT_TYPES, token_answer

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def application(issuer: Issuer, now: Callable[[], float] = time.time) -> FastAPI:
    """The issuer's routes; at first nobody is signed in. `now` is Unix time."""
    app = FastAPI(title="Aftercare development issuer", docs_url=None, redoc_url=None, openapi_url=None)
    desk = Desk(issuer, now)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return described(issuer.url)

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return {"keys": [issuer.jwk]}

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        authorization = request.headers.get("authorization")
        answer = token_answer(issuer, desk.grants, await body(request), authorization, now())
        return JSONResponse(answer, headers=NO_STORE)

    app.add_api_route("/authorize", desk.authorize, methods=["GET"], response_model=None)
    app.add_api_route("/sign-in", desk.sign_in, methods=["POST"], response_model=None)
    app.add_api_route("/logout", desk.log_out, methods=["GET", "POST"], response_model=None)

    @app.exception_handler(OAuthError)
    async def refuse(_request: Request, error: OAuthError) -> JSONResponse:
        content = {"error": error.error, "error_description": str(error)}
        challenge = {"WWW-Authenticate": 'Basic realm="token"'} if error.status == 401 else {}
        return JSONResponse(content, error.status, NO_STORE | challenge)

    @app.exception_handler(Declined)
    async def decline(_request: Request, declined: Declined) -> Response:
        return redirect(declined.request.refusal(issuer.url, declined.error, str(declined)))

    @app.exception_handler(Shown)
    async def show(request: Request, shown: Shown) -> Response:
        return refusal_page(shown.word, language(request.query_params))

    return app


def described(url: str) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0 §3."""
    return {
        "issuer": url,
        "jwks_uri": f"{url}/jwks",
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "end_session_endpoint": f"{url}/logout",
        "grant_types_supported": list(GRANT_TYPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "scopes_supported": ["openid"],
        "prompt_values_supported": ["none", "login"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "name", "preferred_username", "roles", "region", "locale", "auth_time", "sid"],
        "ui_locales_supported": list(LANGUAGES),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": True,
    }
