"""Peer: what one would write by hand: FastAPI, pydantic and one asyncpg insert, with the same token check."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import httpx
import uvicorn
from fastapi import Depends, FastAPI, Header, Request
from pydantic import BaseModel
from uuid_utils import uuid7

from libs.chassis.identity.auth import Principal, Tokens
from libs.chassis.identity.oidc import Issuer, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms


class NewTicket(BaseModel):
    """The same fields."""

    channel: Literal["web", "phone", "email", "fax", "letter", "chat", "walk_in"]
    kind: str
    customer_id: UUID
    summary: str
    requirements: str | None = None
    urgency: Literal["low", "normal", "high", "critical"] = "normal"


class Opened(BaseModel):
    """A short answer."""

    id: str
    version: int
    status: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A pool and the issuer's keys."""
    async with httpx.AsyncClient() as http, asyncpg.create_pool(os.environ["PEER_DATABASE_URL"]) as pool:
        app.state.pool, app.state.tokens = pool, tokens(http)
        yield


def tokens(http: httpx.AsyncClient) -> Tokens:
    """What checks tokens, by the environment's issuer."""
    issuer, pseudonyms = Issuer(os.environ["OIDC_ISSUER"], http), Pseudonyms(os.environ["ACTOR_KEY"].encode())
    return Tokens(issuer.url, Keys(issuer), pseudonyms, "intake")


async def principal(request: Request, authorization: Annotated[str | None, Header()] = None) -> Principal:
    """The same check as ours."""
    known: Tokens = request.app.state.tokens
    return await known.authenticate(authorization)


app = FastAPI(lifespan=lifespan)


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    return {}


@app.post("/v1/tickets", status_code=201)
async def open_ticket(body: NewTicket, request: Request, _: Annotated[Principal, Depends(principal)]) -> Opened:
    """One insert."""
    id = str(uuid7())
    await request.app.state.pool.execute("INSERT INTO bare (data) VALUES ($1)", body.model_dump_json())
    return Opened(id=id, version=1, status="open")


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PEER_PORT"]), access_log=False, log_level="warning")
