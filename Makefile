# Two commands matter: `make demo` and `make test`. Both need Python 3.11 or newer and nothing else.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(name))))
PORT ?= 8080
READY := .venv/ready

# The tests of dialogs alone: they name it, and wait for nothing. They reach its every branch, and
# only they are counted, because whatever is counted takes twice as long; the properties try the same
# branches again and again.
COUNTED = $(filter-out tests/test_properties.py, $(shell grep -L async $$(grep -l 'from dialogs' tests/test_*.py)))

.PHONY: setup demo test soak attack bench coverage lint catalogues pictures lock clean

setup: $(READY)

# The stamp is newer than the lock: a second call costs nothing.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found on the path."; exit 1; }
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv >/dev/null || { rm -rf .venv; \
		echo "$(PYTHON) cannot make a virtual environment: install its venv module (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@echo "Installing what the lock names…"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: setup
	@.venv/bin/raati demo --port $(PORT)

test: setup lint
	@.venv/bin/python -m pytest --cov --cov-report= $(COUNTED)
	@.venv/bin/coverage report --skip-covered --skip-empty --show-missing --fail-under=100
	@.venv/bin/python -m pytest $(addprefix --ignore=, $(COUNTED))

# Counts what all the tests reach in all that is ours: figures to look at, no more.
coverage: setup
	@.venv/bin/coverage run --source=bot,dialogs,storage --concurrency=greenlet,thread -m pytest -n 0
	@.venv/bin/coverage report --skip-covered --skip-empty

# The long form of faults and kills: goes on where it was ended, and ends by itself.
soak: setup
	@.venv/bin/python -m tests.soak

# The long form of the attacks on the promise of anonymity, with the table of docs/anonymity.md:
# goes on where it was ended, and ends by itself.
attack: setup
	@.venv/bin/python -m tests.attacks

# How fast it is, and what it costs, in figures of this machine.
bench: setup
	@.venv/bin/python -m tests.bench

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

# Collects the texts the code asks for into each language's catalogue; a missing one fails `make test`.
catalogues: setup
	@.venv/bin/python -m tests.catalogues

# Takes the pictures of the README and of the coordinators' guides anew; needs Chromium.
pictures: setup
	@.venv/bin/python -m tests.pictures

# Writes the lock anew from pyproject.toml; needs uv.
lock:
	@uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --upgrade --output-file requirements.lock

clean:
	@rm -rf .venv var .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
