# Aftercare: everything you can run. `make` alone prints this list.
# Needs python3 (3.11 to 3.13, with venv) and make; the rest comes from package registries at first use.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON3 ?= python3
PYTHON := .venv/bin/python
ROLE ?= agent
SERVICE ?=
VIEW ?=
TYPE ?=
DEMO ?=
INCIDENTS ?=
BENCH ?=
TAG ?=
BASE ?=
SBOM ?=
KEYCLOAK ?=
GATEWAY ?=
LOCKS := .venv/bin/uv pip compile --quiet --universal -p 3.11 --generate-hashes
FULL ?=
PROFILE ?=
LEVEL ?=
FROM ?=
ISSUER ?=
export DEMO INCIDENTS BENCH FULL PROFILE LEVEL
export UV_PYTHON_DOWNLOADS := never

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: .venv/ready ## A real week of service-desk work in time-lapse (DEMO=once ends by itself, INCIDENTS=all plays all)
	@$(PYTHON) -m deploy.front
	@$(PYTHON) -m demo

.PHONY: up
up: .venv/ready ## Start everything in the background and return when it is ready
	@$(PYTHON) -m deploy.front
	@$(PYTHON) -m deploy.devstack up

.PHONY: down
down: .venv/ready ## Stop everything that `make up` started; the data stays in .run
	@$(PYTHON) -m deploy.devstack down

.PHONY: token
token: .venv/ready ## Print a token that is valid for 8 hours (ROLE=agent, triage, manager, dispatcher, engineer …)
	@$(PYTHON) -m deploy.devstack token "$(ROLE)"

.PHONY: test
test: ## Lint and every test, with the minutes each part took (FULL=1: more random examples of each rule)
	@begun=$$(date +%s); $(MAKE) .venv/ready; $(PYTHON) -m tests --set-up-began "$$begun"

.PHONY: lint
lint: .venv/ready ## ruff, mypy --strict, import-linter, and the console's biome, tsc, knip and vitest
	@$(PYTHON) -m tests --only lint

.PHONY: web
web: .venv/ready ## Build the console into web/dist, with its clients made anew from the services' OpenAPI documents
	@$(PYTHON) -m tools.clients
	@$(PYTHON) -m deploy.front

.PHONY: screenshots
screenshots: .venv/ready ## Take the READMEs' pictures anew, of the console on a product of its own
	@$(PYTHON) -m tests.web.screenshots

.PHONY: bench
bench: .venv/ready ## Ratios against bare and idiomatic peers, into bench/results/latest.json (BENCH=name runs one)
	@$(PYTHON) -m bench

.PHONY: faults
faults: .venv/ready ## Kill, stop and cut processes under load, and check that nothing was lost or doubled
	@$(PYTHON) -m tests.faults

.PHONY: migrate
migrate: .venv/ready ## Bring the databases that .run/env names up to date (SERVICE=name for one)
	@$(PYTHON) -m deploy.devstack within libs.events.database.migrate $(SERVICE)

.PHONY: migration
migration: .venv/ready ## Write a service's next migration from what its tables have and its database has not (SERVICE=name NAME=words_of_it)
	@test -n "$(SERVICE)" -a -n "$(NAME)" || { echo "say which: make migration SERVICE=dispatch NAME=parts" >&2; exit 2; }
	@$(PYTHON) -m deploy.devstack within tools.migration "$(SERVICE)" "$(NAME)"

.PHONY: rebuild
rebuild: .venv/ready ## Build a view anew beside the live one, prove it and swap (SERVICE=name VIEW=name)
	@test -n "$(SERVICE)" -a -n "$(VIEW)" || { echo "say which: make rebuild SERVICE=intake VIEW=ticket" >&2; exit 2; }
	@$(PYTHON) -m deploy.devstack within libs.events.projection.rebuild "$(SERVICE)" "$(VIEW)"

.PHONY: republish
republish: .venv/ready ## Fill a service's topic from its store again, after Kafka lost it (SERVICE=name LANE=3 FROM_SEQ=100)
	@test -n "$(SERVICE)" || { echo "say which: make republish SERVICE=intake" >&2; exit 2; }
	@$(PYTHON) -m deploy.devstack within libs.events.transport.republish "$(SERVICE)" $(if $(LANE),--lane "$(LANE)") $(if $(FROM_SEQ),--from-seq "$(FROM_SEQ)")

.PHONY: rehear
rehear: .venv/ready ## Let a reaction that began to hear a type hear its past, beside the running service (SERVICE=name TYPE=intake.TicketMarkedDuplicate)
	@test -n "$(SERVICE)" -a -n "$(TYPE)" || { echo "say which: make rehear SERVICE=triage TYPE=intake.TicketMarkedDuplicate" >&2; exit 2; }
	@$(PYTHON) -m deploy.devstack within libs.events.inbox.rehear "$(SERVICE)" "$(TYPE)"

