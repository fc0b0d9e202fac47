"""python -m services.sla: the whole service in one process, or one of its roles."""

from services.sla.app import service

if __name__ == "__main__":
    service.run()
