"""What Trapline costs, as ratios to something measured in the same minute: ``python -m benchmarks [NAME]``.

One file a benchmark, with ``run(report, scale)``: ``scale`` 1.0 is the full form, less is a smaller one. Names that
begin with ``_`` are tools. Every rate is a median of rounds interleaved with the rounds of what it is compared with,
because machines are shared: what slows one down slows the other.
"""
