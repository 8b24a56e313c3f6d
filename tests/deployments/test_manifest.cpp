// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/bundle.h"
#include "core/deployments/servicedefinition.h"
#include "core/support/exactjson.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace aviary;

namespace {

Manifest manifestFrom(const QByteArray &text) {
    const auto manifest = readManifest(text);
    return manifest ? *manifest : Manifest{};
}

bool write(const QString &path, const QByteArray &bytes) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

class TestManifest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void collectsEveryFlawWithItsPlace() {
        const Manifest manifest = manifestFrom(R"({
 "graph_id": "g",
 "deployment": {"key": " "},
 "policies": {"update": {
  "strategy": "teleport",
  "canary": -1,
  "auto_revert": "yes"}},
 "aviary": {"port": 99999, "comand": "x"}
})");
        QStringList seen;
        for (const Flaw &flaw : flawsOf(manifest)) {
            seen.append(QStringLiteral("%1 %2").arg(flaw.line).arg(flaw.message));
        }
        const QStringList expected = {
            u"3 deployment.key must be a string"_qs,
            u"5 policies.update.strategy has unsupported value \"teleport\""_qs,
            u"6 policies.update.canary must be a non-negative integer"_qs,
            u"7 policies.update.auto_revert must be a boolean"_qs,
            u"8 aviary.port must be an integer from 0 to 65535"_qs,
            u"8 aviary.command or image must be given"_qs,
            u"8 aviary.comand is unknown"_qs,
        };
        QCOMPARE(seen, expected);
        const Error error = toError(flawsOf(manifest), u"m.json"_qs);
        QVERIFY(error.what.contains(u"(line 5)"));
        QVERIFY(error.remedy.contains(u"policies.update.strategy: rolling, canary, blue-green"));
    }

    void refusesWhatIsNoObject() {
        QVERIFY(!readManifest("[]"));
        QVERIFY(!readManifest("{\"a\":"));
        QVERIFY(!readManifest(QByteArray(2 * 1024 * 1024, ' ')));
    }

    void becomesAKernelPolicy() {
        const auto update = *readJson(R"({"strategy":"canary","canary":3,"max_parallel":0,
            "health_check":"agent_states","min_healthy_ms":5,"auto_revert":true})");
        const UpdatePolicy policy = normalisedPolicy(update);
        const kernel::Policy kernel_policy = kernelPolicy(policy);
        QCOMPARE(kernel_policy.max_parallel, 1U);
        QCOMPARE(kernel_policy.min_healthy_ms, 5);
        QCOMPARE(kernel_policy.healthy_deadline_ms, 300'000);
        QVERIFY(kernel_policy.health_check == kernel::HealthSource::AgentStates);
        QVERIFY(kernel_policy.auto_revert && !kernel_policy.auto_promote);
    }

    void defaultsAreThoseOfTheKernel() {
        QVERIFY(kernelPolicy(normalisedPolicy({})) == kernel::Policy{});
    }

    // A canary of n agents is the stage that takes exactly n of them when it rounds down.
    void aCanaryTakesExactlyItsAgents() {
        for (const qint64 agents : {1, 2, 3, 7, 33, 999, 10'000}) {
            for (const qint64 canary : {qint64{1}, agents / 2, agents, agents + 5}) {
                UpdatePolicy policy;
                policy.canary = std::max<qint64>(canary, 1);
                const auto strategy = kernelStrategy(policy, agents);
                const auto percent = std::get<kernel::CanarySingle>(strategy).percent;
                QCOMPARE(agents * percent / kernel::full_weight, canaryCount(policy, agents));
            }
        }
    }

    void wordsOfStrategies() {
        UpdatePolicy policy;
        QVERIFY(std::holds_alternative<kernel::Rolling>(kernelStrategy(policy, 4)));
        policy.strategy = u"canary"_qs;
        QVERIFY(std::holds_alternative<kernel::CanarySingle>(kernelStrategy(policy, 4)));
        policy.strategy = u"blue-green"_qs;
        QVERIFY(!std::get<kernel::BlueGreen>(kernelStrategy(policy, 4)).preview);
        policy.canary = 1;
        QVERIFY(std::get<kernel::BlueGreen>(kernelStrategy(policy, 4)).preview);
    }

    void refusesWhatAPersonMistypes() {
        const auto flaws = flawsOfGivenPolicy(
            readJson(R"({"max_paralel":2,"canary":"x","strategy":"blue_green"})")->toMap());
        QCOMPARE(flaws.size(), 2U);
        QCOMPARE(flaws[0].message, u"policies.update.canary must be a non-negative integer");
        QCOMPARE(flaws[1].message, u"policies.update.max_paralel is unknown");
        QVERIFY(flaws[1].allowed.contains(u"max_parallel"));
    }

    void readsADefinition() {
        const auto reading = readDefinition(manifestFrom(R"({"flow":{"nodes":[{"node_id":"a",
            "aviary":{"command":"/bin/serve","args":["-v"],"env":{"MODE":"store"},"port":80,
            "checks":[{"kind":"http","path":"/health"},{"kind":"command","command":"/bin/true"},
                      {"kind":"tcp"},{"kind":"tcp","critical":false},{"kind":"memory"}],
            "capabilities":["tpm","gpu"],"memory_mib":64,
            "restart":{"attempts":2}}}]}})"));
        QVERIFY2(reading.definition, qPrintable(toText(toError(reading.flaws, {}))));
        const ServiceDefinition &definition = *reading.definition;
        QCOMPARE(definition.checks.size(), 5U);
        QCOMPARE(definition.checks[1].timeout_ms, 10'000);
        QCOMPARE(definition.checks[3].name, u"tcp-4");
        QVERIFY(!definition.checks[3].critical);
        QCOMPARE(definition.restart.attempts, 2);
        QCOMPARE(definition.needs.capabilities.front(), std::string("gpu"));
        // What drivers keep reads back the same.
        const auto again = readDefinition(toJson(definition));
        QVERIFY2(again.definition, qPrintable(toText(toError(again.flaws, {}))));
        QVERIFY(*again.definition == definition);
    }

    void refusesDefinitions_data() {
        QTest::addColumn<QByteArray>("aviary");
        QTest::addColumn<QString>("message");
        const auto row = [](const QByteArray &aviary, const QString &message) {
            QTest::newRow(aviary.left(60).constData()) << aviary << message;
        };
        row("5", u"aviary must be an object"_qs);
        row(R"({"args":[]})", u"aviary.command or image must be given"_qs);
        row(R"({"command":5})", u"aviary.command must be a string"_qs);
        row(R"({"command":"a\u0000b"})",
            u"aviary.command is too long or holds a zero character"_qs);
        row(R"({"command":"a","port":1.0})", u"aviary.port must be an integer from 0 to 65535"_qs);
        row(R"({"command":"a","env":{"PORT":"1"}})", u"aviary.env PORT is set by the driver"_qs);
        row(R"({"command":"a","env":{"1x":"1"}})",
            u"aviary.env has a name that no environment takes: 1x"_qs);
        row(R"({"command":"a","env":{"A":1}})", u"aviary.env A must be a string"_qs);
        row(R"({"command":"a","checks":[{"kind":"ftp"}]})", u"aviary.checks.0.kind is unknown"_qs);
        row(R"({"command":"a","checks":[7]})", u"aviary.checks.0 must be an object"_qs);
        row(R"({"command":"a","checks":[{"kind":"command"}]})",
            u"aviary.checks.0.command must be given"_qs);
        row(R"({"command":"a","checks":[{"kind":"http","path":"health"}]})",
            u"aviary.checks.0.path must begin with / and hold no blank"_qs);
        row(R"({"command":"a","checks":[{"kind":"disk","warning_percent":99}]})",
            u"aviary.checks.0.warning_percent must not be above critical_percent"_qs);
        row(R"({"command":"a","checks":[{"kind":"tcp","timeout_ms":0}]})",
            u"aviary.checks.0.timeout_ms must be an integer from 10 to 3600000"_qs);
        row(R"({"command":"a","restart":{"tries":1}})", u"aviary.restart.tries is unknown"_qs);
    }
    void refusesDefinitions() {
        QFETCH(QByteArray, aviary);
        QFETCH(QString, message);
        const auto reading = readDefinition(manifestFrom("{\"aviary\":" + aviary + "}"));
        QVERIFY(!reading.definition);
        QVERIFY(!reading.flaws.empty());
        QCOMPARE(reading.flaws.front().message, message);
    }

    void refusesASecondDefinition() {
        const auto reading = readDefinition(
            manifestFrom(R"({"aviary":{"command":"a"},"services":[{"aviary":{"command":"b"}}]})"));
        QVERIFY(!reading.definition);
        QCOMPARE(reading.flaws.front().field(), u"services.0.aviary");
    }

    void fingerprintsContentAndPayload() {
        QTemporaryDir folder;
        const QString manifest = folder.filePath(u"manifest.json"_qs);
        const QString payload = folder.filePath(u"payloads/bin/serve"_qs);
        QVERIFY(write(manifest, R"({"graph_id":"g","n":1,"policies":{"update":{"canary":1}}})"));
        QVERIFY(write(payload, "one"));
        const auto first = readBundle(folder.path());
        QVERIFY2(first, qPrintable(first ? QString() : toText(first.error())));
        QCOMPARE(first->files.size(), 1U);
        QCOMPARE(first->files.front().path, u"bin/serve");
        QCOMPARE(readBundle(manifest)->fingerprint, first->fingerprint); // the file, payload beside
        // Only how it is rolled out differs, and how a number is written.
        QVERIFY(write(manifest, R"({"n":1.0,"deployment":{"key":"k"},"graph_id":"g"})"));
        QCOMPARE(readBundle(folder.path())->fingerprint, first->fingerprint);
        QVERIFY(write(payload, "two"));
        QVERIFY(readBundle(folder.path())->fingerprint != first->fingerprint);
        QVERIFY(write(payload, "one"));
        QVERIFY(QFile::rename(payload, folder.filePath(u"payloads/bin/other"_qs)));
        QVERIFY(readBundle(folder.path())->fingerprint != first->fingerprint);
    }

    void refusesHostilePayloads() {
        QTemporaryDir folder;
        QVERIFY(write(folder.filePath(u"manifest.json"_qs), R"({"graph_id":"g"})"));
        QVERIFY(write(folder.filePath(u"payloads/a"_qs), "12345"));
        QVERIFY(readBundle(folder.path()));
        QVERIFY(!readBundle(folder.path(), {.bytes_max = 4}));
        QVERIFY(!readBundle(folder.path(), {.files_max = 0}));
        const QString link = folder.filePath(u"payloads/link"_qs);
        QVERIFY(QFile::link(u"/etc/hostname"_qs, link));
        QCOMPARE(readBundle(folder.path()).error().where, link);
        QVERIFY(QFile::remove(link));
        QVERIFY(write(folder.filePath(u"payloads/b/c/d"_qs), "x"));
        QVERIFY(!readBundle(folder.path(), {.depth_max = 2}));
        QVERIFY(QDir(folder.filePath(u"payloads"_qs)).removeRecursively());
        QVERIFY(QFile::link(u"/etc"_qs, folder.filePath(u"payloads"_qs)));
        QVERIFY(!readBundle(folder.path()));
        QCOMPARE(readBundle(folder.filePath(u"none"_qs)).error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestManifest)
#include "test_manifest.moc"
