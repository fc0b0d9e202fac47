"""python -m services.intake: the whole service in one process, or one of its roles."""

from services.intake.app import service

if __name__ == "__main__":
    service.run()
