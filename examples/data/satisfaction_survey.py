"""Makes satisfaction_survey.csv: invented answers of 600 guests of a chain of hotels, three waves, two regions.

    python3 examples/data/satisfaction_survey.py > examples/data/satisfaction_survey.csv

The seed is fixed, and the generator is its own (a 64-bit linear congruential one, the multiplier of Knuth's MMIX), so
that every version of Python gives the same file. What is built in, for the analysis to find: speed moves satisfaction
most; a bad room costs more than a good one brings; the south is less content and improves from wave to
wave; who is content stays, and a lost point below 3 loses more than a won one above it keeps.
"""

from datetime import date, timedelta
from math import exp

state = 20260301


def uniform():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2**53


def normal():
    return sum(uniform() for _ in range(12)) - 6.0


def score(value, low=1, high=5):
    return max(low, min(high, round(value)))


print("wave,region,speed,courtesy,rooms,overall,recommend,stayed,margin,complained,settled")
days = [date(2025, 3, 1), date(2025, 7, 1), date(2025, 11, 1)]
for wave in range(3):
    for guest in range(200):
        region = "north" if guest < 100 else "south"
        mood = normal()
        level = 3.6 if region == "north" else 2.9 + 0.25 * wave
        speed = score(level + 0.6 * mood + 0.8 * normal())
        courtesy = score(level + 0.3 + 0.6 * mood + 0.7 * normal())
        rooms = score(level + 0.4 * mood + 0.9 * normal())
        rooms_effect = -1.0 if rooms == 1 else (0.1 if rooms == 5 else 0.0)
        value = 3.5 + 0.55 * (speed - 3.4) + 0.15 * (courtesy - 3.6) + 0.15 * (rooms - 3.3) + rooms_effect
        overall = score(value + 0.5 * normal())
        recommend = score(2.0 * overall - 0.6 + 1.2 * normal(), 0, 10)
        eta = 1.1 + (1.1 if overall < 3 else 0.5) * (overall - 3)
        stayed = int(uniform() < 1.0 / (1.0 + exp(-eta)))
        margin = round(60.0 + 240.0 * uniform() ** 2)
        complained = settled = ""
        if uniform() < (0.3 if overall <= 2 else 0.03):
            opened = days[wave] + timedelta(days=int(28 * uniform()))
            complained = opened.isoformat()
            done = opened + timedelta(days=1 + int(20 * uniform() ** 2 / (0.2 + uniform())))
            settled = done.isoformat() if done <= date(2025, 11, 30) else ""
        # One in twenty does not answer the question on recommending.
        told = "" if uniform() < 0.05 else recommend
        print(wave + 1, region, speed, courtesy, rooms, overall, told, stayed, margin, complained, settled, sep=",")
