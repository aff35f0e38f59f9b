# `make help` lists what there is. Everything that needs more than a line is a script in scripts/.
.DEFAULT_GOAL := help
SHELL := /bin/bash

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/tischlein, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/tischlein ./cmd/tischlein

.PHONY: test
test: ## Install what the tests need (as root, on Debian), then run every test there is
	scripts/install-test-tools
	scripts/test

.PHONY: demo
demo: build ## Start everything with a demo customer and virtual phones, and link one while you watch
	bin/tischlein demo

.PHONY: bench
bench: ## List the measurements; each is one command
	@for script in bench/*; do \
		[ ! -f "$$script" ] || [ ! -x "$$script" ] || printf '  %-24s %s\n' "$$script" "$$(sed -n '/^# /{s///p;q}' "$$script")"; \
	done

.PHONY: soak
soak: ## Run the tests with large counts, then fuzz (FUZZTIME=30m each, found inputs kept in .fuzz); a day
	scripts/install-test-tools
	TISCHLEIN_SOAK=1 go test -race -count=1 -p 1 -timeout 6h -run 'Soak|Model|Property|R01|R03' ./...
	FUZZTIME=$${FUZZTIME:-30m} FUZZCACHE=$${FUZZCACHE:-$(CURDIR)/.fuzz} scripts/test fuzz

.PHONY: fuzz
fuzz: ## Fuzz every parser for a minute each (FUZZTIME=1m), without the other tests
	FUZZTIME=$${FUZZTIME:-1m} scripts/test fuzz

.PHONY: vulns
vulns: ## Look up known weaknesses of what we depend on, where that can be reached
	scripts/vulns

.PHONY: release
release: ## Make dist/ out of the last commit, built twice: programs, what is in them, licences, checksums
	go run ./scripts/release

.PHONY: lint
lint: ## Check format, vet and golangci-lint (built on first use)
	scripts/lint
