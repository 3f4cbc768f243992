# make demo, make test, make lint, make page, make clients, make docs, make screenshots, make bench, make cluster, make reliability, make nightly: each does all the set-up it needs.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
STAMP := $(VENV)/.installed

.PHONY: cluster page clients docs screenshots reliability nightly demo smoke test lint bench bench-peers clean

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q engine indexing ranking api
	touch $@

demo: $(STAMP)
	$(BIN)/lifestyle demo --port $(PORT)

# What CI runs of the demo: everything but serving on, in a folder of its own.
smoke: $(STAMP)
	rm -rf var/smoke
	$(BIN)/lifestyle demo --once --port 8765 --root var/smoke

# In two processes; a file's tests stay together, since they share what they build.
test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The page: api/web is built from clients/web and committed, so that nothing but this needs Node (20.19 or newer).
page:
	cd clients/web && npm ci --no-audit --no-fund && npm run check

# What of the clients is generated from the OpenAPI and committed (tests/clients hold it to that); needs Node, as page does.
clients: $(STAMP)
	$(BIN)/python clients/python/generate.py
	cd clients/typescript && npm ci --no-audit --no-fund && npm run check

# The docs site, in an environment of its own: reference pages from the code, then strictly built into var/site.
DOCS_VENV ?= .venv-docs

$(DOCS_VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/bin/pip install --quiet --disable-pip-version-check 'mkdocs-material>=9.8,<10'
	touch $@

docs: $(STAMP) $(DOCS_VENV)/.installed
	$(BIN)/python docs/make.py var/docs
	NO_MKDOCS_2_WARNING=1 $(DOCS_VENV)/bin/mkdocs build --quiet --strict

# Pictures of the page's main views into docs/screens, at the widths of a desktop and of a phone.
screenshots: $(STAMP)
	$(BIN)/python -m tests.web.screens $(SCREENS_URL)

# Every promise of the README's table under stress and faults, in two processes; timings are reported, not asserted.
# PROMISES='reliability and not nightly' leaves out what make test runs as well.
PROMISES ?= (promise or reliability) and not nightly
reliability: $(STAMP)
	$(BIN)/python -m pytest -m '$(PROMISES)' -n 2 --dist worksteal --durations=20

# Long runs: many kills, many texts, new cases of the property tests.
nightly: $(STAMP)
	$(BIN)/python -m pytest -m nightly

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Seconds on an idle machine; on a busy one add BENCH_FLAGS=--benchmark-timer=time.process_time.
bench: $(STAMP)
	mkdir -p var
	$(BIN)/python -m pytest benchmarks --benchmark-enable --benchmark-only --benchmark-group-by=group \
		--benchmark-columns=min,median,mean,max --benchmark-json=var/bench.json $(BENCH_FLAGS)

# Other vector engines beside ours, in an environment of their own: `make bench-peers PEERS_RUN="smooth 1000000"`.
PEERS_RUN ?= clustered 200000
PEERS_VENV ?= .venv-peers

$(PEERS_VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(PEERS_VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[peers]'
	touch $@

bench-peers: $(PEERS_VENV)/.installed
	$(PEERS_VENV)/bin/python -m benchmarks.peers $(PEERS_RUN)

# What needs more than one machine's parts: an S3-compatible server, Ray, Qdrant and PostgreSQL (whose server must be on
# the machine), in an environment of their own.
CLUSTER_TESTS ?= tests/cluster tests/contracts tests/indexing/qdrant tests/indexing/postgres tests/api/test_machines.py
CLUSTER_VENV ?= .venv-cluster

$(CLUSTER_VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(CLUSTER_VENV)
	$(CLUSTER_VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(CLUSTER_VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[ray,s3test,qdrant,postgres]'
	touch $@

cluster: $(CLUSTER_VENV)/.installed
	$(CLUSTER_VENV)/bin/python -m pytest $(CLUSTER_TESTS)

clean:
	rm -rf $(VENV) $(PEERS_VENV) $(DOCS_VENV) $(CLUSTER_VENV) var .cache
