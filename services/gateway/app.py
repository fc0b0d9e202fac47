"""The gateway's table of contents."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx
import structlog

from libs.chassis.department import department
from libs.chassis.http.application import inside, site
from libs.chassis.http.gate import PATIENCE_SECONDS
from libs.chassis.running.clock import own_now
from libs.chassis.running.housekeeping import keep_house
from libs.chassis.running.process import Process
from libs.chassis.running.settings import Settings
from libs.services import EVENT_SERVICES
from services.gateway import asset_code
from services.gateway.asset_code import AssetCodes
from services.gateway.documents import api as documents
from services.gateway.documents.prints import Desk
from services.gateway.front.api import Front
from services.gateway.front.files import Files
from services.gateway.links.api import PREFIX, Links
from services.gateway.links.client import Services
from services.gateway.live import api as live
from services.gateway.live.client import Reader
from services.gateway.live.ends import watch
from services.gateway.live.hub import Hub
from services.gateway.policy import HEADERS
from services.gateway.proxy.api import routes as proxied
from services.gateway.proxy.client import Client as Connections
from services.gateway.refusals import REFUSALS
from services.gateway.same_site import SameSite
from services.gateway.seal import Seal, own_key, secrets_of
from services.gateway.sessions import api as sessions
from services.gateway.sessions.domain import Limits
from services.gateway.sessions.store import Sessions
from services.gateway.settings import TREE, GatewaySettings, origin_of, signer_of, upstreams
from services.gateway.sign_in import api as sign_in
from services.gateway.sign_in.client import Client

log = structlog.get_logger(__name__)

ABOUT = "What browsers speak to: sessions, signing in, the services behind it, and the front."


class Gateway(Process):
    """The gateway as a process."""

    def __init__(self, settings: Settings, role: str) -> None:
        assert isinstance(settings.own, GatewaySettings)
        self.own = own = settings.own
        self._secrets = secrets_of(own.seal_key_file)
        front = Front(Files(TREE / own.front), origin_of(settings.common.oidc_issuer))
        self._connections = Connections()
        self._codes = AssetCodes(self._secrets)
        printed = [*documents.routes(sessions.token_of), asset_code.route(self._codes)]
        behind = proxied(upstreams(), sessions.token_of, self._connections)
        self._signer = signer_of(settings)
        links = Links(self._signer, own.address_header, own.hotline).routes if self._signer else []
        routes = [*sessions.ROUTES, *sign_in.ROUTES, *live.ROUTES, *links, *printed, *behind, *front.routes]
        app = site("Aftercare gateway", routes, REFUSALS, HEADERS, lambda inner: SameSite(inner, own.url, PREFIX))
        app.state.hub = self._hub = Hub(EVENT_SERVICES)
        self._streams = upstreams(port="INTERNAL_URL")
        super().__init__("gateway", app, inside(app, "Aftercare gateway", ABOUT), settings, role)

    async def open(self, http: httpx.AsyncClient) -> None:
        """Reach the database, then know people."""
        own, state = self.own, self.app.state
        issuer = self.settings.common.issuer(http)
        state.origin, state.attempts = own.url, Seal(self._secrets, "attempts")
        state.draft_key = partial(own_key, self._secrets[0])
        state.client = client = Client(issuer, state.tokens, own.client_id, own.client_secret_file, own.url)
        pool = await self.reach(own.pool_size, PATIENCE_SECONDS)
        zone = ZoneInfo(department().timezone)
        state.documents = documents.Documents(http, upstreams(), Desk(own.url, zone, self._codes, own.hotline))
        limits = Limits(timedelta(hours=own.idle_hours), timedelta(hours=own.session_hours))
        state.sessions = known = Sessions(pool, Seal(self._secrets, "sessions"), limits, client.renew)
        self.vitals.pool = pool
        log.info("ready", role=self.role, port=own.port, internal=own.internal_port)
        tokens = self.settings.common.tokens("gateway", http)
        if self._signer is not None:
            state.link_services = Services(upstreams(), http, tokens, self._signer)
        for service, url in self._streams.items():
            self.begin(f"stream of {service}", Reader(service, url, self._hub, http, tokens).run())
        self.begin("ends of streams", watch(self._hub, known, self.vitals))
        self.begin("connections", self._connections.hold())
        self.begin("forms", state.documents.warm())
        self.begin("housekeeping", keep_house(lambda: known.sweep(own_now())))
