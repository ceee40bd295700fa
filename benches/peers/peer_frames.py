"""The jobs of polars, DuckDB and numpy: `peer_frames.py PEER JOB FOLDER THREADS` prints seconds and findings."""

import os
import sys
import time

peer, job, folder, threads = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4]
os.environ["POLARS_MAX_THREADS"] = threads

import numpy as np  # noqa: E402


def column(name, kind):
    return np.fromfile(f"{folder}/{name}", dtype=kind)


def peak():
    """The most memory held since `memory_before`, in KiB."""
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))


def memory_before():
    """The memory held now; the peak to come is of the work alone."""
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    return peak()


def purchases():
    """Rows of id, date and DECIMAL(18, 2) as a polars frame."""
    import polars as pl

    customer = pl.col("customer")
    if job == "ledger-text":
        customer = pl.format("customer-{}", customer.cast(pl.String).str.zfill(8))
    frame = pl.DataFrame({name: column(f"{name}.i64", np.int64) for name in ("customer", "day", "cents")})
    start = pl.lit(np.datetime64("2022-01-01")).cast(pl.Date)
    cent = pl.lit("0.01").str.to_decimal(scale=2)
    return frame.select(
        customer.alias("customer"),
        (start + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("date"),
        (pl.col("cents").cast(pl.Decimal(18, 2)) * cent).cast(pl.Decimal(18, 2)).alias("amount"),
    )


def polars_ledger():
    import polars as pl

    frame = purchases()
    amount, is_purchase = pl.col("amount"), pl.col("purchases") > 0
    before = memory_before()
    start = time.perf_counter()
    days = frame.lazy().group_by("customer", "date").agg(
        pl.len().alias("rows"),
        (amount >= 0).sum().alias("purchases"),
        amount.sum(),
        amount.filter(amount < 0).sum().alias("refunds"),
    )
    summaries = days.group_by("customer").agg(
        pl.col("date").filter(is_purchase).min().alias("first"),
        pl.col("date").filter(is_purchase).max().alias("last"),
        is_purchase.sum().alias("occasions"),
        pl.col("rows").sum(),
        pl.col("amount").sum(),
        pl.col("refunds").sum(),
    ).collect()
    elapsed = time.perf_counter() - start
    print("memory", before, peak())
    return elapsed, len(summaries)


def duckdb_ledger():
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    frame = purchases().to_arrow()
    connection.register("frame", frame)
    connection.execute("CREATE TABLE purchases AS SELECT * FROM frame")
    connection.unregister("frame")
    del frame
    before = memory_before()
    start = time.perf_counter()
    connection.execute("""
        CREATE TEMP TABLE summaries AS
        WITH days AS (
            SELECT customer, date, count(*) AS rows, count(*) FILTER (amount >= 0) AS purchases,
                   sum(amount) AS amount, sum(amount) FILTER (amount < 0) AS refunds
            FROM purchases GROUP BY customer, date)
        SELECT customer, min(date) FILTER (purchases > 0) AS first, max(date) FILTER (purchases > 0) AS last,
               count(*) FILTER (purchases > 0) AS occasions, sum(rows) AS rows, sum(amount) AS amount,
               sum(refunds) AS refunds
        FROM days GROUP BY customer""")
    elapsed = time.perf_counter() - start
    print("memory", before, peak())
    return elapsed, connection.execute("SELECT count(*) FROM summaries").fetchone()[0]


def polars_cohorts():
    import polars as pl

    frame = purchases()
    start = time.perf_counter()
    month = pl.col("date").dt.year().cast(pl.Int32) * 12 + pl.col("date").dt.month().cast(pl.Int32)
    bought = frame.lazy().filter(pl.col("amount") >= 0).with_columns(month.alias("month"))
    first = pl.col("month").min().over("customer")
    triangle = (
        bought.with_columns(first.alias("cohort"))
        .group_by("cohort", (pl.col("month") - pl.col("cohort")).alias("age"))
        .agg(pl.col("customer").n_unique(), pl.col("amount").sum())
        .collect()
    )
    return time.perf_counter() - start, triangle["age"].max() + 1


def numpy_pyramid():
    values = column("value.f64", np.float64)
    n = len(values)
    cuts = [n - n // 100, n - n // 5, n - n // 2]
    start = time.perf_counter()
    ordered = np.partition(values, cuts)
    edges = [0, *sorted(cuts), n]
    sums = [ordered[a:b].sum() for a, b in zip(edges, edges[1:])]
    return time.perf_counter() - start, sums[-1]


def numpy_gini():
    values = column("value.f64", np.float64)
    n = len(values)
    start = time.perf_counter()
    ordered = np.sort(values)
    gini = ((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum())
    return time.perf_counter() - start, gini


def numpy_sort():
    values = column("value.f64", np.float64)
    start = time.perf_counter()
    ordered = np.sort(values)
    return time.perf_counter() - start, ordered[-1]


def polars_gini():
    import polars as pl

    frame = pl.DataFrame({"value": column("value.f64", np.float64)})
    n = len(frame)
    value = pl.col("value")
    rank = 2 * pl.int_range(1, n + 1) - n - 1
    start = time.perf_counter()
    gini = frame.lazy().sort("value").select((rank * value).sum() / (n * value.sum())).collect().item()
    return time.perf_counter() - start, gini


def polars_rfm():
    """Quintiles of recency, frequency and money; where cuts are equal, `qcut` has fewer groups."""
    import polars as pl

    recency, age = column("recency.f64", np.float64), column("age.f64", np.float64)
    frame = pl.DataFrame({
        "days": -np.rint((age - recency) * 7.0).astype(np.int64),
        "purchases": column("frequency.i64", np.int64) + 1,
        "revenue": column("value.f64", np.float64)[: len(age)],
    })
    start = time.perf_counter()
    score = pl.all().qcut(5, allow_duplicates=True).to_physical()
    scores = frame.lazy().select(score).collect()
    elapsed = time.perf_counter() - start
    return elapsed, (scores["days"] == scores["days"].max()).sum()


elapsed, found = {
    ("polars", "ledger"): polars_ledger,
    ("polars", "ledger-text"): polars_ledger,
    ("duckdb", "ledger"): duckdb_ledger,
    ("duckdb", "ledger-text"): duckdb_ledger,
    ("polars", "cohorts"): polars_cohorts,
    ("numpy", "pyramid"): numpy_pyramid,
    ("numpy", "gini"): numpy_gini,
    ("sort", "gini"): numpy_sort,
    ("polars", "gini"): polars_gini,
    ("polars", "rfm"): polars_rfm,
}[peer, job]()
print(job, elapsed, found)
