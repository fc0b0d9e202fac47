"""The development stack: Apache Kafka and PostgreSQL as real servers from packages, and the product on top of them.

    Stack(RunFolder(path))     both servers           `stack.py`, `postgres.py`, `kafka.py`, `artefacts.py`
    Supervisor(stack)          issuer and services    `supervisor.py`, `process.py`, `databases.py`
    python -m deploy.devstack  up, down, token        `__main__.py`, `folder.py`

No container engine, no system Java, no root; nothing outside the run folder and the user's cache is touched.
"""
