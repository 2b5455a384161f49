# The only entry point: people and CI call these targets, and each makes what it needs.
#
# Needs make and a Python >= 3.11 with its venv module. uv is used when it is on PATH, and not needed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
VENV := .venv
BIN := $(VENV)/bin

# A stamp is a copy of what was installed: a file that was only touched or checked out again costs nothing.
LOCKED := $(VENV)/.locked
INSTALLED := $(VENV)/.installed
ARTEFACTS := $(VENV)/.artefacts
BENCH := $(VENV)/.bench
E2E := $(VENV)/.e2e
SDKS := $(VENV)/.sdks

ifdef UV
CREATE_VENV = $(UV) venv --quiet --clear --seed --python $(PYTHON) $(VENV)
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
else
CREATE_VENV = $(PYTHON) -m venv --clear $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: $(INSTALLED) ## Create .venv with the locked requirements and mixer2 itself

# Made anew when the lock changes, so that what is installed is the lock and nothing else.
$(LOCKED): requirements/dev.txt
	@cmp -s $< $@ || $(MAKE) --no-print-directory environment
	@cp $< $@

.PHONY: environment
environment:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: mixer2 needs Python 3.11 or later; '$(PYTHON)' is not. Set PYTHON=" >&2; exit 1; }
	@echo "setup: creating $(VENV), installing requirements/dev.txt with $(if $(UV),uv,pip)"
	@$(CREATE_VENV) || { echo "make: no virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(INSTALL) --no-deps --require-hashes --requirement requirements/dev.txt

$(INSTALLED): pyproject.toml $(LOCKED)
	@cmp -s $< $@ || { echo "setup: installing mixer2, editable" && \
	    $(INSTALL) --no-deps --no-build-isolation --editable .; }
	@cp $< $@

$(ARTEFACTS): requirements/artefacts.txt $(LOCKED)
	@cmp -s $< $@ || { echo "setup: installing $<" && $(INSTALL) --no-deps --require-hashes --requirement $<; }
	@cp $< $@

$(BENCH): requirements/bench.txt $(LOCKED)
	@cmp -s $< $@ || { echo "setup: installing $<" && $(INSTALL) --no-deps --require-hashes --requirement $<; }
	@cp $< $@

$(E2E): requirements/e2e.txt $(LOCKED)
	@cmp -s $< $@ || { echo "setup: installing $<" && $(INSTALL) --no-deps --require-hashes --requirement $<; }
	@cp $< $@

$(SDKS): requirements/sdks.txt $(LOCKED)
	@cmp -s $< $@ || { echo "setup: installing $<" && $(INSTALL) --no-deps --require-hashes --requirement $<; }
	@cp $< $@

.PHONY: lint
lint: setup ## ruff, mypy --strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: setup ## Let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: test
test: setup $(ARTEFACTS) browser ## The tests; ARGS="-k name" for some of them
	$(BIN)/python -m pytest $(ARGS)

# The status page is tested in a real browser; the system's is used when there is one.
.PHONY: browser
browser: setup
	@{ command -v "$${CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome; } >/dev/null || { \
	    echo "browser: installing Chromium"; \
	    { [ "$$(id -u)" = 0 ] && command -v apt-get && apt-get update -qq && \
	        apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } || \
	    $(BIN)/python -m playwright install chromium; } >/dev/null

.PHONY: conformance
conformance: setup ## Where the test host and the real Envoy agree, a case a row
	$(BIN)/python -m pytest tests/conformance $(ARGS)

.PHONY: three-hosts
three-hosts: setup ## The filters' tests in plain Python, on wasmtime and in the real Envoy, compared
	$(BIN)/python -m pytest --envoy tests/pal tests/adapters tests/filters tests/testhost/test_load.py $(ARGS)

.PHONY: test-cpython
test-cpython: setup ## The filters' tests in profile cpython, which takes a snapshot for each filter; ARGS="-k name"
	$(BIN)/python -m pytest --cpython -k cpython tests/filters tests/adapters tests/pal $(ARGS)

.PHONY: same-template
same-template: setup $(ARTEFACTS) binaryen ## The template, built twice in two folders, is what is committed (maintainers)
	@rm -rf $(VENV)/again && mkdir -p $(VENV)/again && cp -r build mixer2 pal adapters filters $(VENV)/again
	$(BIN)/python build/component/build.py --output $(VENV)/first.zip
	cd $(VENV)/again && PYTHONPATH=. ../bin/python build/component/build.py --output ../second.zip
	cmp $(VENV)/first.zip mixer2/component/template.zip && cmp $(VENV)/second.zip $(VENV)/first.zip

# C++ by Zig and Go by its wheel; of Rust, only Debian has WASI's standard library as a package.
.PHONY: rust
rust:
	@test -d /usr/lib/rustlib/wasm32-wasi || { echo "setup: installing rustc" && \
	    { apt-get update -qq && apt-get install -y -qq --no-install-recommends rustc lld libstd-rust-dev-wasm32; } >/dev/null 2>&1; } || { \
	    echo "make: the modules of other SDKs need rustc with wasm32-wasi; on Debian: apt install rustc lld libstd-rust-dev-wasm32" >&2; exit 1; }

.PHONY: sdks
sdks: setup $(ARTEFACTS) $(SDKS) rust ## Modules built by C++, Rust and Go, in the test host and in Envoy (Linux)
	@$(BIN)/python -m tests.testhost.sdks.build
	$(BIN)/python -m pytest --envoy tests/testhost/test_sdks.py $(ARGS)

ZIPKIN := $(VENV)/zipkin/package

# Zipkin is Java, and its model is in no wheel; Debian has the one for Go. Unpacked, it needs no root.
$(ZIPKIN):
	@mkdir -p $(VENV)/zipkin && echo "setup: fetching openzipkin's model" && cd $(VENV)/zipkin && \
	    { apt-get download -qq golang-github-openzipkin-zipkin-go-dev 2>/dev/null && dpkg -x golang-*.deb package; } || { \
	    echo "make: needs apt-get and Debian's package golang-github-openzipkin-zipkin-go-dev" >&2; exit 1; }

.PHONY: zipkin
zipkin: setup $(ARTEFACTS) $(SDKS) $(ZIPKIN) ## Spans of a real Envoy, read by openzipkin's own model (Debian)
	@$(BIN)/python -m tests.e2e.zipkin.build $(ZIPKIN)
	$(BIN)/python -m pytest tests/e2e/test_mixer_tracing.py -k zipkin $(ARGS)

.PHONY: fuzz
fuzz: setup ## Random programs, CPython against compiled; SECONDS=600 SEED=1, ORACLE=c asks C, too
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1) $(if $(ORACLE),--$(ORACLE)-oracle)

CHECKED := $(VENV)/checked-runtime.wasm
WATCHED := $(VENV)/watched-runtime.wasm

# wasm2c and a C compiler with sanitizers have no wheel.
.PHONY: wabt
wabt:
	@{ command -v wasm2c && command -v "$${CC:-cc}"; } >/dev/null || { echo "setup: installing wabt, gcc" && \
	    { apt-get update -qq && apt-get install -y -qq --no-install-recommends wabt gcc libc6-dev; } >/dev/null 2>&1; } || { \
	    echo "make: sanitizing needs wasm2c and a C compiler; on Debian: apt install wabt gcc" >&2; exit 1; }

# test_memory.py is about the shipped allocator, which the checked one replaces.
.PHONY: sanitize
sanitize: setup $(ARTEFACTS) wabt ## The run-time and whole modules under sanitizers, their tests and fuzzing
	$(BIN)/python build/runtime/build.py --checked $(CHECKED)
	MIXER2_RUNTIME=$(CHECKED) $(BIN)/python -m pytest --ignore tests/runtime/test_memory.py \
	    tests/runtime tests/compiler/dialect/test_cases.py $(ARGS)
	@MIXER2_RUNTIME=$(CHECKED) $(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1)
	$(BIN)/python build/runtime/build.py --watched $(WATCHED)
	$(BIN)/python -m pytest tests/native
	@MIXER2_RUNTIME=$(WATCHED) $(BIN)/python -m tests.native --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1)

