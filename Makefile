# Deskmate: the commands of a working day. `make` alone explains them.
PORT ?=
HOST ?=
ADDRESS ?=
STATE ?=
BOARD ?=
ARCH ?=
TIMETABLE ?=
export PORT HOST ADDRESS STATE BOARD TIMETABLE

.DEFAULT_GOAL := help
.PHONY: help sim run fleet build test bare-test check bench vm-test vm-shell hil hil-shell field servers-test deb deb-test clean node install

help: ## This list
	@echo "Deskmate: a classroom telepresence robot, its software and its simulator"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make sim PORT=8400     another port (default 8300)"
	@echo "  make sim HOST=0.0.0.0  pupil's page for this network (default: this machine only)"
	@echo "  make sim TIMETABLE=f   lessons of a week plan or .ics file; none: take them away"

sim: node ## Start the simulated robot and its classroom; prints the address to open
	@node scripts/start-sim.mjs

run: node ## A station on this computer's own camera and sound: make run BOARD=laptop
	@node scripts/start-station.mjs

fleet: node ## A living fleet: broker, service and 30 simulated robots in 4 schools: make fleet PORT=8500
	@node scripts/start-fleet.mjs

test: node ## All tests: units, contracts, scenarios, and a browser attending a lesson
	@bash scripts/test.sh

bare-test: node ## Both README commands from bare Debian roots, as root and not (root)
	@bash scripts/need.sh bare
	@bash scripts/bare.sh

check: install ## Types, formatter and linter, import rules
	@npm run check --silent

bench: install ## Benchmarks: make bench ARGS="latency --json"
	@npm run bench --silent -- $(ARGS)

vm-test: install ## The drivers and the whole robot on a real Linux kernel in QEMU: make vm-test ONLY=gpio
	@node scripts/vm/start.mjs --only "$(ONLY)"

vm-shell: install ## A shell in that VM
	@node scripts/vm/start.mjs --shell

hil: ## Older name of vm-test
	@echo 'make hil is now called make vm-test'
	@$(MAKE) --no-print-directory vm-test

hil-shell: ## Older name of vm-shell
	@echo 'make hil-shell is now called make vm-shell'
	@$(MAKE) --no-print-directory vm-shell

field: install ## Robot and pupil on hosts apart, through NAT, TURN, portals (root): make field ONLY=tls443
	@bash scripts/need.sh field chromium
	@node scripts/field/start.mjs --only "$(ONLY)" --browser "$(BROWSER)" $(if $(STAY),--stay)

servers-test: install ## The configurations of docs/servers.md on real servers, and the fleet's store on PostgreSQL
	@bash scripts/need.sh servers
	@node scripts/build.mjs --quiet
	@npx vitest run --config vitest.servers.config.ts

build: install ## Bundle processes and pages into dist/
	@node scripts/build.mjs

deb: install ## Debian package of the robot in dist/deb/: make deb ARCH=arm64 (or amd64)
	@node scripts/deb/start.mjs deb --arch "$(ARCH)"

deb-test: install ## The package on a Debian with systemd: install, upgrade, remove, purge (root)
	@bash scripts/need.sh deb
	@node scripts/deb/start.mjs deb-test

clean: ## Forget what was built and what the simulated robot remembers
	rm -rf dist .sim coverage test-results

install: node
	@node scripts/install.mjs

node:
	@command -v node >/dev/null || { echo "Node was not found. Install Node 20.19 or newer from https://nodejs.org/ and try again."; exit 1; }
