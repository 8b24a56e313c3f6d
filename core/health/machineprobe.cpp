// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/machineprobe.h"

#include <QFile>

#include <filesystem>

namespace aviary::health {
namespace {

std::optional<double> kibibytes(const QByteArray &meminfo, const QByteArray &name) {
    for (const QByteArray &line : meminfo.split('\n')) {
        if (line.startsWith(QByteArray(name + ':'))) {
            bool good = false;
            const double value =
                line.mid(name.size() + 1).trimmed().split(' ').first().toDouble(&good);
            return good ? std::optional(value) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<double> diskPercent(const QString &path) {
    // The system is asked of the path itself: a list of mounts lacks the root of a chroot.
    std::error_code trouble;
    const auto space = std::filesystem::space(path.toStdString(), trouble);
    if (trouble || space.capacity == 0) {
        return std::nullopt;
    }
    const auto total = static_cast<double>(space.capacity);
    return 100 * (total - static_cast<double>(space.available)) / total;
}

} // namespace

std::optional<double> memoryPercent(const QByteArray &meminfo) {
    const std::optional<double> total = kibibytes(meminfo, "MemTotal");
    const std::optional<double> available = kibibytes(meminfo, "MemAvailable");
    if (!total || !available || *total <= 0 || *available > *total) {
        return std::nullopt;
    }
    return 100 * (*total - *available) / *total;
}

Health healthOfPercent(double percent, double warning, double critical) {
    return percent >= critical  ? Health::Unhealthy
           : percent >= warning ? Health::Degraded
                                : Health::Healthy;
}

void MachineProbe::ask() {
    const auto judge = [this](std::optional<double> percent, double warning, double critical) {
        if (!percent) {
            answer(Health::Unknown, QStringLiteral("the system does not tell"));
            return;
        }
        answer(healthOfPercent(*percent, warning, critical),
               QStringLiteral("%1 % in use").arg(*percent, 0, 'f', 1));
    };
    if (const auto *memory = std::get_if<MemoryCheck>(&check().question)) {
        QFile file(QStringLiteral("/proc/meminfo"));
        judge(file.open(QIODevice::ReadOnly) ? memoryPercent(file.readAll()) : std::nullopt,
              memory->warning, memory->critical);
    } else if (const auto *disk = std::get_if<DiskCheck>(&check().question)) {
        judge(diskPercent(disk->path), disk->warning, disk->critical);
    }
}

} // namespace aviary::health
