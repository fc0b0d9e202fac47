"""python -m services.triage: the whole service in one process, or one of its roles."""

from libs.chassis.running.event_process import run
from services.triage.app import service

if __name__ == "__main__":
    run(service)
