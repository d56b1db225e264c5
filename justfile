# Everything that must hold before a change goes in: both databases, the browser, lints.
check:
    scripts/test

# The demo portal on http://127.0.0.1:8000.
demo:
    cargo run --release -- demo

# Tests on SQLite alone: the quick loop.
test:
    cargo test --workspace

# Write the schema down after changing it; a test compares.
schema:
    cargo run -- schema > schema.graphql

# Micro-benches.
bench:
    cargo bench
