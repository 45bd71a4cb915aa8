# Two commands on a fresh machine: `make run` and `make test`. Each makes what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# Two processes; what belongs together stays in one of them, and what takes longest begins first (tests/conftest.py).
PARALLEL := -n 2 --dist=loadgroup --no-loadscope-reorder
LOCK := $(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := run
.PHONY: run test quick test-full format lint types tools gallery lock pin bench load soak sessions day screenshots clean

run: $(VENV)/.app
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint types tools
	$(BIN)/python -m pytest $(PARALLEL)

# For the habit of running it at every save: under a minute, without Keras, servers and browsers.
quick: lint types
	$(BIN)/python -m pytest --quick $(PARALLEL)

test-full: $(VENV)/.dev
	@sh tests/install-tools.sh $(BIN)/python caddy
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements-full.lock
	$(BIN)/python -m pytest --full $(PARALLEL)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy

# Records the runs that a first screen shows before any training, and the scores of the pages that compare.
gallery: $(VENV)/.app
	$(BIN)/python assets/gallery/make_gallery.py
	$(BIN)/python assets/study/make_study.py

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench.bench

load: $(VENV)/.dev
	$(BIN)/python -m tests.load.load
	$(BIN)/python -m tests.load.load --sessions 300 --ramp 60 --think 15

soak: $(VENV)/.dev
	$(BIN)/python -m tests.bench.soak

sessions: $(VENV)/.dev
	$(BIN)/python -m tests.load.sessions

day: $(VENV)/.dev
	$(BIN)/python -m tests.load.day

screenshots: $(VENV)/.dev tools
	$(BIN)/python -m tests.browser.screenshots

tools:
	@sh tests/install-tools.sh $(BIN)/python

# After a change of a requirements file: every package and what it needs, for every system, with its hashes.
lock: $(VENV)/.app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(LOCK) requirements.txt -o deploy/requirements.lock
	$(LOCK) requirements-dev.txt -c deploy/requirements.lock -o deploy/requirements-dev.lock
	$(LOCK) requirements-full.txt -c deploy/requirements-dev.lock -o deploy/requirements-full.lock

# Where Docker reaches a registry: the images of others by their digests, in deploy/Dockerfile and deploy/compose.yaml.
pin:
	@sh deploy/pin-images.sh

$(VENV)/.app: deploy/requirements.lock tests/python-version.py
	$(PYTHON) tests/python-version.py
	$(PYTHON) -m venv $(VENV)
	# --compile, because importing TensorFlow without .pyc files takes 11.5 s instead of 4.3.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --require-hashes -r deploy/requirements.lock
	$(BIN)/python -m compileall -q mtl_core pages
	touch $@

$(VENV)/.dev: $(VENV)/.app deploy/requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
