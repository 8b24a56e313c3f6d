// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QString>

#include <functional>
#include <vector>

namespace aviary::conformance {

// One recorded case: what was asked of the reference system, and what it answered.
struct Case {
    QString id;
    QCborMap input;
    QCborValue expected;
};

// Where Aviary answers otherwise on purpose. `applies` looks at the input alone, so that it holds
// for cases that nobody has seen yet; `sentence` is the one of the product's rules that it follows.
struct Deviation {
    QString name;
    QString sentence;
    std::function<bool(const QCborMap &input)> applies;
};

// All cases of one kind. `answer` translates the input, asks Aviary and translates back; it decides
// nothing. `agrees` compares; by default the answers must be equal, after `reduced` took from both
// what is not compared.
struct Family {
    QString kind;
    std::function<QCborValue(const QCborMap &input)> answer;
    std::vector<Deviation> deviations;
    std::function<bool(const QCborValue &expected, const QCborValue &answer)> agrees = {};
    std::function<QCborValue(const QCborValue &)> reduced = {};
};

// Every family, in the order in which they are printed.
std::vector<Family> families();

Family policyFamily();
Family planFamily();
Family rollbackFamily();
Family servicesFamily();
Family idsFamily();

Family canaryAnalyzerFamily();
Family rollbackManagerFamily();
Family targetRollingFamily();
Family targetBlueGreenFamily();
Family targetCanaryFamily();
Family edgeRollingFamily();
Family edgeBlueGreenFamily();
Family edgeCanaryFamily();
Family serviceRollingFamily();
Family serviceCanaryFamily();
Family serviceBlueGreenFamily();
Family serviceFeatureFlagFamily();
Family serviceManagerFamily();
Family orchestratorFamily();
Family edgeClusterFamily();
Family scenarioFamily();

} // namespace aviary::conformance
