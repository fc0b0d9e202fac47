"""HTTP of contracts: managers sign, amend, extend and end them; whoever has to do with tickets reads them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from libs.chassis.http import (
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    CommandBody,
    Commands,
    Cursor,
    FieldError,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
    invalid,
    new_id,
)
from libs.chassis.input.fields import Label
from libs.chassis.links import links
from libs.chassis.lists.filters import several
from libs.chassis.problems import malformed
from libs.events import Refused, Story
from libs.events.contracts.intake.contracts import Conditions, ContractKind, ContractSigned, Term, TermChange
from libs.events.filters import by_id, fitting
from libs.events.texts import Text
from services.intake.contracts.api.forms import (
    ANOTHERS,
    EXTENDS,
    MAKERS_ONLY,
    AmendmentItem,
    ContractAmendment,
    ContractDetails,
    ContractEnd,
    ContractItem,
    NewContract,
)
from services.intake.contracts.domain.contract import (
    AmendContract,
    Contract,
    EndContract,
    ExtendContract,
    SignContract,
    condition_flaws,
    contract,
    status,
)
from services.intake.contracts.domain.promise import promise
from services.intake.contracts.view import contracts
from services.intake.customers.view import of_customer
from services.intake.warranty.domain.flaw import contract_flaws

router = Router(prefix="/v1/contracts", tags=["contracts"])
READERS = allow("agent", "manager", "triage", "dispatcher", "director", "auditor", "service")
KEEPERS = allow("manager")
NEXT = ("get_contract", "amend_contract", "end_contract")


@router.post(
    "",
    status_code=201,
    operation_id="sign_contract",
    dependencies=[KEEPERS],
    responses=links(201, *NEXT, contract_id="id"),
)
async def sign_contract(body: NewContract, commands: Commands, reads: Reads) -> Response:
    """签订合同 / Put a signed contract on file. An extension holds for the assets of the contract that it extends."""
    if (body.customer_id is None) and body.kind != "maker":
        raise invalid("body.customer_id", MAKERS_ONLY)
    if (body.extends is not None) != (body.kind == "extension"):
        raise invalid("body.extends", EXTENDS)
    if body.customer_id and not await reads.rows(of_customer(str(body.customer_id))):
        raise invalid("body.customer_id", "No customer of this id is on file.", "unknown-customer")
    if body.extends:
        await extendable(reads, str(body.extends), str(body.customer_id))
    command = signing(new_id(), body)
    sound(command)
    return await commands.run(partial(signed, command), body, creates=True)


async def extendable(reads: Reads, contract_id: str, customer_id: str) -> None:
    """Raises a 422 problem for a contract that is not on file, or another customer's."""
    rows = await reads.rows(by_id(contracts, contract_id))
    if not rows:
        raise invalid("body.extends", "No contract of this id is on file.", "unknown-contract")
    if rows[0]["customer_id"] not in (None, customer_id):
        raise invalid("body.extends", ANOTHERS)


def signing(id: str, body: NewContract) -> SignContract:
    """The command that a form means."""
    return SignContract(
        contract_id=id,
        number=body.number,
        kind=body.kind,
        customer_id=str(body.customer_id) if body.customer_id else None,
        terms=tuple(term.meant(Term) for term in body.terms),
        conditions=body.conditions.meant(Conditions),
        extends=str(body.extends) if body.extends else None,
    )


def sound(command: SignContract) -> None:
    """Raises a 422 problem, field by field, for terms that contradict each other."""
    tried = ContractSigned(
        contract_id=command.contract_id,
        number=command.number,
        kind=command.kind,
        signed_at=datetime(2000, 1, 1, tzinfo=UTC),
        terms=list(command.terms),
    )
    found = [*contract_flaws("", promise(tried, (), None)), *condition_flaws(command.conditions)]
    flaws = [FieldError(f"body.{field}", sentence) for field, sentence in found]
    if flaws:
        raise malformed(flaws, "contract-contradicts")


def signed(command: SignContract) -> Story:
    """The contract is signed, and the one that it extends knows of it."""
    yield contract.create(command.contract_id, command)
    if command.extends is not None:
        yield contract.on(command.extends, ExtendContract(command.extends, by=command.contract_id))


