"""Intake's table of contents."""

from libs.chassis.http import ANYONE
from libs.chassis.http.contacts import router as contact_views
from libs.chassis.http.routers.evidence import evidence_router
from libs.chassis.http.routers.records import record_router
from libs.chassis.running.service import Service
from libs.chassis.streaming.live import Live
from libs.events.contracts.intake import assets as assets_published
from libs.events.contracts.intake import contracts as contracts_published
from libs.events.contracts.intake import customers as customers_published
from libs.events.contracts.intake import tickets as tickets_published
from libs.events.contracts.intake.tickets import EvidenceAccepted, EvidenceRefused
from libs.events.log.evidence import evidence_of, evidence_views
from libs.events.transport.compacted import Compacted
from libs.imports.forgetting import forget_files
from services.intake.accounts.api import accounts
from services.intake.accounts.domain import account
from services.intake.assets.api import assets, steps, warranty
from services.intake.assets.domain.asset import asset
from services.intake.assets.domain.card import card
from services.intake.assets.domain.serial import serial
from services.intake.assets.view import asset_view
from services.intake.contracts.api import contracts, templates
from services.intake.contracts.domain.contract import contract
from services.intake.contracts.view import contract_view
from services.intake.customers.api import customers, erasures
from services.intake.customers.domain import customer
from services.intake.customers.view import contact
from services.intake.erasures import erasure_view
from services.intake.filters import api as filters
from services.intake.filters.domain import saved_filters
from services.intake.filters.view import shared_filter_view
from services.intake.hotlines import api as hotlines_api
from services.intake.hotlines.domain import hotlines
from services.intake.imports import api as imports
from services.intake.imports.worker.importer import importing
from services.intake.links.api import links, progress
from services.intake.links.domain import link
from services.intake.links.view import link_view
from services.intake.models.api import models
from services.intake.models.domain import model
from services.intake.models.view import model_view
from services.intake.reactions import reactions
from services.intake.refusals import REFUSALS
from services.intake.snippets import api as snippets_api
from services.intake.snippets.domain import snippets
from services.intake.tickets.api import (
    amendment,
    export,
    history,
    merging,
    notes,
    owner,
    queue,
    register,
    stream,
    tickets,
    waiting,
)
from services.intake.tickets.api import warranty as ticket_warranty
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.history import ABOUT_TICKETS, history_view
from services.intake.tickets.view.queue import queue_view
from services.intake.tickets.view.tickets import ticket_view

evidence = evidence_of(EvidenceAccepted, EvidenceRefused)

service = Service(
    "intake",
    streams=[
        customer,
        account,
        contract,
        model,
        asset,
        serial,
        card,
        ticket,
        link,
        saved_filters,
        snippets,
        hotlines,
        evidence,
    ],
    views=[
        ticket_view,
        history_view,
        queue_view,
        link_view,
        contract_view,
        model_view,
        asset_view,
        shared_filter_view,
        erasure_view,
        *evidence_views,
    ],
    hears=ABOUT_TICKETS,
    reactions=reactions,
    background=[forget_files],
    jobs=[importing],
    shows=[Compacted("intake.contacts", contact)],
    live=Live(
        {
            customers_published: customers.READERS,
            contracts_published: contracts.READERS,
            assets_published: contracts.READERS,
            tickets_published: ANYONE,
        }
    ),
    refusals=REFUSALS,
    tags={
        "accounts": "用户档案 / Accounts: what kind of customer it is, their people and their sites",
        "assets": "设备 / Assets: what customers own, part by part, and what its warranty says on any day",
        "contracts": "合同 / Contracts: what was promised, for how long, and what was agreed since",
        "customers": "客户 / Customers: their file, and its erasure",
        "filters": "筛选 / Saved filters: what the queue is to show, kept by a person under a name",
        "hotlines": "热线 / Hotlines: numbers that customers call, by region, when somebody answers, and who",
        "imports": "批量导入 / Imports: records from a file, checked row by row",
        "links": "客户链接 / Links: what a customer may see or answer without signing in",
        "models": "产品型号 / Models: their components, and the terms that hold where no contract says anything",
        "records": "审计 / Records: what became of a customer, a contract, an asset or a model, event by event",
        "snippets": "常用语 / Snippets: short texts of the department that are used again and again",
        "tickets": "工单 / Tickets: opened, read with their whole story, and ended",
    },
    routes=[
        customers.router,
        accounts.router,
        contracts.router,
        templates.router,
        models.router,
        assets.router,
        steps.router,
        warranty.router,
        erasures.router,
        imports.router,
        stream.router,
        tickets.router,
        amendment.router,
        merging.router,
        notes.router,
        owner.router,
        waiting.router,
        ticket_warranty.router,
        export.router,
        queue.router,
        filters.router,
        snippets_api.router,
        hotlines_api.router,
        register.router,
        history.router,
        links.router,
        progress.router,
        contact_views,
        evidence_router(evidence, [ticket]),
        record_router("customers", "customer", [customer, account]),
        record_router("contracts", "contract", [contract]),
        record_router("assets", "asset", [asset]),
        record_router("models", "model", [model]),
    ],
)
