# Two commands do all the set-up on a fresh machine with what README names:
#   make demo     installs Trapline into .venv and runs the whole story on loopback
#   make test     installs the test tools beside it and passes the tests
# `make PYTHON=python3.12 ...` takes that one; by itself it takes the first that works.
PYTHON ?=
BIN := .venv/bin
# hundreds of programs are started from here: each would compile the whole source anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test rehearse test-clients soak mutants lint docs walks pictures data bench package clean

demo: .venv/installed
	$(BIN)/trapline demo

# two tests a core, since most wait for programs; what measures time has the machine to itself, after everything else
WORKERS ?= $(shell expr 2 '*' $$(getconf _NPROCESSORS_ONLN))
test: .venv/tested
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not (soak or clients or alone or rehearsal)' $(PYTEST)
	$(BIN)/python -m pytest -m alone $(PYTEST)

# what a newcomer, an operator and a release do: the documents word for word, plug-ins added, pages, wheel and benchmarks
# made; and laws over everything with everything, of which `make test` takes a part
rehearse: .venv/tested
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m rehearsal $(PYTEST)

# real client programs use their bait; those of Debian: tests/clients/debian.txt
test-clients: .venv/tested .venv-clients/installed
	$(BIN)/python -m pytest -m clients tests/clients $(PYTEST) \
	|| $(BIN)/python -m pytest -m clients tests/clients --last-failed $(PYTEST)  # a client that failed gets a second try

# long failure, load and fuzz runs, and the property tests with new examples; a short form of each is in `make test`.
# A run is repeated by `make soak SEED=` and the seed it printed.
SEED ?= $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
soak: SEED := $(SEED)
soak: .venv/tested
	$(BIN)/python -m pytest -m 'soak or hypothesis' -p no:cacheprovider --timeout 3600 --hypothesis-profile soak --hypothesis-seed $(SEED) $(PYTEST)

# puts small faults into a copy of the code, one at a time, and prints those that no test notices (half an hour)
mutants: .venv/tested
	$(BIN)/python -m tools.mutants $(MUTANTS)

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests
	$(BIN)/python -m tools.dead_code

# builds the documents, with the reference that is made from the code, into build/site
docs: .venv/tested
	$(BIN)/python -m tools.docs

# walks docs/walks.md, and prints how long the commands of each walk took
walks: .venv/tested
	$(BIN)/python -m pytest -q -s tests/test_walks.py

# draws the pictures of the README anew; PICTURES="--all DIR" draws every page, to look at
pictures: .venv/tested
	$(BIN)/python -m tools.pictures $(PICTURES)

# builds newer network data for the wheel, of the packages that tools/netdata names; git keeps the first copy
data: .venv/tested
	$(BIN)/python -m tools.build_data

# prints ratios against something measured in the same run
bench: .venv/tested
	$(BIN)/python -m benchmarks

# an sdist, and from it a wheel
package: .venv/tested
	$(BIN)/python -m build --outdir dist .

.venv/python:
	@python=$$(sh tools/find-python $(PYTHON)) && echo "$$python -m venv .venv" && "$$python" -m venv .venv
	@touch $@

.venv/installed: setup.cfg pyproject.toml | .venv/python
	@echo "installing Trapline into .venv"
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable .
	touch $@

COLLECT := $(BIN)/python -m pytest --collect-only -q -p no:cacheprovider
.venv/tested: setup.cfg pyproject.toml | .venv/python
	@echo "installing the test tools into .venv"
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable '.[test]'
	@$(COLLECT) tests/listener > /dev/null & $(COLLECT) tests/canaries > /dev/null; wait  # compiled once, not by each worker
	touch $@ .venv/installed

NPM := npm install --prefix .venv-clients/npm --no-save --no-audit --no-fund --loglevel error
.venv-clients/installed: tests/clients/pypi.txt tests/clients/npm.txt | .venv/python
	@command -v npm > /dev/null || { echo "the client tests need npm, and the packages in tests/clients/debian.txt" >&2; exit 2; }
	test -x .venv-clients/bin/python || $(BIN)/python -m venv .venv-clients
	.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check --prefer-binary -r tests/clients/pypi.txt
	.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --target .venv-clients/kingfisher1 'kingfisher-bin < 2'
	.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --target .venv-clients/kingfisher2 'kingfisher-bin >= 2.14'
	.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --target .venv-clients/appinspect splunk-appinspect
	mkdir -p .venv-clients/npm
	$(NPM) $$(cat tests/clients/npm.txt) || $(NPM) $$(cat tests/clients/npm.txt)  # five hundred packages: one of them may not come
	touch $@

clean:
	rm -rf .venv .venv-clients build dist *.egg-info
