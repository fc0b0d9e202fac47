"""python -m services.gateway: the gateway's one process."""

from libs.chassis.running.process import main
from services.gateway.app import ABOUT, Gateway
from services.gateway.settings import GatewaySettings

if __name__ == "__main__":
    main("gateway", ABOUT, (), Gateway, own=GatewaySettings, roles=("all", "http"))
