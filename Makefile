# Thin over `cargo xtask`, which holds the chores. `make help` lists them.
SIZE ?= usual

.PHONY: demo test check bench help
demo:
	@cargo xtask demo
test:
	@cargo xtask test --size $(SIZE)
check:
	@cargo xtask check
bench:
	@cargo xtask bench --size $(SIZE)
help:
	@cargo xtask help
