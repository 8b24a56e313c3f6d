// SPDX-License-Identifier: GPL-3.0-or-later
// Does the rehearsal foresee what happens? Real canaries, whose nodes take as long to start as they
// like and sometimes fail, each against its own rehearsal, which knows only what the runs before it
// taught. The daemon says who left the fan. AVIARY_LONG=1 takes 30 canaries, else 3.
#include "core/record/run.h"
#include "core/rehearsal/fit.h"
#include "core/rehearsal/rehearsal.h"
#include "core/rehearsal/scenariofile.h"
#include "core/rehearsal/telling.h"
#include "tests/journeys/journey.h"

#include <QFile>

#include <cmath>
#include <map>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Millis;
using kernel::Status;

namespace {

constexpr int taught_first = 3; // runs before there is anything to rehearse with
constexpr std::uint32_t futures = 2'000;
constexpr std::uint32_t own_futures = 200; // that are held against their own fan

// How one canary went, beside what was expected of it.
struct Course {
    Status status = Status::Draft;
    Millis end_ms = 0;
    rehearsal::Learned starts; // its own
    rehearsal::HypothesisAnswer expected;
    double own = 0.0;    // share of its own rehearsal's futures that stay inside their fan
    bool watched = true; // by the daemon; it was over already where not
    QString left;        // empty: it stayed inside

    const rehearsal::EndingShare &expectedEnd() const {
        const bool back = status == Status::RolledBack;
        return expected.endings[std::size_t(back ? rehearsal::Ending::RolledBack
                                                 : rehearsal::Ending::Completed)];
    }
};

// As the daemon looks at a live one: by its fan at every instant of the grid and at every change.
// The fan holds nine of ten futures at each instant, so fewer stay inside from end to end.
bool staysInside(const record::Run &run, const rehearsal::Fans &fans) {
    const kernel::Plan &plan = run.header.plan;
    kernel::State state = kernel::begin(plan);
    Millis looked = 0;
    const auto inside = [&](Millis at) {
        return rehearsal::insideFan(fans, rehearsal::instantOf(plan, state, at)).inside;
    };
    for (const record::SealedEntry &sealed : run.entries) {
        const Millis at = record::EntryReader(sealed.bytes).head().at;
        for (; looked < at; looked += fans.nodes.step_ms) {
            if (!inside(looked)) {
                return false;
            }
        }
        if (!record::apply(plan, state, sealed.bytes) || !inside(at)) {
            return false;
        }
    }
    return true;
}

double ownShare(const rehearsal::Rehearsal &made, const rehearsal::Scenario &scenario,
                const rehearsal::Fans &fans) {
    const auto hypotheses = static_cast<std::uint32_t>(scenario.hypotheses.size());
    const auto shown = static_cast<std::uint32_t>(rehearsal::shownHypothesis(scenario));
    std::uint32_t inside = 0;
    for (std::uint32_t i = 0; i < own_futures; ++i) {
        const auto run = made.openFuture(i * hypotheses + shown);
        inside += run && staysInside(*run, fans) ? 1 : 0;
    }
    return static_cast<double>(inside) / own_futures;
}

// Why it left, as far as its own record tells.
QString causeOf(const Course &course) {
    const rehearsal::Spans &time = course.expectedEnd().time_ms;
    QString cause = course.end_ms < time.p5    ? u"done earlier than 95 of 100 futures"_qs
                    : course.end_ms > time.p95 ? u"done later than 95 of 100 futures"_qs
                                               : u"early or late for a while, done in time"_qs;
    if (course.status == Status::RolledBack) {
        return u"went back: "_qs + cause;
    }
    return course.starts.failed > 0 ? u"starts failed: "_qs + cause : cause;
}

void tell(int number, const Course &course) {
    const rehearsal::EndingShare &end = course.expectedEnd();
    const QString fate = course.status == Status::RolledBack ? u"went back"_qs : u"completed"_qs;
    qInfo("%2d: %s after %lld ms (%.1f %% of futures, in %lld to %lld ms; %.0f %% of them inside), "
          "%u starts failed: %s",
          number, qPrintable(fate), static_cast<long long>(course.end_ms), 100 * end.portion.share,
          static_cast<long long>(end.time_ms.p5), static_cast<long long>(end.time_ms.p95),
          100 * course.own, course.starts.failed,
          course.left.isEmpty() ? "inside" : qPrintable(u"LEFT, "_qs + course.left));
}

} // namespace

