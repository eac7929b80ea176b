import random
import shutil
import subprocess
from decimal import Decimal

import pytest

from reports.statistics.survival import Observation, follow_up, kaplan_meier, log_rank


def observations(*pairs):
    return [Observation(Decimal(str(time)), bool(event), str(at)) for at, (time, event) in enumerate(pairs)]


def drawn(seed, size):
    generator = random.Random(seed)
    return observations(*((generator.randint(1, 60), generator.random() < 0.55) for _ in range(size)))


SEEDS = (1, 2, 3, 4)


@pytest.mark.parametrize("seed", SEEDS)
def test_survival_and_log_log_limits_agree_with_lifelines(seed):
    from lifelines import KaplanMeierFitter

    data = drawn(seed, 40)
    fitted = KaplanMeierFitter().fit([float(o.time) for o in data], [o.event for o in data])
    curve = kaplan_meier(data, "log-log")
    limits = fitted.confidence_interval_survival_function_
    for step in curve.steps:
        time = float(step.time)
        assert step.survival == pytest.approx(fitted.survival_function_at_times(time).iloc[0], abs=1e-12)
        if step.low is not None:
            assert (step.low, step.high) == pytest.approx(tuple(limits.loc[time]), abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_standard_errors_of_plain_limits_agree_with_statsmodels(seed):
    from statsmodels.duration.survfunc import SurvfuncRight

    data = drawn(seed, 30)
    theirs = SurvfuncRight([float(o.time) for o in data], [int(o.event) for o in data])
    ours = {float(step.time): step for step in kaplan_meier(data, "plain").steps}
    for time, share, error in zip(theirs.surv_times, theirs.surv_prob, theirs.surv_prob_se, strict=True):
        step = ours[time]
        assert step.survival == pytest.approx(share, abs=1e-12)
        if step.low is not None and step.low > 0:
            assert step.low == pytest.approx(share - 1.959963984540054 * error, abs=1e-12)


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_log_rank_agrees_with_statsmodels(groups):
    from statsmodels.duration.survfunc import survdiff

    parts = [drawn(seed, 18 + seed) for seed in range(groups)]
    statistic, p = survdiff(
        [float(o.time) for part in parts for o in part],
        [int(o.event) for part in parts for o in part],
        [at for at, part in enumerate(parts) for _ in part],
    )
    ours = log_rank(parts)
    assert (ours.statistic, ours.p) == pytest.approx((statistic, p), abs=1e-8)
    assert ours.freedom == groups - 1


def test_log_rank_by_hand():
    # A death at 1 (first group, 2 of 4 at risk) and at 2 (second group, 1 of 3 in the first): excess 1/2 - 1/3.
    ours = log_rank([observations((1, 1), (9, 0)), observations((2, 1), (9, 0))])
    assert ours.statistic == pytest.approx((1 / 2 - 1 / 3) ** 2 / (1 / 4 + 2 / 9))


@pytest.mark.parametrize(
    "groups",
    [
        [observations((1, 0)), observations((2, 1), (3, 0))],
        [observations((2, 1)), observations((2, 1))],
        [observations((1, 0), (1, 0)), observations((1, 0))],
    ],
    ids=["the first group left before anybody died", "all die at once", "nobody dies"],
)
def test_groups_that_cannot_be_compared_have_no_p(groups):
    assert log_rank(groups).p is None


def test_the_median_of_a_curve_flat_at_one_half_is_the_middle_of_the_stretch():
    curve = kaplan_meier(observations((1, 1), (2, 1), (6, 1), (9, 0)))
    assert curve.at(Decimal(2)).value == pytest.approx(0.5)
    assert curve.median().value == 4.0


def test_the_median_is_not_reached_while_more_than_half_live():
    assert kaplan_meier(observations((5, 1), (9, 0), (9, 0), (10, 0))).median().value is None


def test_a_landmark_beyond_the_last_observation_is_not_estimable():
    curve = kaplan_meier(observations((5, 1), (9, 0), (12, 0)))
    assert curve.at(Decimal(13)).value is None
    assert curve.at(Decimal(12)).value == pytest.approx(2 / 3)


def test_when_all_have_died_survival_stays_nothing_and_has_no_limits():
    curve = kaplan_meier(observations((5, 1), (9, 1)))
    later = curve.at(Decimal(100))
    assert (later.value, later.low, later.high) == (0.0, None, None)


@pytest.mark.parametrize("data", [[], observations((4, 0)), observations((4, 0), (4, 0), (8, 0))])
def test_nobody_or_all_censored_gives_a_curve_without_events(data):
    curve = kaplan_meier(data)
    assert curve.events == 0
    assert curve.median().value is None
    assert all(step.low is None for step in curve.steps)


def test_one_patient_who_dies_has_a_median_without_limits():
    median = kaplan_meier(observations((24, 1))).median()
    assert (median.value, median.low, median.high) == (24.0, None, None)


def test_numbers_under_the_axis_add_up_to_all_patients():
    curve = kaplan_meier(drawn(7, 25))
    for time in range(0, 70, 10):
        at_risk, events, censored = curve.counts(Decimal(time) + Decimal("0.5"))
        assert at_risk + events + censored == 25


def test_median_follow_up_treats_censoring_as_the_event():
    curve = follow_up(observations((2, 1), (10, 0), (20, 0), (30, 0)))
    assert curve.median().value == 20.0


def test_groups_without_any_event_cannot_be_compared():
    assert log_rank([observations((1, 0)), observations((2, 0))]).p is None
    assert log_rank([observations((1, 1))]).p is None


R_CODE = """
library(survival)
d <- read.csv(file("stdin"))
for (kind in c("log-log", "plain")) {
  f <- survfit(Surv(time, event) ~ 1, data = d, conf.type = kind)
  s <- summary(f, times = unique(d$time)[order(unique(d$time))])
  cat(kind, "surv", sprintf("%.10f", s$surv), "\n")
  cat(kind, "lower", sprintf("%.10f", s$lower), "\n")
  cat(kind, "upper", sprintf("%.10f", s$upper), "\n")
  cat(kind, "median", unlist(quantile(f, 0.5)), "\n")
}
t <- survdiff(Surv(time, event) ~ arm, data = d)
cat("logrank p", sprintf("%.12f", pchisq(t$chisq, length(t$n) - 1, lower.tail = FALSE)), "\n")
"""


@pytest.fixture(scope="module")
def rscript():
    found = shutil.which("Rscript")
    if not found:
        pytest.skip("Rscript is not installed (apt-get install r-base-core r-cran-survival)")
    probe = subprocess.run([found, "-e", "library(survival)"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("R has no package survival (apt-get install r-cran-survival)")
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_limits_median_and_log_rank_agree_with_r(seed, rscript):
    data = drawn(seed, 26)
    lines = ["time,event,arm", *(f"{o.time},{int(o.event)},{at % 3}" for at, o in enumerate(data))]
    done = subprocess.run([rscript, "-e", R_CODE], input="\n".join(lines), capture_output=True, text=True, check=True)
    answers = {}
    for line in done.stdout.splitlines():
        first, second, *values = line.split()
        answers[first, second] = [None if value == "NA" or value == "NaN" else float(value) for value in values]
    for kind in ("log-log", "plain"):
        curve = kaplan_meier(data, kind)
        assert [step.survival for step in curve.steps] == pytest.approx(answers[kind, "surv"], abs=1e-9)
        for step, low, high in zip(curve.steps, answers[kind, "lower"], answers[kind, "upper"], strict=True):
            if step.low is not None:
                assert (step.low, step.high) == pytest.approx((low, high), abs=1e-9)
        median = curve.median()
        assert [median.value, median.low, median.high] == answers[kind, "median"]
    groups = [[o for at, o in enumerate(data) if at % 3 == arm] for arm in range(3)]
    assert log_rank(groups).p == pytest.approx(answers["logrank", "p"][0], abs=1e-9)
