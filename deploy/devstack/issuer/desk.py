"""Where people sign in and out: what a browser is answered."""

from asyncio import to_thread
from collections.abc import Callable
from unicodedata import normalize
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from deploy.devstack.issuer.authorization import AuthorizationRequest, Declined, asked, single
from deploy.devstack.issuer.body import body
from deploy.devstack.issuer.grants import Grants
from deploy.devstack.issuer.pages import language, left_page, redirect, sign_in_page, sign_out_page
from deploy.devstack.issuer.passwords import Tries
from deploy.devstack.issuer.people import People
from deploy.devstack.issuer.sign_ins import SIGN_IN_SECONDS, SignIn, SignIns
from deploy.devstack.issuer.sign_out import sign_out
from deploy.devstack.issuer.signing import Issuer

COOKIE = "issuer-sign-in"
LONGEST_NAME = 64


class Desk:
    """The people of an issuer, and who of them is signed in."""

    def __init__(self, issuer: Issuer, now: Callable[[], float]) -> None:
        self._issuer, self._now = issuer, now
        self._people = People(issuer.state)
        self._tries = Tries()
        self._sign_ins = SignIns()
        self.grants = Grants(self._sign_ins)

    async def authorize(self, request: Request) -> Response:
        """A code for who is signed in, the form for others."""
        wanted = asked(request.url.query, self._issuer.clients)
        sign_in = None if "login" in wanted.prompt else self._signed_in(request)
        if sign_in is not None:
            return self._back(wanted, sign_in)
        if "none" in wanted.prompt:
            raise Declined(wanted, "login_required", "nobody is signed in")
        return sign_in_page(request.url.query, language(request.query_params), wanted.redirect_uri)

    async def sign_in(self, request: Request) -> Response:
        """A code for the right password, the form again for a wrong one."""
        query, lang = request.url.query, language(request.query_params)
        wanted = asked(query, self._issuer.clients)
        if cross_site(request, self._issuer.url):
            return sign_in_page(query, lang, wanted.redirect_uri, "cross-site")
        fields = single((await body(request)).decode("utf-8", "replace"))
        typed = fields.get("username", "")[:LONGEST_NAME]
        if seconds := self._tries.wait(_spelled(typed), self._now()):
            return sign_in_page(query, lang, wanted.redirect_uri, "wait", typed, seconds)
        person = await to_thread(self._people.found, _spelled(typed), fields.get("password", ""))
        if person is None:
            return sign_in_page(query, lang, wanted.redirect_uri, "wrong", typed)
        self._tries.succeed(person.username)
        cookie, sign_in = self._sign_ins.begin(person, self._now())
        answer = self._back(wanted, sign_in)
        secure = self._issuer.url.startswith("https:")
        answer.set_cookie(COOKIE, cookie, max_age=SIGN_IN_SECONDS, httponly=True, secure=secure, samesite="lax")
        return answer

    async def log_out(self, request: Request) -> Response:
        """Signed out: at once where the client proves whom it means, after a question where it does not."""
        sent = single((await body(request)).decode("utf-8", "replace"))
        fields = single(request.url.query) | sent
        confirmed = fields.pop("confirmed", "") == "yes" and request.method == "POST"
        wanted, lang = sign_out(fields, self._issuer), language(fields)
        own = self._signed_in(request)
        if wanted.sign_in is None and own and (not confirmed or cross_site(request, self._issuer.url)):
            return sign_out_page(urlencode(fields), lang, wanted.address)
        ended = wanted.sign_in or (own.id if own else "")
        self._sign_ins.end(ended)
        answer = redirect(wanted.address) if wanted.address else left_page(lang)
        if own is None or own.id == ended:
            answer.delete_cookie(COOKIE)
        return answer

    def _signed_in(self, request: Request) -> SignIn | None:
        return self._sign_ins.of(request.cookies.get(COOKIE), self._now())

    def _back(self, wanted: AuthorizationRequest, sign_in: SignIn) -> Response:
        code = self.grants.code(wanted, sign_in, self._now())
        return redirect(wanted.answer(self._issuer.url, code=code))


def cross_site(request: Request, url: str) -> bool:
    """Whether a page of another site sent a form here. What is no browser says neither, and may."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return site != "same-origin" if site else origin not in (None, url)


def _spelled(username: str) -> str:
    """As it is compared: full-width letters and capitals are the same; what nobody sees makes another name."""
    return normalize("NFKC", username).strip().casefold()
