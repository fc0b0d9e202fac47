"""python -m services.survey: the whole service in one process, or one of its roles."""

from services.survey.app import service

if __name__ == "__main__":
    service.run()
