# Everything runs from a fresh clone with Python 3.11+, make and git: the first target that needs
# it makes .venv and installs the pinned, hashed packages.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo run test check format bench soak screenshots lock clean help

help:
	@echo "make demo         try the bot in your browser, no accounts needed"
	@echo "make run          run the bot for real (BOT_TOKEN and FAL_KEY in .env)"
	@echo "make test         install what the tests need and run them"
	@echo "make check        format, lint, types, import contracts"
	@echo "make format       apply the formatter and the lint's safe fixes"
	@echo "make bench        speed and memory of photo preparation"
	@echo "make soak         50 users, random faults and kills for 10 minutes, then an audit"
	@echo "make screenshots  take the README's pictures anew from the running demo"
	@echo "make lock         pin the dependencies again"

.venv/run.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "NeuroPhoto needs Python 3.11 or newer (set PYTHON=...)" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: .venv/run.stamp
	$(BIN)/python -m sandbox --bot

run: .venv/run.stamp
	$(BIN)/python -m bot

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n 2 -m "not browser"

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp
	$(BIN)/python -m tests.bench.photos

soak: .venv/dev.stamp
	$(BIN)/python -m tests.soak --users 50 --minutes 10

screenshots: .venv/dev.stamp
	$(BIN)/python -m tests.browser.screenshots

lock: .venv/run.stamp
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
