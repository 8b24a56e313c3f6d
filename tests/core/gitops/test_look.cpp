// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at real repositories: what they say, and how everything that can be wrong is told.
#include "core/gitops/look.h"
#include "tests/support/origin.h"

#include <QDirIterator>
#include <QTest>

using namespace aviary;
using namespace aviary::gitops;
using aviary::tests::Origin;

class TestLook : public QObject {
    Q_OBJECT

    std::unique_ptr<Origin> origin_;
    std::atomic<bool> stopped_ = false;

    LookWish wish(const QJsonObject &more = {}) const {
        QJsonObject wanted{{u"name"_qs, u"edge"_qs}, {u"url"_qs, origin_->url()}};
        for (auto member = more.begin(); member != more.end(); ++member) {
            wanted[member.key()] = member.value();
        }
        const auto repository = repositoryFrom(wanted);
        if (!repository) {
            qFatal("%s", qPrintable(toText(repository.error())));
        }
        return {origin_->path(u"state/gitops/edge"_qs), *repository, {}, {}};
    }
    Look look(const LookWish &wish) const { return lookAt(wish, stopped_); }
    static const Desired *find(const Look &look, const QString &file) {
        const auto at = std::ranges::find(look.desired, file, &Desired::file);
        return at == look.desired.end() ? nullptr : &*at;
    }

private Q_SLOTS:
    void init() {
        stopped_ = false;
        origin_ = std::make_unique<Origin>();
    }

    void readsPlansAndBundles() {
        origin_->write(u"shop.plan.yaml"_qs, Origin::plan(u"shop"_qs, u"a:1"_qs));
        origin_->write(u"till/manifest.json"_qs,
                       R"({"graph_id": "till", "aviary": {"command": "/bin/true"}})");
        origin_->write(u"till/payloads/model.bin"_qs, "one");
        origin_->write(u".github/x.plan.yaml"_qs, "never read");
        origin_->write(u"README.md"_qs, "words");
        const QString head = origin_->push(u"first"_qs);
        const Look first = look(wish());
        QVERIFY2(first.read(), qPrintable(first.text));
        QCOMPARE(first.commit->id, head);
        QCOMPARE(first.commit->subject, u"first"_qs);
        QCOMPARE(first.commit->author, u"Ann Author <ann@example.org>"_qs);
        QCOMPARE(first.commit->signing, Signing::Unsigned);
        QVERIFY(!first.rewritten);
        QCOMPARE(first.desired.size(), 2U);
        QCOMPARE(find(first, u"shop.plan.yaml"_qs)->key, u"shop"_qs);
        QVERIFY(find(first, u"shop.plan.yaml"_qs)->request.has_value());
        const Desired *till = find(first, u"till/manifest.json"_qs);
        QCOMPARE(till->key, u"till"_qs);
        QCOMPARE(till->bundle_bytes, 3);
        // The payload is part of what a bundle is.
        origin_->write(u"till/payloads/model.bin"_qs, "two");
        origin_->push(u"model"_qs);
        const Look second = look(wish());
        QVERIFY(find(second, u"till/manifest.json"_qs)->fingerprint != till->fingerprint);
    }

    void onlyTheFolderThatIsWatched() {
        origin_->write(u"eu/shop.plan.yaml"_qs, Origin::plan(u"shop"_qs, u"a:1"_qs));
        origin_->write(u"us/shop.plan.yaml"_qs, Origin::plan(u"shop"_qs, u"a:2"_qs));
        origin_->push(u"two sites"_qs);
        QCOMPARE(look(wish({{u"path"_qs, u"eu"_qs}})).desired.size(), 1U);
        const Look none = look(wish({{u"path"_qs, u"asia"_qs}}));
        QCOMPARE(none.end, Look::End::Unreachable);
        QVERIFY(none.text.contains(u"asia"));
    }