.PHONY: demo
demo: setup ## A filter in a real Envoy under real traffic; KEEP=1 leaves it running
	@$(BIN)/python -m e2e.demo

# Prometheus has no wheel.
.PHONY: prometheus
prometheus:
	@command -v prometheus >/dev/null || { echo "setup: installing prometheus" && \
	    { apt-get update -qq && apt-get install -y -qq --no-install-recommends prometheus; } >/dev/null 2>&1; } || { \
	    echo "make: the scenarios need prometheus on PATH; on Debian: apt install prometheus" >&2; exit 1; }

.PHONY: docker
docker:
	@command -v dockerd >/dev/null || docker version >/dev/null 2>&1 || { \
	    echo "setup: installing docker.io" && \
	    { apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io; } >/dev/null 2>&1; } || { \
	    echo "make: the scenarios need a Docker engine; on Debian: apt install docker.io" >&2; exit 1; }

IMAGE ?= mixer2-server
PYTHON_IMAGE ?= python:$(shell $(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)-slim
WHEELS := build/image/wheels

# The image's Python has to be of the version that .venv has: the wheels are for that one.
.PHONY: image
image: setup ## The server's image, from locked wheels (Linux); IMAGE= PYTHON_IMAGE=
	@rm -rf $(WHEELS)
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --dest $(WHEELS) --only-binary :all: \
	    --no-deps --require-hashes --requirement requirements/server.txt
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir $(WHEELS) .
	docker build --quiet --tag $(IMAGE) --build-arg PYTHON_IMAGE=$(PYTHON_IMAGE) build/image
	@rm -rf $(WHEELS)

.PHONY: e2e
e2e: setup $(E2E) prometheus docker ## End-to-end scenarios with Envoy in Docker; ONLY=, ENVOY_IMAGE=
	$(BIN)/python -m pytest e2e --world containers $(if $(ONLY),-k '$(ONLY)') $(ARGS)

.PHONY: e2e-local
e2e-local: setup $(E2E) prometheus ## End-to-end scenarios on processes; ONLY='kafka or sniff' for some
	$(BIN)/python -m pytest e2e --world processes $(if $(ONLY),-k '$(ONLY)') $(ARGS)

.PHONY: bench
bench: setup $(ARTEFACTS) $(BENCH) ## What filters cost, against peers; QUICK=1 in 5 minutes (Linux)
	@$(BIN)/python -m bench

.PHONY: bench-mixer
bench-mixer: setup $(ARTEFACTS) ## The mixer against a remote check for every request; QUICK=1 (Linux)
	@$(BIN)/python -m bench.mixer
	@$(BIN)/python -m bench.mixer.prefetch

.PHONY: bench-kafka
bench-kafka: setup $(E2E) ## Kafka and sniffed connections against the TCP proxy alone; QUICK=1 (Linux)
	@$(BIN)/python -m bench.kafka

.PHONY: artefacts
artefacts: setup $(ARTEFACTS) binaryen ## Rebuild the committed runtime.wasm and template.zip from build/ (maintainers)
	$(BIN)/python build/runtime/build.py
	$(BIN)/python build/component/build.py

# Merges the modules of profile cpython's template. There is no wheel of its tools.
.PHONY: binaryen
binaryen:
	@command -v npm >/dev/null || { \
	    echo "make: the template needs Node and npm; on Debian: apt install npm" >&2; exit 1; }
	@cmp -s build/component/package-lock.json build/component/node_modules/.installed || { \
	    echo "setup: installing binaryen" && \
	    npm ci --prefix build/component --no-audit --no-fund --loglevel=error >/dev/null && \
	    cp build/component/package-lock.json build/component/node_modules/.installed; }

# uv resolves for every platform and Python at once, which pip cannot; only this target needs it.
# --no-annotate and --no-header keep the files the same wherever they are made.
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
       --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: ## Resolve requirements/*.txt anew (needs uv); UPGRADE=1 moves to the newest versions
	@test -n "$(UV)" || { echo "make: 'make lock' needs uv on PATH" >&2; exit 1; }
	$(LOCK) pyproject.toml --extra test --extra envoy --extra cpython --group dev --output-file requirements/dev.txt
	$(LOCK) --group artefacts --output-file requirements/artefacts.txt
	$(LOCK) pyproject.toml --constraint requirements/dev.txt --output-file requirements/server.txt
	$(LOCK) --group e2e --constraint requirements/dev.txt --output-file requirements/e2e.txt
	$(LOCK) --group sdks --output-file requirements/sdks.txt
	$(LOCK) --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

.PHONY: clean
clean: ## Remove .venv, caches and built files
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
