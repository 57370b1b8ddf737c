# The two commands:
#   make serve   builds the site and serves it on http://127.0.0.1:8080 (or PORT=...)
#   make test    checks everything
# The others are parts of them. Scripts are in .tools.

SHELL := /bin/bash
PORT ?= 8080

# Tools that the build had to install live outside the tree, shared by all clones.
TOOLS := $(or $(INTERLEAVE_CACHE),$(HOME)/.cache/interleave)/tools
export PATH := $(TOOLS)/bin:$(TOOLS)/node_modules/.bin:$(PATH)

# Whatever the site is made of; folders too, so that a removed file counts.
SOURCES := $(shell find src styles scenarios .patch .tools Cargo.toml Cargo.lock Trunk.toml index.html 2>/dev/null)
BROWSER := tests/browser/node_modules/.package-lock.json

.PHONY: serve test build tools chromium fmt format lint native size browser bench golden clean

serve: dist/index.html
	@node .tools/serve.mjs $(PORT)

build: dist/index.html

dist/index.html: $(SOURCES)
	@.tools/install.sh
	@.tools/build.sh
	@touch $@

# In this order, the quick ones first; `make test` says where it is and stops at the first failure.
test:
	@for part in format lint native build size browser; do \
		echo; echo "== $$part"; \
		$(MAKE) --no-print-directory $$part || { echo; echo "FAILED: $$part"; exit 1; }; \
	done; \
	echo; echo "All tests passed."

format:
	cargo fmt --check -p interleave -p explorer

fmt:
	cargo fmt -p interleave -p explorer

# The command line and its tests are native, the page and its workers are not.
lint: tools
	cargo clippy --all-targets -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --lib --bin page --bin worker -- -D warnings
	cargo clippy --target wasm32-unknown-unknown -p explorer -- -D warnings

native:
	cargo test

# The size budget of the first view.
size: dist/index.html $(BROWSER) chromium
	node .tools/size.mjs

browser: dist/index.html $(BROWSER) chromium
	node --test --test-reporter=spec --test-timeout=120000 tests/browser/*.test.mjs

# Figures, printed with what they must reach.
bench: dist/index.html $(BROWSER) chromium
	cargo bench
	node .tools/first-view.mjs
	node tests/browser/measure.mjs
	cargo build --release --bin interleave
	node tests/browser/measure-explore.mjs

# Writes the golden files again, and what real CPython prints for each scenario (with the interpreters that pyenv has).
golden:
	UPDATE_GOLDEN=1 cargo test --lib --test front
	python3 tests/recorded/record.py

tools:
	@.tools/install.sh

chromium:
	@.tools/chromium.sh

$(BROWSER): tests/browser/package-lock.json
	npm ci --prefix tests/browser --no-audit --no-fund --loglevel=error
	@touch $@

clean:
	rm -rf dist
	cargo clean
