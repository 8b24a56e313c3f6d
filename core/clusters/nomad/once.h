// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIODevice>

#include <algorithm>

namespace aviary::clusters::nomad {

// A body that can be read once. QNetworkAccessManager sends a request again by itself when the
// connection broke before an answer, also one that acts; it cannot do that with a body that does
// not go back to its begin.
class Once : public QIODevice {
    Q_OBJECT
public:
    Once(QByteArray bytes, QObject *parent) : QIODevice(parent), bytes_(std::move(bytes)) {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    bool seek(qint64) override { return false; } // quietly
    qint64 bytesAvailable() const override {
        return bytes_.size() - at_ + QIODevice::bytesAvailable();
    }
    bool atEnd() const override { return at_ == bytes_.size(); }

protected:
    qint64 readData(char *to, qint64 max) override {
        const qint64 count = std::min<qint64>(max, bytes_.size() - at_);
        if (count == 0) {
            return -1;
        }
        std::copy_n(bytes_.constData() + at_, count, to);
        at_ += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray bytes_;
    qint64 at_ = 0;
};

} // namespace aviary::clusters::nomad