    void brokenFilesSayWhereAndLeaveTheOthersAlone_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("fit");
        const int broken = int(Desired::Fit::Broken), conflict = int(Desired::Fit::Conflict);
        QTest::newRow("yaml") << u"x.plan.yaml"_qs << QByteArray("service: [shop\nto: {") << u"2"_qs
                              << broken;
        QTest::newRow("no plan") << u"x.plan.yaml"_qs << QByteArray("- a\n- b\n") << u"plan"_qs
                                 << broken;
        QTest::newRow("strategy") << u"x.plan.yaml"_qs
                                  << QByteArray("service: x\nto: next\nstrategy: teleport\n")
                                  << u"teleport"_qs << broken;
        QTest::newRow("definition")
            << u"x.plan.yaml"_qs
            << QByteArray("service: x\nto: next\nservice_definition: {command: 7}\n")
            << u"command"_qs << broken;
        QTest::newRow("json") << u"x/manifest.json"_qs << QByteArray("{\"graph_id\": ")
                              << u"x/manifest.json"_qs << broken;
        QTest::newRow("policy") << u"x/manifest.json"_qs
                                << QByteArray(R"({"graph_id": "x", "policies": {"update":
                                                  {"canary": -1}}})")
                                << u"policies.update.canary must be a non-negative integer"_qs
                                << broken;
        QTest::newRow("merge") << u"x.plan.yaml"_qs
                               << QByteArray("service: x\n<<<<<<< HEAD\nto: v2\n=======\nto: v3\n"
                                             ">>>>>>> theirs\n")
                               << u"merge that was not finished, from line 2"_qs << conflict;
        QTest::newRow("rival") << u"x.plan.yaml"_qs << Origin::plan(u"shop"_qs, u"a:2"_qs)
                               << u"shop stands in shop.plan.yaml and x.plan.yaml"_qs << conflict;
        QTest::newRow("binary") << u"x.plan.yaml"_qs << QByteArray("\x00\xff\x01", 3) << u"x"_qs
                                << broken;
        QTest::newRow("huge") << u"x.plan.yaml"_qs << QByteArray(2'000'000, 'a') << u"larger"_qs
                              << broken;
    }
    void brokenFilesSayWhereAndLeaveTheOthersAlone() {
        QFETCH(QString, file);
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        QFETCH(int, fit);
        origin_->write(u"shop.plan.yaml"_qs, Origin::plan(u"shop"_qs, u"a:1"_qs));
        origin_->write(u"till.plan.yaml"_qs, Origin::plan(u"till"_qs, u"b:1"_qs));
        origin_->write(file, text);
        origin_->push(u"oops"_qs);
        const Look seen = look(wish());
        QVERIFY2(seen.read(), qPrintable(seen.text));
        const Desired *bad = find(seen, file);
        QVERIFY(bad);
        QCOMPARE(int(bad->fit), fit);
        QVERIFY2(bad->trouble.contains(says), qPrintable(bad->trouble));
        QCOMPARE(find(seen, u"till.plan.yaml"_qs)->fit, Desired::Fit::Good);
    }

    void linksAreNamedAndNotFollowed() {
        QVERIFY(QFile::link(u"/etc/hostname"_qs, origin_->work() + u"/x.plan.yaml"));
        QDir().mkpath(origin_->work() + u"/till/payloads");
        origin_->write(u"till/manifest.json"_qs, R"({"graph_id": "till"})");
        QVERIFY(QFile::link(u"/etc"_qs, origin_->work() + u"/till/payloads/all"));
        origin_->push(u"links"_qs);
        const Look seen = look(wish());
        QVERIFY2(seen.read(), qPrintable(seen.text));
        for (const QString &file : {u"x.plan.yaml"_qs, u"till/manifest.json"_qs}) {
            QCOMPARE(find(seen, file)->fit, Desired::Fit::Broken);
            QVERIFY(find(seen, file)->trouble.contains(u"symbolic link"));
        }
    }

    void misleadingNamesAreRefused() {
        origin_->write(QString(u"pay\u202Elmay.plan.yaml"_qs), "x");
        origin_->push(u"names"_qs);
        const Look seen = look(wish());
        QCOMPARE(seen.end, Look::End::Refused);
        QVERIFY2(seen.text.contains(u"mislead"), qPrintable(seen.text));
    }

    void aRewrittenHistoryIsSeen() {
        origin_->write(u"shop.plan.yaml"_qs, Origin::plan(u"shop"_qs, u"a:1"_qs));
        LookWish followed = wish();
        origin_->push(u"one"_qs);
        followed.followed = origin_->push(u"two"_qs);
        origin_->push(u"three"_qs);
        QVERIFY(!look(followed).rewritten);
        origin_->git({u"reset"_qs, u"-q"_qs, u"--hard"_qs, u"HEAD~2"_qs});
        origin_->push(u"another two"_qs);
        const Look seen = look(followed);
        QVERIFY(seen.read());
        QVERIFY(seen.rewritten);
        followed.followed = QString(40, u'a'); // nobody knows it
        QVERIFY(look(followed).rewritten);
    }

    void whatCannotBeFetchedSaysWhy() {
        const Look empty = look(wish());
        QCOMPARE(empty.end, Look::End::Unreachable);
        QVERIFY2(empty.text.contains(u"no branch main"), qPrintable(empty.text));
        LookWish lost = wish({{u"url"_qs, u"file:///nowhere/at/all"_qs}});
        const Look nowhere = look(lost);
        QCOMPARE(nowhere.end, Look::End::Unreachable);
        QVERIFY2(nowhere.text.contains(u"/nowhere/at/all"), qPrintable(nowhere.text));
    }

    void aRepositoryOverTheLimitIsRefused() {
        QByteArray noise(3 * 1024 * 1024, Qt::Uninitialized);
        quint32 state = 1;
        for (char &byte : noise) {
            state = state * 1'664'525U + 1'013'904'223U;
            byte = static_cast<char>(state >> 24U);
        }
        origin_->write(u"film.bin"_qs, noise);
        origin_->push(u"a film"_qs);
        const Look seen = look(wish({{u"size_mib_max"_qs, 1}}));
        QCOMPARE(seen.end, Look::End::Refused);
        QVERIFY2(seen.text.contains(u"larger than the limit of 1 MiB"), qPrintable(seen.text));
        QDirIterator left(wish().folder + u"/repository.git/objects", QDir::Files,
                          QDirIterator::Subdirectories);
        while (left.hasNext()) {
            QVERIFY(QFileInfo(left.next()).size() < 1024 * 1024); // nothing of the film
        }
        QVERIFY(look(wish()).read());
    }

    void aStoppedLookEnds() {
        origin_->push(u"one"_qs);
        stopped_ = true;
        QCOMPARE(look(wish()).end, Look::End::Stopped);
        QVERIFY(!QFile::exists(wish().folder));
    }

    void aFolderOfSomebodyElseIsLeftAlone() {
        origin_->push(u"one"_qs);
        const QString folder = wish().folder;
        QDir().mkpath(folder + u"/repository.git");
        QFile own(folder + u"/repository.git/thesis.txt");
        QVERIFY(own.open(QIODevice::WriteOnly));
        own.close();
        const Look seen = look(wish());
        QCOMPARE(seen.end, Look::End::Refused);
        QVERIFY(seen.text.contains(u"was not made by Aviary"));
        QVERIFY(!Clone(folder, wish().repository).remove());
        QVERIFY(own.exists());
    }

    void aDamagedCloneIsMadeAnew() {
        origin_->write(u"shop.plan.yaml"_qs, Origin::plan(u"shop"_qs, u"a:1"_qs));
        origin_->push(u"one"_qs);
        QVERIFY(look(wish()).read());
        QVERIFY(QFile::remove(wish().folder + u"/repository.git/HEAD"));
        QVERIFY(look(wish()).read());
        QFile beside(wish().folder + u"/notes.txt");
        QVERIFY(beside.open(QIODevice::WriteOnly));
        beside.close();
        QVERIFY(Clone(wish().folder, wish().repository).remove());
        QVERIFY(!QFile::exists(wish().folder + u"/repository.git"));
        QVERIFY(beside.exists()); // and with it the folder
    }

    void signaturesAreShownAsTheyAre() {
        const QString key = origin_->path(u"key"_qs);
        QCOMPARE(QProcess::execute(u"ssh-keygen"_qs, {u"-q"_qs, u"-t"_qs, u"ed25519"_qs, u"-N"_qs,
                                                      QString(), u"-f"_qs, key}),
                 0);
        origin_->git({u"config"_qs, u"gpg.format"_qs, u"ssh"_qs});
        origin_->git({u"config"_qs, u"user.signingkey"_qs, key + u".pub"});
        origin_->push(u"signed"_qs, {u"-S"_qs});
        const Look unknown = look(wish());
        QVERIFY2(unknown.read(), qPrintable(unknown.text));
        QCOMPARE(unknown.commit->signing, Signing::Signed);
        // The same, once the daemon's user trusts the key.
        QFile pub(key + u".pub");
        QVERIFY(pub.open(QIODevice::ReadOnly));
        const QString allowed = origin_->path(u"allowed"_qs);
        QFile list(allowed);
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.write("ann@example.org " + pub.readAll());
        list.close();
        const QString config = origin_->path(u"gitconfig"_qs);
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[gpg \"ssh\"]\n allowedSignersFile = " + allowed.toUtf8() + "\n");
        file.close();
        qputenv("GIT_CONFIG_GLOBAL", config.toUtf8());
        const Look known = look(wish());
        qunsetenv("GIT_CONFIG_GLOBAL");
        QCOMPARE(known.commit->signing, Signing::Verified);
        QCOMPARE(known.commit->signer, u"ann@example.org"_qs);
    }

    void addressesThatCouldActAreRefused_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("good");
        QTest::newRow("https") << u"https://git.example.org/edge.git"_qs << true;
        QTest::newRow("ssh") << u"ssh://git@git.example.org:2222/edge.git"_qs << true;
        QTest::newRow("host:path") << u"git@git.example.org:edge.git"_qs << true;
        QTest::newRow("path") << u"/srv/edge.git"_qs << true;
        QTest::newRow("option") << u"--upload-pack=touch"_qs << false;
        QTest::newRow("program") << u"ext::sh -c touch"_qs << false;
        QTest::newRow("helper") << u"ext::sh"_qs << false;
        QTest::newRow("dash host") << u"ssh://-oProxyCommand=x/y"_qs << false;
        QTest::newRow("password") << u"https://ann:secret@git.example.org/edge"_qs << false;
        QTest::newRow("plain http") << u"http://git.example.org/edge"_qs << false;
        QTest::newRow("line") << u"/srv/edge\n.git"_qs << false;
        QTest::newRow("nothing") << QString() << false;
    }
    void addressesThatCouldActAreRefused() {
        QFETCH(QString, url);
        QFETCH(bool, good);
        const auto repository = repositoryFrom({{u"name"_qs, u"edge"_qs}, {u"url"_qs, url}});
        QCOMPARE(repository.has_value(), good);
        QVERIFY(good || !toText(repository.error()).contains(u"secret"));
    }

    void everythingWrongIsNamedTogether() {
        const auto repository = repositoryFrom({{u"name"_qs, u"../up"_qs},
                                                {u"url"_qs, u"x"_qs},
                                                {u"branch"_qs, u"a..b"_qs},
                                                {u"path"_qs, u"../.."_qs},
                                                {u"start"_qs, u"now"_qs},
                                                {u"interval_ms"_qs, 1},
                                                {u"production"_qs, u"yes"_qs}});
        QVERIFY(!repository);
        for (const char *part :
             {"../up", "address", "a..b", "outside", "now", "interval_ms", "production"}) {
            QVERIFY2(toText(repository.error()).contains(QLatin1String(part)), part);
        }
    }
};

QTEST_GUILESS_MAIN(TestLook)
#include "test_look.moc"
