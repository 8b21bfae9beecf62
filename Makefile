# make run      installs the base, ingests the built-in notice and cards, serves the page
# make test     installs everything, then runs the tests
# make bench    speed as ratios in one run;  make eval  the evaluation suites with a report
# make judge    the environment in which `.venv-judge/bin/kepu eval --judge` asks a chat model for its opinion
.PHONY: run install judge test test-slow check bench eval clean
PYTHON ?= python3
BIN := .venv/bin
JUDGE := .venv-judge

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --upgrade pip==26.3

.venv/.base: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --progress-bar on -c constraints.txt -e .
	touch $@

.venv/.full: .venv/.base
	$(BIN)/pip install --progress-bar on -c constraints.txt torch==2.13.0
	$(BIN)/pip install --progress-bar on -c constraints.txt -e '.[models,llm,ocr,postgres]' --group dev
	touch $@

# The judge's library wants older versions of three libraries than the models do: an environment of its own.
$(JUDGE)/.full: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(JUDGE)
	$(JUDGE)/bin/pip install --upgrade pip==26.3
	sed -e 's/^click==.*/click==8.3.3/' -e 's/^rich==.*/rich==14.3.4/' \
	  -e 's/^huggingface_hub==.*/huggingface_hub==1.16.1/' constraints.txt > $(JUDGE)/constraints.txt
	$(JUDGE)/bin/pip install --progress-bar on -c $(JUDGE)/constraints.txt -e '.[llm,judge]' pytest
	touch $@

# The browser, the PDF reader and LibreOffice that the tests look at pages, handouts and exports with, the servers that
# they start.
.venv/.tools: .venv/.full
	command -v chromium && command -v pdftotext && command -v soffice && ls /usr/lib/postgresql/*/bin/pg_ctl /usr/sbin/nginx || { \
	  SUDO=$$([ $$(id -u) = 0 ] || echo sudo); $$SUDO apt-get update && \
	  $$SUDO apt-get install -y --no-install-recommends chromium fonts-noto-cjk poppler-utils postgresql nginx-light \
	    libreoffice-calc libreoffice-writer; }
	touch $@

run: .venv/.base
	$(BIN)/kepu ingest
	$(BIN)/kepu serve --host 127.0.0.1 --port 7860

install: .venv/.full

	$(BIN)/pytest -m "not slow and not judge" -n 2 --dist worksteal

test: .venv/.tools
	$(BIN)/pytest -m "not slow and not judge" -n 2

test-slow: .venv/.tools $(JUDGE)/.full
	$(BIN)/pytest -m slow
	$(JUDGE)/bin/pytest -p no:deepeval -m judge tests/evals/test_judging_model.py

check: .venv/.full
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m ingest.check

bench: .venv/.full
	$(BIN)/python -m evals.bench

eval: .venv/.full
	$(BIN)/kepu eval --report build/eval

clean:
	rm -rf .venv $(JUDGE) build *.egg-info
