SHELL := /bin/bash
.PHONY: run test watch check sqlx bench audit clean

run: ## Install what is missing, build, and start the demo
	@scripts/run

test: ## The same set-up, then every check
	@scripts/test

watch: ## Rebuild and reload on every change
	@scripts/setup && . scripts/env.sh && cargo leptos watch

check: ## The quick inner loop
	@. scripts/env.sh && cargo check --features ssr --all-targets

sqlx: ## Rewrite the query metadata from the database at DATABASE_URL
	@scripts/sqlx-metadata .sqlx

bench: ## Pages against bare routes with the same SQL, and a press in the browser
	@scripts/bench

audit: ## Known weaknesses of what Lectern is made of
	@scripts/audit

clean: ## Remove what was built, not what was learned: data stays
	@rm -rf target end2end/node_modules end2end/test-results
