"""The jobs of lifetimes: `peer_lifetimes.py JOB FOLDER` prints the job, its seconds and what it found."""

import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
from lifetimes import (  # noqa: E402
    BetaGeoBetaBinomFitter,
    BetaGeoFitter,
    GammaGammaFitter,
    ModifiedBetaGeoFitter,
    ParetoNBDFitter,
)
from lifetimes.datasets import load_cdnow_summary_data_with_monetary_value, load_donations  # noqa: E402

job, folder = sys.argv[1], sys.argv[2]


def column(name, kind):
    return np.fromfile(f"{folder}/{name}", dtype=kind)


def histories(kind=""):
    recency, age = column(f"recency{kind}.f64", np.float64), column(f"age{kind}.f64", np.float64)
    return column("frequency.i64", np.int64), recency, age


def fit(frequency, recency, age, model=BetaGeoFitter):
    start = time.perf_counter()
    fitter = model().fit(frequency, recency, age)
    return time.perf_counter() - start, -fitter._negative_log_likelihood_ * len(frequency)


if job == "fit-cdnow":
    data = load_cdnow_summary_data_with_monetary_value()
    elapsed, found = fit(data["frequency"], data["recency"], data["T"])
elif job == "fit":
    elapsed, found = fit(*histories())
elif job == "fit-continuous":
    elapsed, found = fit(*histories("-continuous"))
elif job == "fit-spend":
    frequency, mean = column("spend-x.i64", np.int64), column("spend-mean.f64", np.float64)
    start = time.perf_counter()
    fitter = GammaGammaFitter().fit(frequency, mean)
    elapsed, found = time.perf_counter() - start, -fitter._negative_log_likelihood_ * len(frequency)
elif job == "pareto-cdnow":
    data = load_cdnow_summary_data_with_monetary_value()
    elapsed, found = fit(data["frequency"], data["recency"], data["T"], ParetoNBDFitter)
elif job in ("pareto-fit", "mbg-fit"):
    model = ParetoNBDFitter if job == "pareto-fit" else ModifiedBetaGeoFitter
    elapsed, found = fit(*(part[:100_000] for part in histories()), model)
elif job == "bgbb-fit":
    data = load_donations()
    start = time.perf_counter()
    fitter = BetaGeoBetaBinomFitter().fit(data["frequency"], data["recency"], data["periods"], data["weights"])
    elapsed, found = time.perf_counter() - start, fitter.params_["alpha"]
elif job == "pareto-score":
    frequency, recency, age = histories()
    fitter = ParetoNBDFitter()
    fitter.params_ = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
    start = time.perf_counter()
    alive = fitter.conditional_probability_alive(frequency, recency, age)
    expected = fitter.conditional_expected_number_of_purchases_up_to_time(52, frequency, recency, age)
    elapsed, found = time.perf_counter() - start, np.sum(expected)
    assert len(alive) == len(frequency)
elif job == "score":
    frequency, recency, age = histories()
    fitter = BetaGeoFitter()
    fitter.params_ = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    start = time.perf_counter()
    alive = fitter.conditional_probability_alive(frequency, recency, age)
    expected = fitter.conditional_expected_number_of_purchases_up_to_time(52, frequency, recency, age)
    elapsed, found = time.perf_counter() - start, np.sum(expected)
    assert len(alive) == len(frequency)
else:
    sys.exit(f"no such job: {job}")
print(job, elapsed, found)
