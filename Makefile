# Everything runs from a fresh clone with Python 3.11+, make and git: the first target that needs
# it makes .venv and installs the pinned, hashed packages.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo run test check format bench mutants soak screenshots lock clean help

help:
	@echo "make demo         try the bot in your browser, no accounts needed"
	@echo "make run          run the bot for real (BOT_TOKEN and FAL_KEY in .env)"
	@echo "make test         install what the tests need and run them"
	@echo "make check        format, lint, types, import contracts"
	@echo "make format       apply the formatter and the lint's safe fixes"
	@echo "make bench        what photos, updates, trainings under way and the Mini App cost"
	@echo "make mutants      break the code of money and submits on purpose and see the tests fail"
	@echo "make soak         50 users, random faults and kills for 10 minutes, then an audit"
	@echo "make screenshots  take the README's pictures again from the running demo"
	@echo "make lock         pin the dependencies again"

# The locks are complete, so nothing is left to resolve: with --no-deps pip looks for no newer release,
# which a pip that resolves finds and then refuses, having no hash for it. `pip check` confirms it.
define install
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
			{ echo "NeuroPhoto needs Python 3.11 or newer (set PYTHON=...)" >&2; exit 1; }; \
		echo "Making .venv"; $(PYTHON) -m venv .venv; }
	@echo "Installing $$(grep -c '==' $(1)) pinned packages into .venv: once, one to three minutes"
	@{ $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off \
			--no-deps --require-hashes -r $(1) || echo "pip-failed"; } | { \
		n=0; while read -r word rest; do case $$word in \
			Collecting|Requirement) n=$$((n + 1)); printf '\r  %d found ' $$n;; \
			Installing) printf '\r  %d found, unpacking ' $$n;; \
			pip-failed) exit 1;; \
		esac; done; echo; }
	@$(BIN)/python -m pip check --disable-pip-version-check
endef

.venv/run.stamp: requirements.lock
	$(call install,$<)
	@touch $@

# The packages of the tests include those of the bot.
.venv/dev.stamp: requirements-dev.lock requirements.lock
	$(call install,$<)
	@touch .venv/run.stamp $@

demo: .venv/run.stamp
	$(BIN)/python -m sandbox --bot

run: .venv/run.stamp
	$(BIN)/python -m bot

# Neighbouring tests go to one process, as they share what their file sets up. Tests wait for more than
# half of their time, mostly for bots, so two cores have work for more than two processes. Bytecode is kept,
# whatever the environment says: every process would compile all again.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/dev.stamp
	$(BIN)/python -m pytest -n 6 --dist worksteal --ignore=tests/browser

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
	$(BIN)/python -m tests.bench.updates
	$(BIN)/python -m tests.bench.busy
	$(BIN)/python -m tests.bench.jobs
	$(BIN)/python -m tests.bench.results
	$(BIN)/python -m tests.bench.page

mutants: .venv/dev.stamp
	$(BIN)/python -m mutmut run services.jobs.pauses.x_pause_of__mutmut_1  # makes all, and notes what reaches them
	@rm -f mutants/verdicts.json
	$(BIN)/python -m tests.mutants $(if $(SAMPLE),--sample $(SAMPLE))

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
