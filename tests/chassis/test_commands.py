"""The rules of HTTP that every command and every read obeys, on a real database."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from libs.chassis.etags import PATTERN
from libs.chassis.http import reads
from libs.events.database.connections import Pool, transact
from tests.chassis.conftest import As, Caller, LiveIssuer


async def events(pool: Pool) -> int:
    return int(await pool.fetchval("SELECT count(*) FROM event"))


async def test_a_command_answers_id_version_and_status_with_its_etag(anna: Caller) -> None:
    answer = await anna.post("/v1/jobs", {"note": "hello", "size": 2.5})
    assert answer.status_code == 201
    body = answer.json()
    assert body == {"id": body["id"], "version": 1, "status": "open", "job_id": body["id"], "size": 2.5}
    assert answer.headers["etag"] == '"1"'
    counted = await anna.post(f"/v1/jobs/{body['id']}/count", {"by": 4})
    assert (counted.status_code, counted.json()["total"], counted.headers["etag"]) == (200, 4, '"2"')


async def test_every_answer_has_the_safe_headers(anna: Caller) -> None:
    for answer in (await anna.get("/v1/jobs"), await anna.get("/nowhere"), await anna.http.get("/health/live")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in answer.headers


async def test_a_post_without_a_key_is_400(anna: Caller, pool: Pool) -> None:
    answer = await anna.http.post("/v1/jobs", headers=anna.headers, json={"note": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await events(pool) == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "caf\u00e9"])
async def test_a_key_is_visible_ascii(anna: Caller, key: str) -> None:
    headers = {**anna.headers, "Idempotency-Key": key.encode()}
    answer = await anna.http.post("/v1/jobs", headers=headers, json={"note": "x"})  # type: ignore[arg-type]  # raw bytes
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-malformed")


async def test_the_same_request_again_is_answered_again_and_not_done_again(anna: Caller, pool: Pool) -> None:
    replays = REGISTRY.get_sample_value("aftercare_idempotent_replays_total") or 0
    first = await anna.post("/v1/jobs", {"note": "x"}, key="k1")
    again = await anna.post("/v1/jobs", {"note": "x"}, key="k1")
    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert REGISTRY.get_sample_value("aftercare_idempotent_replays_total") == replays + 1
    assert await events(pool) == 1


async def test_another_body_under_the_same_key_is_422(anna: Caller, pool: Pool) -> None:
    await anna.post("/v1/jobs", {"note": "x"}, key="k1")
    other = await anna.post("/v1/jobs", {"note": "y"}, key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert await events(pool) == 1


async def test_a_key_belongs_to_its_principal_and_path(anna: Caller, caller: As, pool: Pool) -> None:
    await anna.post("/v1/jobs", {"note": "x"}, key="k1")
    assert (await caller("agent").post("/v1/jobs", {"note": "y"}, key="k1")).status_code == 201
    id = await anna.opened()
    assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, key="k1")).status_code == 200
    assert await events(pool) == 4


async def test_what_was_refused_before_it_began_is_not_kept(anna: Caller) -> None:
    assert (await anna.post("/v1/jobs", {"note": 1}, key="k1")).status_code == 422
    assert (await anna.post("/v1/jobs", {"note": "now right"}, key="k1")).status_code == 201


async def test_a_broken_rule_is_not_kept_either(anna: Caller) -> None:
    id = await anna.opened()
    refused = await anna.post(f"/v1/jobs/{id}/count", {"by": 13}, key="k2")
    assert (refused.status_code, refused.json()["code"], refused.json()["detail"]) == (
        409,
        "unlucky",
        "Nobody counts by thirteen.",
    )
    assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 12}, key="k2")).status_code == 200


async def test_many_at_once_under_one_key_have_one_effect(anna: Caller, pool: Pool) -> None:
    answers = await asyncio.gather(*(anna.post("/v1/jobs", {"note": "x"}, key="k1") for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert all(a.headers["retry-after"] == "1" for a in answers if a.status_code == 409)
    assert await events(pool) == 1


async def test_a_key_in_flight_is_409_with_retry_after(anna: Caller, issuer: LiveIssuer, pool: Pool) -> None:
    scope = hashlib.sha256(f"{issuer.url}\nanna\nPOST /v1/jobs".encode()).hexdigest()
    async with transact(pool) as first:  # the request of this key, in the middle of its append
        await first.execute("SELECT claim($1, 'k1')", scope)
        second = await anna.post("/v1/jobs", {"note": "x"}, key="k1")
    assert (second.status_code, second.json()["code"]) == (409, "idempotency-key-in-flight")
    assert second.headers["retry-after"] == "1"
    assert (await anna.post("/v1/jobs", {"note": "x"}, key="k1")).status_code == 201


async def test_a_stale_if_match_is_412(anna: Caller, pool: Pool) -> None:
    id = await anna.opened()
    fresh = await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": '"1"'})
    assert fresh.status_code == 200
    stale = await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": "*"})).status_code == 200
    assert await events(pool) == 3


MALFORMED = ["1", "W/1", 'w/"1"', '"1', '"1" "2"', '"1", 2', '*, "1"', '"a b"', ",", ""]


@pytest.mark.parametrize("etag", MALFORMED)
async def test_a_malformed_if_match_is_400(anna: Caller, etag: str) -> None:
    id = await anna.opened()
    answer = await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (400, "if-match-malformed")


@pytest.mark.parametrize("etag", ['"1"', '"7", "1"', 'W/"7","1"', ' , "1",\t,', '"x" , "1"', "*", '"1-0123456789ab"'])
async def test_one_of_the_tags_in_if_match_is_enough(anna: Caller, etag: str) -> None:
    id = await anna.opened()
    assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": etag})).status_code == 200


@pytest.mark.parametrize("etag", ['W/"1"', '"2"', '"x"', '""', '"-1"', '"01"', '"2", W/"1", "1x"', '"99999999999"'])
async def test_weak_tags_and_those_of_others_never_match(anna: Caller, pool: Pool, etag: str) -> None:
    id = await anna.opened()
    answer = await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale-version")
    assert await events(pool) == 1


async def test_if_match_may_stand_in_several_lines(anna: Caller) -> None:
    id = await anna.opened()
    headers = [*anna.headers.items(), ("Idempotency-Key", "k"), ("If-Match", '"7"'), ("If-Match", '"1"')]
    answer = await anna.http.post(f"/v1/jobs/{id}/count", json={"by": 1}, headers=headers)
    assert answer.status_code == 200


async def test_what_was_read_is_what_if_match_takes(anna: Caller) -> None:
    id = await anna.opened()
    read = (await anna.get(f"/v1/jobs/{id}")).headers["etag"]
    assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": read})).status_code == 200
    assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": read})).status_code == 412


async def test_what_the_reader_has_is_not_sent_again(anna: Caller) -> None:
    id = await anna.opened()
    first = await anna.get(f"/v1/jobs/{id}")
    etag = first.headers["etag"]
    for had in (etag, f"W/{etag}", f'"x", W/{etag}', "*"):
        same = await anna.get(f"/v1/jobs/{id}", headers={"If-None-Match": had})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    for other in ('"1"', '"x"', f'W/"{etag[1:-2]}"'):
        again = await anna.get(f"/v1/jobs/{id}", headers={"If-None-Match": other})
        assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, etag)
    await anna.post(f"/v1/jobs/{id}/count", {"by": 1})
    now = await anna.get(f"/v1/jobs/{id}", headers={"If-None-Match": etag})
    assert (now.status_code, now.json()["total"]) == (200, 1)


async def test_a_read_obeys_if_match_too_and_first(anna: Caller) -> None:
    id = await anna.opened()
    etag = (await anna.get(f"/v1/jobs/{id}")).headers["etag"]
    for wanted, status in (('"2"', 412), (f"W/{etag}", 412), ('"1"', 304), (etag, 304), ("*", 304)):
        answer = await anna.get(f"/v1/jobs/{id}", headers={"If-Match": wanted, "If-None-Match": etag})
        assert answer.status_code == status
    assert (await anna.get(f"/v1/jobs/{uuid4()}", headers={"If-None-Match": "*"})).status_code == 404


@pytest.mark.parametrize("etag", MALFORMED)
async def test_a_malformed_if_none_match_is_400(anna: Caller, etag: str) -> None:
    answer = await anna.get(f"/v1/jobs/{await anna.opened()}", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (400, "if-none-match-malformed")


@pytest.mark.parametrize("etag", [*MALFORMED, '"1"', 'W/"7","1"', '"1",,"2"', ' "x" , ', "*", '""', '"\u00e9"'])
def test_the_document_says_what_a_list_of_tags_is(etag: str) -> None:
    assert bool(re.search(PATTERN, etag)) == (etag not in MALFORMED)


async def test_a_command_on_what_is_not_there_is_404(anna: Caller, pool: Pool) -> None:
    for headers in ({}, {"If-Match": '"3"'}):
        answer = await anna.post(f"/v1/jobs/{uuid4()}/count", {"by": 1}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert await events(pool) == 0


async def test_a_malformed_id_is_422_and_an_unknown_one_404(anna: Caller) -> None:
    for id in ("7", "%2e%2e%2f", "' or 1=1", "x" * 500):
        malformed = await anna.get(f"/v1/jobs/{id}")
        assert malformed.status_code in (404, 422)
    assert (await anna.get("/v1/jobs/not-a-uuid")).json()["errors"][0]["field"] == "path.id"
    assert (await anna.get(f"/v1/jobs/{uuid4()}")).status_code == 404


async def test_occurred_at_may_lie_in_the_past_and_never_in_the_future(anna: Caller, pool: Pool) -> None:
    past = await anna.post("/v1/jobs", {"note": "x", "occurred_at": "2026-01-02T03:04:05+08:00"})
    assert past.status_code == 201
    assert str(await pool.fetchval("SELECT occurred_at FROM event")) == "2026-01-01 19:04:05+00:00"
    future = await anna.post("/v1/jobs", {"note": "x", "occurred_at": "2099-01-01T00:00:00Z"})
    assert (future.status_code, future.json()["errors"][0]["field"]) == (422, "body.occurred_at")


@pytest.mark.parametrize(
    "instant",
    [
        "2026-01-02T03:04:05",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-02-30T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "2026-01-02T03:04:05+14:01",
        "2026-01-02T03:04:05-23:59",
    ],
)
async def test_an_instant_that_is_none_is_422(anna: Caller, instant: str) -> None:
    assert (await anna.post("/v1/jobs", {"note": "x", "occurred_at": instant})).status_code == 422
    assert (await anna.get(f"/v1/jobs/{uuid4()}", params={"as_of": instant})).status_code == 422


async def test_an_event_that_is_too_large_is_413(anna: Caller, pool: Pool) -> None:
    id = await anna.opened()
    answer = await anna.post(f"/v1/jobs/{id}/count", {"by": 1, "filler": "x" * 300_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "event-too-large")
    assert await events(pool) == 1


async def test_as_of_shows_what_was_known_then(anna: Caller, pool: Pool) -> None:
    id = await anna.opened()
    between = (await pool.fetchval("SELECT now()")).isoformat()
    await anna.post(f"/v1/jobs/{id}/count", {"by": 5, "occurred_at": "2026-01-01T00:00:00Z"})
    assert (await anna.get(f"/v1/jobs/{id}")).json()["total"] == 5
    assert (await anna.get(f"/v1/jobs/{id}", params={"as_of": between})).json()["total"] == 0
    assert (await anna.get(f"/v1/jobs/{id}", params={"as_of": "2020-01-01T00:00:00Z"})).status_code == 404


async def test_min_version_waits_for_the_version(anna: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "WAIT_SECONDS", 30.0)
    id = await anna.opened()
    waiting = asyncio.create_task(anna.get(f"/v1/jobs/{id}", params={"min_version": 2}))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await anna.post(f"/v1/jobs/{id}/count", {"by": 5})
    assert (await waiting).json()["total"] == 5


async def test_min_version_gives_up_after_two_seconds(anna: Caller) -> None:
    id = await anna.opened()
    answer = await anna.get(f"/v1/jobs/{id}", params={"min_version": 9})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        409,
        "version-not-reached",
        "1",
    )


async def test_a_list_is_paged_newest_first_without_gap_or_repeat(anna: Caller) -> None:
    made = [await anna.opened() for _ in range(7)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await anna.get("/v1/jobs", params={"limit": 3, **cursor})).json()
        seen += [row["id"] for row in page["items"]]
        assert len(page["items"]) <= 3
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == made[::-1]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1000000000", "x", "", "1.5"])
async def test_a_limit_out_of_range_is_422(anna: Caller, limit: str) -> None:
    answer = await anna.get("/v1/jobs", params={"limit": limit})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.limit")


@pytest.mark.parametrize(
    "cursor", ["x", "", "e30", "WzEsMl0", "\u00e9", "!" * 300, "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwieCJd"]
)
async def test_a_malformed_cursor_is_422(anna: Caller, cursor: str) -> None:
    assert (await anna.get("/v1/jobs", params={"cursor": cursor})).status_code == 422


async def test_the_words_are_beside_the_log_and_in_no_answer_that_is_kept(anna: Caller, pool: Pool) -> None:
    await anna.post("/v1/jobs", {"note": "my number is 13900000001"})
    assert await pool.fetchval("SELECT body FROM text") == "my number is 13900000001"
    for table in ("event", "idempotency", "outbox"):
        rows = await pool.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} AS t")
        assert not any("13900000001" in row["row"] for row in rows)


async def test_the_trace_and_the_actor_stand_on_the_event(anna: Caller, pool: Pool, issuer: LiveIssuer) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    await anna.post("/v1/jobs", {"note": "x"}, headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
    row = await pool.fetchrow("SELECT actor, correlation_id, traceparent FROM event")
    assert row is not None
    assert (row["actor"], row["correlation_id"]) == (issuer.actor_id("anna"), trace_id)
    assert row["traceparent"].startswith(f"00-{trace_id}-")
    assert "00f067aa0ba902b7" not in row["traceparent"]


@pytest.mark.parametrize("spelt", [str.upper, lambda it: it.replace("-", "%2D"), lambda it: it.replace("-", "")])
async def test_a_key_is_the_same_however_the_id_in_the_path_is_spelt(
    spelt: Callable[[str], str], anna: Caller, pool: Pool
) -> None:
    id = await anna.opened()
    first = await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, key="k1")
    again = await anna.post(f"/v1/jobs/{spelt(id)}/count", {"by": 1}, key="k1")
    assert (again.status_code, again.content, again.headers["idempotency-replayed"]) == (200, first.content, "true")
    other = await anna.post(f"/v1/jobs/{spelt(id)}/count", {"by": 2}, key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert await events(pool) == 2


async def test_one_key_on_two_resources_of_one_route_is_two_keys(anna: Caller, pool: Pool) -> None:
    for id in (await anna.opened(), await anna.opened()):
        assert (await anna.post(f"/v1/jobs/{id}/count", {"by": 1}, key="k1")).status_code == 200
    assert await events(pool) == 4
