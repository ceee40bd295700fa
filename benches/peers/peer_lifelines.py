"""The jobs of lifelines: `peer_lifelines.py JOB FOLDER` prints the job, its seconds and what it found."""

import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
from lifelines import CoxPHFitter, KaplanMeierFitter  # noqa: E402

job, folder = sys.argv[1], sys.argv[2]
values = np.fromfile(f"{folder}/value.f64", dtype=np.float64)
observed = (values * 1000).astype(np.int64) % 2 == 1

if job in ("kaplan-meier", "kaplan-meier-f64"):
    durations = values.astype(np.int64) % 1500 if job == "kaplan-meier" else values
    start = time.perf_counter()
    fitter = KaplanMeierFitter().fit(durations, observed)
    elapsed, found = time.perf_counter() - start, float(fitter.survival_function_.iloc[-1, 0])
elif job == "cox":
    rows = 100_000
    data = pd.DataFrame({"duration": values[:rows] + 1, "observed": observed[:rows]})
    for k in range(1, 6):
        data[f"z{k}"] = np.floor(values[k * rows : (k + 1) * rows]) % 10 / 10
    start = time.perf_counter()
    fitter = CoxPHFitter().fit(data, "duration", "observed")
    elapsed, found = time.perf_counter() - start, fitter.log_likelihood_
else:
    sys.exit(f"no such job: {job}")
print(job, elapsed, found)
