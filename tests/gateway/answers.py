"""What the services answer of one visit that the customer accepted."""

from typing import Any

from services.dispatch.work_orders.api.forms import SCRAWL

ORDER_ID = "0198c0de-0000-7000-8000-000000000003"
TICKET_ID = "0198c0de-0000-7000-8000-000000000001"
CUSTOMER_ID = "0198c0de-0000-7000-8000-000000000002"
ENGINEER_ID = "0198c0de-0000-7000-8000-000000000005"
PHONES = [
    {"typed": "138 0000 0000", "e164": "+8613800000000", "extension": None},
    {"typed": "010-88880000", "e164": "+861088880000", "extension": "8001"},
]

ORDER: dict[str, Any] = {
    "id": ORDER_ID,
    "ticket_id": TICKET_ID,
    "customer_id": CUSTOMER_ID,
    "visit": 1,
    "job_type": "repair",
    "skills": ["hvac", "electrics"],
    "rework_of": None,
    "rework_work_order_id": None,
    "conduct": ["uniform", "badge"],
    "follows": None,
    "awaits": None,
    "crew_confirmed_at": "2026-11-27T08:30:00Z",
    "decline_reason": None,
    "decline_note": None,
    "called_at": "2026-11-28T01:00:00Z",
    "call_outcome": "reached",
    "call_note": None,
    "failure_reason": None,
    "next_step": None,
    "failure_note": None,
    "next_work_order_id": None,
    "status": "accepted",
    "engineer_id": ENGINEER_ID,
    "appointment": {"start": "2026-11-28T02:00:00Z", "end": "2026-11-28T04:00:00Z", "confirmed": True},
    "proposal": None,
    "wish": None,
    "paused": False,
    "pause_reason": None,
    "pause_note": None,
    "result": "更换压缩机启动电容",
    "signed_by": "王芳",
    "rejection_reasons": None,
    "arrived_at": "2026-11-28T01:58:00Z",
    "completed_at": "2026-11-28T02:47:00Z",
    "version": 9,
    "opened_at": "2026-11-27T08:00:00Z",
}
TICKET: dict[str, Any] = {
    "id": TICKET_ID,
    "number": "WX20261127-0042",
    "customer_id": CUSTOMER_ID,
    "channel": "phone",
    "kind": "repair",
    "urgency": "high",
    "region": "华北",
    "contract": "HT-2026-0113",
    "timezone": "Asia/Shanghai",
    "status": "accepted",
    "duplicate_of": None,
    "asset_id": None,
    "part_id": None,
    "warranty": {"verdict": "unknown", "reasons": ["no_contract"]},
    "owner_id": None,
    "owner_name": None,
    "is_mine": False,
    "team": None,
    "waits_for": None,
    "look_again_at": None,
    "wait_reason": None,
    "version": 7,
    "opened_at": "2026-11-27T07:55:00Z",
    "closed_at": None,
    "follows": None,
    "summary": "空调不制冷",
    "requirements": "上午十点以后上门",
    "customer": {"id": CUSTOMER_ID, "name": "王芳", "phones": PHONES, "address": "北京市朝阳区建国路1号"},
    "site": None,
}
CASE: dict[str, Any] = {
    "id": TICKET_ID,
    "ticket_id": TICKET_ID,
    "status": "authorised",
    "level": 2,
    "maintenance_type": "corrective",
    "remote_support": None,
    "cause": "normal_wear",
    "job_type": "repair",
    "payable": False,
    "skills": ["hvac"],
    "version": 4,
    "opened_at": "2026-11-27T07:55:10Z",
    "explanation": None,
    "remote_note": None,
}
ENGINEER: dict[str, Any] = {
    "id": ENGINEER_ID,
    "name": "李强",
    "skills": ["hvac", "electrics"],
    "region": "华北",
    "actor_id": None,
    "version": 1,
    "opened_at": "2026-01-05T01:00:00Z",
}
CONTACT: dict[str, Any] = {
    "id": CUSTOMER_ID,
    "name": "王芳",
    "phones": PHONES,
    "address": "北京市朝阳区建国路1号",
    "site": None,
}
SIGNATURE: dict[str, Any] = {
    "signature": SCRAWL,
    "by_link": False,
    "signed_by": "王芳",
    "signed_at": "2026-11-28T02:50:00Z",
}
CALLBACK: dict[str, Any] = {
    "id": "0198c0de-0000-7000-8000-000000000007",
    "ticket_id": TICKET_ID,
    "work_order_id": ORDER_ID,
    "customer_id": CUSTOMER_ID,
    "status": "completed",
    "attempts": 1,
    "last_outcome": "reached",
    "last_attempt_at": "2026-11-30T01:10:00Z",
    "again_at": None,
    "due_at": "2026-11-30T02:50:01Z",
    "score": 5,
    "comment": "师傅准时，讲解清楚",
    "version": 3,
    "opened_at": "2026-11-28T02:50:01Z",
}
ANSWERS: dict[str, dict[str, Any]] = {
    f"dispatch/v1/work-orders/{ORDER_ID}": ORDER,
    f"dispatch/v1/work-orders/{ORDER_ID}/signature": SIGNATURE,
    f"dispatch/v1/work-orders/{ORDER_ID}/contact": CONTACT,
    f"dispatch/v1/engineers/{ENGINEER_ID}": ENGINEER,
    f"intake/v1/tickets/{TICKET_ID}": TICKET,
    f"triage/v1/cases/{TICKET_ID}": CASE,
    f"survey/v1/callbacks?work_order_id={ORDER_ID}": {"items": [CALLBACK], "next_cursor": None},
}
"""By service and address."""