@router.get(
    "",
    operation_id="list_contracts",
    dependencies=[READERS],
    response_model=Page[ContractItem],
    responses=links(200, "get_contract", contract_id="items/0/id"),
)
async def list_contracts(
    reads: Reads,
    id: Annotated[list[UUID], several("合同 / Contract id")],
    number: Annotated[list[Label], several("合同编号 / Number", examples=[["HT-2026-0113"]])],
    customer_id: Annotated[list[UUID], several("客户编号 / Of this customer")],
    kind: Annotated[list[ContractKind], several("类别 / Kind")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """合同列表 / Contracts, those put on file last first."""
    filters: dict[str, list[Any]] = {"id": id, "number": number, "customer_id": customer_id, "kind": kind}
    page = await reads.page(fitting(contracts, filters), contracts, limit, cursor)
    return page | {"items": [shown(row) for row in page["items"]]}


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is answered."""
    return {name: row[name] for name in ContractItem.model_fields}


@router.get(
    "/{contract_id}",
    operation_id="get_contract",
    dependencies=[READERS],
    response_model=ContractDetails,
    responses=TAGGED,
)
async def get_contract(contract_id: UUID, reads: Reads, as_of: AsOf = None, min_version: MinVersion = None) -> Response:
    """合同 / One contract; with as_of as it was known then, by the time of recording."""
    id = str(contract_id)
    await reads.wait(contract.stream(id), min_version)
    state, version = await reads.state(contract, id, as_of, "contract")
    texts = await reads.texts([{"id": state.end_reason_id}], "id")
    return reads.answer(details(state, version, texts), version=version)


def details(state: Contract, version: int, texts: Mapping[str, str]) -> dict[str, Any]:
    """A contract as it is answered."""
    signed = state.signed
    assert signed
    agreed = sorted(state.amendments, key=lambda amended: amended.agreed_at)
    return {
        "id": signed.contract_id,
        **{name: getattr(signed, name) for name in ("number", "kind", "customer_id", "extends", "signed_at", "terms")},
        "ended_at": state.ended_at,
        "end_reason": texts.get(state.end_reason_id or ""),
        "version": version,
        "status": status(state),
        "extended_by": state.extended_by,
        "amendments": [{name: getattr(each, name) for name in AmendmentItem.model_fields} for each in agreed],
        "conditions": state.conditions,
    }


@router.post("/{contract_id}/amendments", operation_id="amend_contract", dependencies=[KEEPERS])
async def amend_contract(contract_id: UUID, body: ContractAmendment, commands: Commands) -> Response:
    """变更合同 / Record what was agreed anew. Verdicts about days before it stay as they were."""
    id = str(contract_id)
    if not body.changes and body.conditions is None:
        raise invalid("body.changes", "should name what changes")
    changes = tuple(change.meant(TermChange) for change in body.changes)
    conditions = body.conditions.meant(Conditions) if body.conditions else None
    return await by_field(commands, AmendContract(id, changes, conditions, body.order), body)


async def by_field(commands: Commands, command: AmendContract, body: CommandBody) -> Response:
    """The command's answer. Raises a 422 problem where it contradicts the contract, about the field that does."""
    try:
        return await commands.run(contract.on(command.contract_id, command), body)
    except Refused as refusal:
        if refusal.code != "contract-contradicts":
            raise
        raise invalid(f"body.{refusal.members['field']}", refusal.sentence, refusal.code) from None


@router.post("/{contract_id}/end", operation_id="end_contract", dependencies=[KEEPERS])
async def end_contract(contract_id: UUID, commands: Commands, body: ContractEnd | None = None) -> Response:
    """终止合同 / End the contract before its time: the day on which it ends is the last that it covers."""
    id = str(contract_id)
    reason = Text.said(body.reason) if body and body.reason else None
    command = EndContract(id, reason.id if reason else None)
    texts = [reason] if reason else []
    return await commands.run(contract.on(id, command), body or ContractEnd(occurred_at=None), texts=texts)