class TestCalibration : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    QTemporaryDir dir_;
    QStringList records_; // of the runs until now

    QString startCanary(int number) {
        return journey_->desk.deploy(
            {.strategy = u"{kind: canary, stages: [25 %, 50 %, 100 %], bake: 500 ms, hold: 1 s}"_qs,
             .policy = u"max_parallel: 12, healthy_deadline: 60 s, success_threshold: 75 %"_qs,
             .judges = u"[{judge: health_share}]"_qs,
             .options = {u"--start-delay"_qs, u"600"_qs, u"--start-delay-p95"_qs, u"2500"_qs,
                         u"--fail-start-rate"_qs, u"0.03"_qs, u"--luck"_qs,
                         QString::number(number + 1)}});
    }
    // Its record so far.
    Result<record::Run> recordOf(const QString &rollout, const QString &path) {
        const auto ran = journey_->desk.aviary({u"run"_qs, u"export"_qs, rollout, u"-o"_qs, path});
        return ran.code == 0 ? record::openRun(path) : fail(ErrorCode::Storage, ran.err, path);
    }
    Result<rehearsal::Scenario> learned() {
        const QString path = dir_.filePath(u"learned.scenario.yaml"_qs);
        const auto ran = journey_->desk.aviary(QStringList{u"rehearse"_qs, u"fit"_qs} + records_ +
                                               QStringList{u"-o"_qs, path});
        QFile file(path);
        if (ran.code != 0 || !file.open(QIODevice::ReadOnly)) {
            return fail(ErrorCode::Storage, ran.err, path);
        }
        const auto reading = rehearsal::readScenario(file.readAll());
        return reading.scenario ? Result<rehearsal::Scenario>(*reading.scenario)
                                : fail(ErrorCode::Invalid, u"no scenario"_qs, path);
    }
    // What is to be expected of it, from its beginning; the daemon watches it by that.
    Result<Course> rehearsed(const QString &rollout, const rehearsal::Scenario &scenario) {
        const auto run = recordOf(rollout, dir_.filePath(u"begun.run.jsonl"_qs));
        if (!run) {
            return tl::unexpected(run.error());
        }
        rehearsal::Setup setup;
        setup.plan = std::make_shared<const kernel::Plan>(run->header.plan);
        setup.scenario = scenario;
        setup.futures = futures;
        const auto made = rehearsal::Rehearsal::prepare(setup);
        const auto answers =
            made.and_then([](const rehearsal::Rehearsal &prepared) { return prepared.run(); });
        if (!answers) {
            return tl::unexpected(answers.error());
        }
        Course course;
        course.expected = answers->hypotheses[rehearsal::shownHypothesis(scenario)];
        const rehearsal::Fans &fans = course.expected.fans;
        const QJsonObject fan = QJsonDocument::fromJson(rehearsal::toJson(fans)).object();
        const auto taken = journey_->desk.ask(
            u"fan.watch"_qs, {{u"rollout"_qs, rollout}, {u"fan"_qs, fan}, {u"since_ms"_qs, 0}});
        if (!taken && taken.error().code != ErrorCode::Refused) {
            return tl::unexpected(taken.error());
        }
        course.watched = taken.has_value();
        course.own = ownShare(*made, scenario, fans);
        return course;
    }
    // Waits for its end; its record teaches the next one.
    Result<record::Run> ended(const QString &rollout) {
        const auto over = [](const api::RolloutRow &row) { return kernel::isEnd(row.status); };
        if (!journey_->desk.awaitRow(rollout, over)) {
            return fail(ErrorCode::TimedOut, u"it did not end"_qs, rollout);
        }
        records_ << dir_.filePath(rollout + u".run.jsonl"_qs);
        return recordOf(rollout, records_.back());
    }
    Result<Course> watched(int number) {
        const auto scenario = learned();
        const QString id = startCanary(number);
        auto course = scenario.and_then(
            [&](const rehearsal::Scenario &known) { return rehearsed(id, known); });
        if (!course) {
            return course;
        }
        return ended(id).map([&](const record::Run &run) {
            kernel::State state = kernel::begin(run.header.plan);
            for (const record::SealedEntry &sealed : run.entries) {
                if (!record::apply(run.header.plan, state, sealed.bytes)) {
                    break;
                }
            }
            const auto fit = rehearsal::fitOf({run});
            course->status = state.status;
            course->end_ms = state.now;
            course->starts = fit ? fit->starts : rehearsal::Learned{};
            if (course->watched) {
                course->left = journey_->desk.detail(id).left_fan;
            } else if (!staysInside(run, course->expected.fans)) {
                course->left = u"over before anybody watched"_qs;
            }
            return *course;
        });
    }

private Q_SLOTS:
    void initTestCase() {
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.openWithV1());
    }
    void cleanupTestCase() { journey_.reset(); }

    void canariesAgainstTheirRehearsals() {
        const int canaries = qEnvironmentVariableIsSet("AVIARY_LONG") ? 30 : 3;
        for (int i = 0; i < taught_first; ++i) {
            const auto run = ended(startCanary(i));
            QVERIFY2(run, run ? "" : qPrintable(toText(run.error())));
        }
        int inside = 0;
        double expected = 0.0, variance = 0.0; // of `inside`, if each is one of its own futures
        std::map<QString, int> causes;
        for (int i = 1; i <= canaries; ++i) {
            const auto course = watched(taught_first + i);
            QVERIFY2(course, course ? "" : qPrintable(toText(course.error())));
            tell(i, *course);
            inside += course->left.isEmpty() ? 1 : 0;
            expected += course->own;
            variance += course->own * (1.0 - course->own);
            if (!course->left.isEmpty()) {
                ++causes[causeOf(*course)];
            }
        }
        qInfo("%d of %d stayed inside the fan of nine of ten futures; of as many of their own "
              "futures %.1f do",
              inside, canaries, expected);
        for (const auto &[cause, count] : causes) {
            qInfo("  %d left: %s", count, qPrintable(cause));
        }
        QVERIFY2(inside > expected - 3.0 * std::sqrt(variance) - 1.0,
                 "canaries go as their rehearsals say");
    }
};

QTEST_GUILESS_MAIN(TestCalibration)
#include "test_calibration.moc"
