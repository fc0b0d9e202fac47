"""Dispatch's table of contents."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from libs.chassis.department import department
from libs.chassis.http import ANYONE
from libs.chassis.http.contacts import router as contact_views
from libs.chassis.http.routers.evidence import evidence_router
from libs.chassis.http.routers.records import record_router
from libs.chassis.running.service import Service
from libs.chassis.streaming.live import Live
from libs.events import Catalogue
from libs.events.contracts.dispatch import engineers as engineers_published
from libs.events.contracts.dispatch import work_orders as work_orders_published
from libs.events.contracts.dispatch.work_orders import EvidenceAccepted, EvidenceRefused
from libs.events.contracts.intake.customers import CustomerErased
from libs.events.log.evidence import evidence_of, evidence_views
from libs.events.transport.compacted import Compacted
from libs.imports.forgetting import forget_files
from services.dispatch.candidates import api as candidates
from services.dispatch.conduct import api as conduct
from services.dispatch.contacts import api as contacts
from services.dispatch.contacts.view import contact
from services.dispatch.engineers import api as engineers
from services.dispatch.engineers.domain.engineer import engineer
from services.dispatch.engineers.domain.login import login
from services.dispatch.engineers.view import engineer_view
from services.dispatch.erasures import erasure_view
from services.dispatch.imports import api as imports
from services.dispatch.imports.worker import importing
from services.dispatch.jobs.domain import job
from services.dispatch.reactions import reactions
from services.dispatch.refusals import REFUSALS
from services.dispatch.roles import SEES_ALL
from services.dispatch.work_orders.api import (
    acceptances,
    assignments,
    calls,
    conducts,
    failures,
    links,
    plans,
    signatures,
    stream,
    verdicts,
    visits,
    work_orders,
)
from services.dispatch.work_orders.api.stream import crew_of
from services.dispatch.work_orders.domain.schedule import schedule
from services.dispatch.work_orders.domain.work_order import work_order
from services.dispatch.work_orders.view import work_order_view
from services.dispatch.workload import api as workloads
from services.dispatch.workload.view import workload

evidence = evidence_of(EvidenceAccepted, EvidenceRefused)
workload_view = workload(ZoneInfo(department().timezone))

service = Service(
    "dispatch",
    streams=[engineer, login, job, work_order, schedule, evidence],
    views=[engineer_view, work_order_view, workload_view, erasure_view, *evidence_views],
    hears=Catalogue(*reactions, CustomerErased),
    reactions=reactions,
    background=[forget_files],
    jobs=[importing],
    copies=[Compacted("intake.contacts", contact)],
    live=Live(
        {engineers_published: ANYONE, work_orders_published: SEES_ALL},
        ids=("ticket_id", "work_order_id"),
        actors=crew_of,
    ),
    refusals=REFUSALS,
    keys_kept=timedelta(days=30),  # a phone may come back from a month without a network (ADR 63)
    tags={
        "engineers": "维修人员 / Engineers: their record, and whose login is whose",
        "imports": "批量导入 / Imports: engineers from a file, checked row by row",
        "work orders": "维护任务单 / Work orders: who goes when",
        "visits": "上门 / Visits, step by step",
        "conduct": "行为规范 / The code of conduct on site",
        "workload": "工作量 / What each engineer has done and has left to do",
        "records": "审计 / Records: what became of a work order, event by event",
        "acceptance": "验收 / The customer's signature, or rejection",
    },
    routes=[
        engineers.router,
        imports.router,
        stream.router,
        work_orders.router,
        plans.router,
        links.router,
        candidates.router,
        assignments.router,
        calls.router,
        visits.router,
        conducts.router,
        failures.router,
        acceptances.router,
        verdicts.router,
        signatures.router,
        workloads.router,
        conduct.router,
        contacts.router,
        contact_views,
        evidence_router(evidence, [work_order]),
        record_router("work-orders", "work_order", [work_order]),
    ],
)
