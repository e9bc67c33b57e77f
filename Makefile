# make help lists the targets. Needs Python 3.11, 3.12 or 3.13 and nothing else: the rest goes into $(VENV).

# PYTHON may come from the environment too; VENV may not, since it is a folder that gets removed.
VENV := .venv
ARGS :=
# How many tests run at once. Tests of one file share a worker, and so what they set up together; long ones are shared out
# singly, and are given more time before compiled code that hangs is ended. A worker lost ends the run: another one would
# begin with the very test that it was lost in.
TEST_WORKERS ?= auto
workers := -n $(TEST_WORKERS) --max-worker-restart 0

bin := $(VENV)/bin/python
base := $(VENV)/base.stamp
dev := $(VENV)/dev.stamp
app := $(VENV)/app.stamp
mutation := $(VENV)/mutation.stamp
unfinished := $(VENV)/unfinished
typed := sim $(wildcard hydra_plugins)

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help compare test test-long mutation check format docs app clean same-python

help:
	@echo 'make compare        with and without the outpost, on the default case; the report goes to outputs/'
	@echo '                    e.g. make compare ARGS="seed=2 outpost.range_km=10"'
	@echo 'make test           the tests, the examples in docstrings included'
	@echo 'make test-long      the tests that take longer, within an hour on two cores'
	@echo 'make mutation       the rules broken on purpose: do their tests notice? Some minutes'
	@echo 'make check          style and types'
	@echo 'make format         put the code into the style that make check asks for'
	@echo 'make docs           the parameter tables of docs/ODD.md, anew from the configuration'
	@echo 'make app            one run in the browser'
	@echo 'make clean          remove $(VENV), builds and caches; outputs/ stays'
	@echo 'Each sets up $(VENV) first if need be. PYTHON=python3.12 chooses the Python, VENV=.venv312 another folder.'

compare: $(base)
	@$(bin) -m sim $(ARGS)

test: $(dev)
	@$(bin) -m pytest $(workers) --dist loadfile $(ARGS)

test-long: $(dev)
	@$(bin) -m pytest $(workers) --dist worksteal -m long -o faulthandler_timeout=1500 $(ARGS)

mutation: $(mutation)
	@$(bin) experiments/mutation/measure.py

check: $(dev)
	@status=0; \
	$(bin) -m ruff check . || status=1; \
	$(bin) -m ruff format --check . || status=1; \
	$(bin) -m mypy $(typed) || status=1; \
	exit $$status

format: $(dev)
	@$(bin) -m ruff check --fix-only --quiet .
	@$(bin) -m ruff format .

docs: $(base)
	@$(bin) -m sim.study.describe.parameters docs/ODD.md

app: $(app)
	@$(bin) -m sim.watch $(ARGS)

clean:
	@rm -rf $(VENV) build dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name '.?*' -prune -o -name outputs -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Removed $(VENV), builds and caches. Left: outputs/ and multirun/, if there are any, and pip'"'"'s own cache.'

# --- the set-up ---

# A Python that will do: the one asked for, or the first of the usual names that is new enough and can make a venv.
probe = import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
candidates := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python)
define find_python
python=''; \
for name in $(candidates); do \
    if "$$name" -c '$(probe)' >/dev/null 2>&1; then python="$$name"; break; fi; \
done; \
if [ -z "$$python" ]; then \
    echo 'No suitable Python: $(subst ",,$(candidates)) - need 3.11, 3.12 or 3.13, with the venv module' >&2; \
    echo '(on Debian and Ubuntu: the package python3-venv). Give another with make PYTHON=/path/to/python ...' >&2; \
    exit 1; \
fi
endef

# $(call set_up,EXTRAS,STAMPS): install the project with extras. While the mark "unfinished" lies in the folder it is not
# to be trusted, since an interrupted pip can leave half a package; then it is made anew.
define set_up
@if [ -e $(unfinished) ] || ! $(bin) -m pip --version >/dev/null 2>&1; then \
    $(find_python); \
    echo "Setting up $(VENV) with $$("$$python" --version): one to three minutes, once"; \
    rm -rf $(VENV) && mkdir -p $(VENV) && touch $(unfinished) && "$$python" -m venv $(VENV) || exit 1; \
else \
    echo 'Bringing $(VENV) up to date'; \
    touch $(unfinished) && rm -f $(VENV)/*.stamp; \
fi; \
$(bin) -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.$(if $(1),[$(1)])' && \
rm $(unfinished) && touch $(2)
endef

$(base): pyproject.toml constraints.txt | same-python
	$(call set_up,,$(base))

$(dev): pyproject.toml constraints.txt | same-python
	$(call set_up,dev,$(base) $(dev) $(app))

$(app): pyproject.toml constraints.txt | same-python
	$(call set_up,app,$(base) $(app))

comma := ,
$(mutation): pyproject.toml constraints.txt | same-python
	$(call set_up,dev$(comma)mutation,$(base) $(dev) $(app) $(mutation))

# A PYTHON asked for by name must not be ignored because the folder was made with another.
same-python:
ifneq ($(PYTHON),)
	@version='import sys; print("Python %d.%d" % sys.version_info[:2])'; \
	if [ ! -e $(unfinished) ] && has=$$($(bin) -c "$$version" 2>/dev/null); then \
	    asked=$$("$(PYTHON)" -c "$$version") || exit 1; \
	    if [ "$$has" != "$$asked" ]; then \
	        echo "$(VENV) holds $$has, not $$asked: make clean first, or give another folder, VENV=.venv-other" >&2; exit 1; \
	    fi; \
	fi
endif