.PHONY: epoch
epoch: .venv/ready ## Begin a new epoch of a service, after a restore that lost commits (SERVICE=name)
	@test -n "$(SERVICE)" || { echo "say which: make epoch SERVICE=intake" >&2; exit 2; }
	@$(PYTHON) -m deploy.devstack within libs.events.transport.epoch "$(SERVICE)"

.PHONY: erase
erase: .venv/ready ## Repeat every erasure of a customer, after a restore (SERVICE=name)
	@test -n "$(SERVICE)" || { echo "say which: make erase SERVICE=intake" >&2; exit 2; }
	@$(PYTHON) -m deploy.devstack within libs.events.log.erase "$(SERVICE)"

.PHONY: golden
golden: .venv/ready ## Add golden files and schemas of new event versions; never changes an old one
	@$(PYTHON) -m tools.golden
	@$(PYTHON) -m tools.coverage
	@$(PYTHON) -m docs.pages
	@$(PYTHON) -m tools.clients
	@$(PYTHON) -m deploy.servers.plan
	@$(PYTHON) -m deploy.servers.strimzi
	@$(PYTHON) -m deploy.prometheus.dashboards

.PHONY: release
release: .venv/ready ## Note what this release reads, unless it writes what the last one cannot read (TAG=v0.N)
	@test -n "$(TAG)" || { echo "say which: make release TAG=v0.1" >&2; exit 2; }
	@$(PYTHON) -m tools.release "$(TAG)"

.PHONY: images
images: .venv/ready ## Build each service's image with podman or docker (SERVICE=name, TAG=dev, BASE=…; SBOM=1 lists what is in it)
	@$(PYTHON) -m deploy.images $(SERVICE) $(if $(TAG),--tag "$(TAG)") $(if $(BASE),--base "$(BASE)") $(if $(SBOM),--sbom .run/sbom)

.PHONY: configure
configure: .venv/ready ## Write deploy/.env, random secrets and certificates for deploy/compose.yaml, as root (KEYCLOAK=https://… GATEWAY=https://… PROFILE=cluster,observability)
	@$(PYTHON) -m deploy.setup $(if $(KEYCLOAK),--keycloak-url "$(KEYCLOAK)") $(if $(GATEWAY),--gateway-url "$(GATEWAY)") $(if $(PROFILE),--profile "$(PROFILE)")

.PHONY: login
login: .venv/ready ## Print a person's token when they have signed in with a browser (ISSUER=https://…/realms/aftercare; none: Keycloak of deploy/.env)
	@$(PYTHON) -m deploy.login $(if $(ISSUER),"$(ISSUER)")

.PHONY: rollout
rollout: .venv/ready ## Bring the services of deploy/compose.yaml to other images while they serve, or back (TAG=0.2.0 SERVICE=name)
	@test -n "$(TAG)" || { echo "say which: make rollout TAG=0.2.0" >&2; exit 2; }
	@$(PYTHON) -m deploy.rollout "$(TAG)" $(SERVICE)

.PHONY: backup
backup: ## Take a full backup of PostgreSQL as deploy/compose.yaml runs it
	@docker compose -f deploy/compose.yaml exec --no-TTY postgres pgbackrest --stanza=aftercare --type=full backup

.PHONY: restore
restore: .venv/ready ## Make PostgreSQL what it was, and let the services go on from there (TO=2026-11-28T09:30:00+08:00, FROM=replica; none: all that was archived)
	@$(PYTHON) -m deploy.restore $(if $(TO),--to "$(TO)") $(if $(FROM),--from-$(FROM))

.PHONY: drill
drill: .venv/ready ## Lose a table, a volume and all topics of a deploy/compose.yaml of its own, restore, prove what is there (root, Debian)
	@$(PYTHON) -m tests.compose drill

.PHONY: compose-check
compose-check: .venv/ready ## Build, start deploy/compose.yaml on a Docker engine of its own, strike it under load, prove that nothing is lost (root, Debian; FULL=1 tries bad states too, PROFILE=cluster three brokers and two PostgreSQL)
	@$(PYTHON) -m tests.compose

.PHONY: k8s-check
k8s-check: .venv/ready ## Check deploy/k8s: by schemas, by a real API server too (LEVEL=2; root, Debian, Go), on a whole node under load (LEVEL=3)
	@$(PYTHON) -m tests.kubernetes

.PHONY: lock
lock: .venv/ready ## Write the lock files anew: everybody's from pyproject.toml, of it what the images hold, and the console's
	@$(LOCKS) --group dev --group bench pyproject.toml -o requirements.lock
	@$(LOCKS) pyproject.toml -c requirements.lock -o deploy/requirements.lock
	@$(PYTHON) -m deploy.front lock

.PHONY: holidays
holidays: .venv/ready ## Write the public holidays that ship with sla anew, from the package that knows them
	@$(PYTHON) -m deploy.holidays

# The environment: made again when the lock changes. uv where it can be had, because it is seven times as fast as pip.
.venv/ready: requirements.lock deploy/uv.txt
	@$(PYTHON3) deploy/environment.py
	@touch $@
