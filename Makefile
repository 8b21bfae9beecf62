# make run      installs the base, ingests the built-in notice and cards, serves the page
# make test     installs everything, then runs the tests
# make bench    speed as ratios in one run;  make eval  the evaluation suites with a report
.PHONY: run install test test-slow check bench eval clean
PYTHON ?= python3
BIN := .venv/bin

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

test: .venv/.tools
	$(BIN)/pytest -m "not slow" -n 2 --dist worksteal

test-slow: .venv/.tools
	$(BIN)/pytest -m slow

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
	rm -rf .venv build *.egg-info
