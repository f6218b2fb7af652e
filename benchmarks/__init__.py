"""What the program costs, measured beside something that everybody has: ``python -m benchmarks.NAME``.

Each command interleaves what it compares within one run and prints ratios, since absolute times move with
the machine. ``docs/performance.md`` says what is measured and which bars there are.
"""
