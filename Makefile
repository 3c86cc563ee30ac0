# Needs python3, git and make; everything else goes into .venv from requirements/dev.lock.
# `make` alone lists the targets.

.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?=
DATA ?=
ARGS ?=
BASE ?=
WORKERS ?= auto
export PYTHON

BIN := .venv/bin
SOURCES := client server tests bench tools
TYPED := client/pinfold server/pinfold_server bench tools tests/client tests/typing tests/serving.py tests/conftest.py

# The interpreter is looked for in the recipe, so that `make help` works without one.
BOOTSTRAP = python=$$(tools/find_python.sh) && "$$python" tools/bootstrap.py
# The generator has no wheel for Python 3.13: an older one is preferred for it.
BOOTSTRAP_PROTOC = python=$$(tools/find_python.sh 12 2>/dev/null || PYTHON= tools/find_python.sh 12 2>/dev/null || tools/find_python.sh) && "$$python" tools/bootstrap.py

STEP = @printf '==> %s\n'

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- for users ------------------------------------------------------------------------------------------------

.PHONY: demo
demo: venv ## the main job on real text; DATA=file.csv|file.jsonl takes your own, ARGS="..." passes options
	@$(BIN)/pinfold demo $(if $(DATA),--data "$(DATA)") $(ARGS)

.PHONY: test
test: venv ## all tests; ARGS="-k name" passes options to pytest
	$(STEP) 'tests'
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

# --- for developers -------------------------------------------------------------------------------------------

.PHONY: check
check: lint test ## everything that must pass before a change lands

.PHONY: lint
lint: format-check ruff types imports protos-lint breaking drift ## all of check but the tests

.PHONY: format-check
format-check: venv
	$(STEP) 'format (ruff)'
	@$(BIN)/ruff format --check $(SOURCES)

.PHONY: ruff
ruff: venv
	$(STEP) 'lint (ruff)'
	@$(BIN)/ruff check --quiet --output-format concise $(SOURCES)

.PHONY: types
types: venv
	$(STEP) 'types (mypy --strict)'
	@$(BIN)/mypy --no-error-summary $(TYPED)

.PHONY: imports
imports: venv
	$(STEP) 'import directions'
	@$(BIN)/python -m tools.check_imports

.PHONY: protos-lint
protos-lint: venv
	$(STEP) 'protos: lint and format (buf)'
	@$(BIN)/buf lint
	@$(BIN)/buf format --diff --exit-code

.PHONY: breaking
breaking: venv ## are the protos compatible with the last release? BASE=<ref> compares with another state
	$(STEP) 'protos: breaking changes (buf)'
	@$(BIN)/python tools/check_breaking.py $(if $(BASE),--against "$(BASE)")

.PHONY: drift
drift: venv venv-protoc
	$(STEP) 'protos: generated code is current'
	@$(BIN)/python -m tools.check_protos --generator .venv-protoc/bin/python

.PHONY: fix
fix: venv ## format and repair what can be repaired
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/buf format -w

.PHONY: proto
proto: venv-protoc ## write the generated protobuf code and the descriptor set
	@.venv-protoc/bin/python tools/generate_protos.py

.PHONY: protobuf-matrix
protobuf-matrix: ## the client beside protobuf 4, 5, 6 and 7, in throw-away environments
	@python=$$(tools/find_python.sh) && tools/protobuf_matrix.sh "$$python"

.PHONY: portability
portability: venv ## do Node and WebAssembly answer a model file with the server's bits? needs node and npm
	@$(BIN)/python -m tools.portability $(ARGS)

.PHONY: browser-test
browser-test: venv ## is every chart of a report on the page, in a real browser? needs Chromium
	$(STEP) 'the report in a browser'
	@$(BIN)/python -m tools.browser_test $(ARGS)

LOCK = .venv-locker/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(ARGS)

.PHONY: lock
lock: ## write requirements/*.lock anew; ARGS="--upgrade" takes newer releases within the bounds
	@$(BOOTSTRAP) .venv-locker requirements/locker.lock
	@cd requirements && for name in runtime dev protoc locker; do \
		constraint=$$(if [ $$name = dev ]; then echo '--constraint runtime.lock'; fi); \
		../$(LOCK) $$constraint $$name.in --output-file $$name.lock && echo "requirements/$$name.lock" || exit 1; \
	done

.PHONY: clean
clean: ## remove the environments and caches
	@rm -rf .venv .venv-protoc .venv-locker .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find client server tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments ---------------------------------------------------------------------------------------------

.PHONY: venv
venv: ## bring .venv up to date with the lock (every target does so by itself)
	@$(BOOTSTRAP) .venv requirements/dev.lock --editable client --editable server

.PHONY: venv-protoc
venv-protoc:
	@$(BOOTSTRAP_PROTOC) .venv-protoc requirements/protoc.lock
