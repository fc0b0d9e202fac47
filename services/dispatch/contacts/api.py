"""HTTP of a visit's contact: whom to ring and where to go. Every look is recorded."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from libs.chassis.http import UUID, Reads, Response, Router, allow, missing
from libs.chassis.http.contacts import PhoneOnFile, Sees, look_at, seen_by
from libs.events.filters import by_id
from services.dispatch.contacts.view import contact
from services.dispatch.work_orders.api.crew import OFFICE, not_yours, own_id
from services.dispatch.work_orders.view import work_orders

SEES: Sees = dict.fromkeys(("dispatcher", "manager", "engineer"), ("name", "phones", "address"))
ROUTE = "GET /v1/work-orders/{work_order_id}/contact"

router: APIRouter = Router(prefix="/v1/work-orders/{work_order_id}", tags=["work orders"])


class VisitContact(BaseModel):
    """联系人 / Whom the visit is for."""

    id: UUID = Field(description="客户编号 / Customer id")
    name: str = Field(description="姓名 / Name", examples=["王芳"])
    phones: list[PhoneOnFile] = Field(description="电话 / Phones")
    address: str = Field(
        description="地址 / Where to go: the address of the site that the ticket names, else the customer's",
        examples=["北京市朝阳区建国路1号"],
    )
    site: str | None = Field(description="地点 / Name of that site; null: none is named", examples=["二号仓库"])


@router.get("/contact", operation_id="get_visit_contact", dependencies=[allow(*SEES)], response_model=VisitContact)
async def get_visit_contact(work_order_id: UUID, reads: Reads) -> Response:
    """联系人 / Name, phones and address for a visit. An engineer sees those of the visits that are their own."""
    row = await reads.one(by_id(work_orders, work_order_id), "work order")
    if OFFICE.isdisjoint(reads.principal.roles) and row["engineer_id"] != await own_id(reads):
        raise not_yours()
    fields = seen_by(reads.principal, SEES)
    shown = await look_at(reads, contact, row["customer_id"], fields, ROUTE, with_sites=True)
    if shown is None:
        raise missing("contact")
    return reads.answer(at_site(shown, row["site_id"]))


def at_site(shown: Mapping[str, Any], site_id: str | None) -> dict[str, Any]:
    """The contact with where the visit is; a site that the customer has left, or that is not known here, is none."""
    site = (shown["sites"] or {}).get(site_id) or {}
    about = {name: shown[name] for name in ("id", "name", "phones")}
    return about | {"address": site.get("address") or shown["address"], "site": site.get("name")}
