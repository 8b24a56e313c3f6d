// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fleettablemodel.h"

#include "core/support/words.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace aviary {
namespace {

constexpr int arrange_interval_ms = 500;
constexpr int name_max = 120;

const char *const column_words[FleetTableModel::ColumnCount] = {
    "sign",  "node",     "site",    "revision", "health", "rollout", "heard", "behind",
    "flags", "services", "address", "cpu",      "memory", "disk",    "labels"};

bool isNumber(int column) {
    return column == FleetTableModel::BehindColumn || column == FleetTableModel::CpuColumn ||
           column == FleetTableModel::MemoryColumn || column == FleetTableModel::DiskColumn;
}

} // namespace

QString FleetTableModel::columnWord(int column) {
    return QString::fromLatin1(column_words[column]);
}

FleetTableModel::FleetTableModel(const FleetStore &store, FleetMatch &match, QObject *parent)
    : QAbstractTableModel(parent), store_(store), match_(match) {
    arrange_timer_.setSingleShot(true);
    arrange_timer_.setInterval(arrange_interval_ms);
    connect(&arrange_timer_, &QTimer::timeout, this, &FleetTableModel::arrange);
    resort_ = true;
    arrange();
}

void FleetTableModel::setScene(const FleetScene &scene) {
    if (scene == scene_) {
        return;
    }
    const bool reorder = scene.focus != scene_.focus && column_ == RevisionColumn;
    scene_ = scene;
    if (reorder) {
        resort_ = true;
        arrange();
    }
    if (!shown_.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

void FleetTableModel::update(const FleetChange &change) {
    is_moved_.resize(store_.end());
    for (const NodeIndex node : change.nodes) {
        if (!is_moved_[node]) {
            is_moved_[node] = true;
            moved_.push_back(node);
        }
    }
    resort_ = resort_ || change.structure;
    if (change.structure && (shown_.empty() || !arrange_timer_.isActive())) {
        arrange();
    }
    for (const NodeIndex node : change.nodes) {
        if (const int row = rowOf(node); row >= 0) {
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    }
    if (!arrange_timer_.isActive()) {
        arrange_timer_.start();
    }
}

// ---- Order

// Where each of the shared words comes among them.
std::vector<quint32> FleetTableModel::wordRanks() const {
    const FleetStore::Words &words = store_.words();
    std::vector<FleetStore::Words::Id> order(words.end());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order,
                      [&words](auto a, auto b) { return naturallyBefore(words[a], words[b]); });
    std::vector<quint32> ranks(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        ranks[order[i]] = static_cast<quint32>(i);
    }
    return ranks;
}

// Rising; nodes that are equal stay in the order in which the cluster tells them.
FleetTableModel::Before FleetTableModel::order() const {
    const auto by = [this](auto key) -> Before {
        const bool rising = direction_ == Qt::AscendingOrder;
        return [key, rising](NodeIndex a, NodeIndex b) {
            const auto left = key(a), right = key(b);
            return left == right ? a < b : (left < right) == rising;
        };
    };
    const auto byText = [this](auto text) -> Before {
        const bool rising = direction_ == Qt::AscendingOrder;
        return [text, rising](NodeIndex a, NodeIndex b) {
            const auto &left = text(a), &right = text(b);
            return left == right ? a < b : naturallyBefore(left, right) == rising;
        };
    };
    const FleetStore &store = store_;
    switch (column_) {
    case NodeColumn:
        return byText([&store](NodeIndex node) -> const QString & { return store.name(node); });
    case AddressColumn:
        return byText([&store](NodeIndex node) -> const QString & { return store.address(node); });
    case SiteColumn:
        return by(
            [&store, ranks = wordRanks()](NodeIndex node) { return ranks[store.siteWord(node)]; });
    case HealthColumn:
        return by([&store, ranks = wordRanks()](NodeIndex node) {
            return ranks[store.healthWord(node)];
        });
    case HeardColumn:
        return by([&store](NodeIndex node) { return -store.heardWallMs(node); });
    case BehindColumn:
    case RolloutColumn:
        return by([&store](NodeIndex node) { return store.behind(node); });
    case CpuColumn:
        return by([&store](NodeIndex node) { return store.usage(node).cpu; });
    case MemoryColumn:
        return by([&store](NodeIndex node) {
            return memoryPercent(store.usage(node), store.capacity(node)).value_or(-1);
        });
    case DiskColumn:
        return by([&store](NodeIndex node) {
            return diskPercent(store.usage(node), store.capacity(node)).value_or(-1);
        });
    case RevisionColumn:
    case FlagsColumn:
    case ServicesColumn:
    case LabelsColumn:
        return byText([this](NodeIndex node) { return text(node, column_); });
    default:
        return by([&store](NodeIndex node) { return troubleOf(store.sign(node)); });
    }
}

void FleetTableModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || column >= ColumnCount) {
        return;
    }
    column_ = column;
    direction_ = order;
    resort_ = true;
    arrange();
}

void FleetTableModel::sortAll() {
    sorted_.clear();
    sorted_.reserve(store_.count());
    for (NodeIndex node = 0; node < store_.end(); ++node) {
        if (store_.has(node)) {
            sorted_.push_back(node);
        }
    }
    std::ranges::sort(sorted_, order());
}

// Puts what changed where it belongs, and shows what matches.
void FleetTableModel::arrange() {
    if (resort_) {
        sortAll();
    } else if (!moved_.empty()) {
        const Before before = order();
        std::erase_if(sorted_, [this](NodeIndex node) { return is_moved_[node]; });
        std::erase_if(moved_, [this](NodeIndex node) { return !store_.has(node); });
        std::ranges::sort(moved_, before);
        std::vector<NodeIndex> merged;
        merged.reserve(sorted_.size() + moved_.size());
        auto rest = sorted_.cbegin();
        for (const NodeIndex node : moved_) {
            const auto place = std::upper_bound(rest, sorted_.cend(), node, before);
            merged.insert(merged.end(), rest, place);
            merged.push_back(node);
            rest = place;
        }
        merged.insert(merged.end(), rest, sorted_.cend());
        sorted_ = std::move(merged);
    }
    resort_ = false;
    moved_.clear();
    is_moved_.assign(store_.end(), false);
    refilter();
}

void FleetTableModel::refilter() {
    std::vector<NodeIndex> nodes;
    nodes.reserve(match_.count());
    std::ranges::copy_if(sorted_, std::back_inserter(nodes),
                         [this](NodeIndex node) { return store_.has(node) && match_.at(node); });
    show(std::move(nodes));
}

// What is the same at the beginning and at the end stays; the rows between go and others come.
void FleetTableModel::show(std::vector<NodeIndex> nodes) {
    const auto [old_at, new_at] = std::ranges::mismatch(shown_, nodes);
    if (old_at == shown_.end() && new_at == nodes.end()) {
        return;
    }
    const auto first = old_at - shown_.begin();
    const auto tail = std::min(shown_.end() - old_at, nodes.end() - new_at);
    const auto same = std::mismatch(shown_.rbegin(), shown_.rbegin() + tail, nodes.rbegin()).first -
                      shown_.rbegin();
    const auto gone = std::ssize(shown_) - first - same;
    const auto come = std::ssize(nodes) - first - same;
    rows_.clear();
    arranging_ = true;
    if (gone > 0) {
        beginRemoveRows({}, int(first), int(first + gone) - 1);
        shown_.erase(shown_.begin() + first, shown_.begin() + first + gone);
        endRemoveRows();
    }
    if (come > 0) {
        beginInsertRows({}, int(first), int(first + come) - 1);
        shown_ = std::move(nodes);
        rows_.clear();
        endInsertRows();
    }
    arranging_ = false;
    Q_EMIT arranged();
}

int FleetTableModel::rowOf(NodeIndex node) const {
    if (rows_.empty()) {
        rows_.assign(store_.end(), -1);
        for (std::size_t row = 0; row < shown_.size(); ++row) {
            rows_[shown_[row]] = static_cast<int>(row);
        }
    }
    return node < rows_.size() ? rows_[node] : -1;
}

// ---- What a row shows

int FleetTableModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int FleetTableModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString FleetTableModel::text(NodeIndex node, int column) const {
    switch (column) {
    case NodeColumn:
        return boundedText(store_.name(node), name_max);
    case SiteColumn:
        return boundedText(store_.site(node), name_max);
    case RevisionColumn:
        return boundedText(store_.revision(node, scene_.focus.service), name_max);
    case HealthColumn:
        return healthText(store_, node, scene_.now_wall_ms);
    case RolloutColumn:
        return rolloutText(store_, node, scene_);
    case HeardColumn:
        return heardText(store_.heardWallMs(node), scene_.now_wall_ms);
    case BehindColumn:
        return store_.behind(node) == 0 ? QString() : countText(store_.behind(node));
    case FlagsColumn:
        return flagsText(store_.flags(node));
    case ServicesColumn:
        return servicesText(store_, node);
    case AddressColumn:
        return boundedText(store_.address(node), name_max);
    case CpuColumn:
        return percentOf(cpuPercent(store_.usage(node)));
    case MemoryColumn:
        return percentOf(memoryPercent(store_.usage(node), store_.capacity(node)));
    case DiskColumn:
        return percentOf(diskPercent(store_.usage(node), store_.capacity(node)));
    case LabelsColumn:
        return labelsText(store_, node);
    default:
        return {};
    }
}

QString FleetTableModel::toolTip(NodeIndex node, int column) const {
    if (column == HeardColumn) {
        return exactTime(store_.heardWallMs(node));
    }
    return column == SignColumn ? nameOf(store_.sign(node)) : text(node, column);
}

QVariant FleetTableModel::data(const QModelIndex &index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const NodeIndex node = this->node(index.row());
    if (!store_.has(node)) {
        return {}; // it went, and its row goes with the next arrange()
    }
    switch (role) {
    case Qt::DisplayRole:
        return text(node, index.column());
    case SignRole:
        return index.column() == SignColumn ? QVariant(int(store_.sign(node))) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == SignColumn ? nameOf(store_.sign(node))
                                            : text(node, index.column());
    case Qt::ToolTipRole:
        return toolTip(node, index.column()).toHtmlEscaped();
    case Qt::TextAlignmentRole:
        return QVariant(Qt::Alignment(isNumber(index.column())
                                          ? Qt::AlignRight | Qt::AlignVCenter
                                          : Qt::AlignLeading | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant FleetTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::Alignment(isNumber(section) ? Qt::AlignRight | Qt::AlignVCenter
                                                        : Qt::AlignLeading | Qt::AlignVCenter));
    }
    const bool spoken = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    if (role != Qt::DisplayRole && !spoken) {
        return {};
    }
    const QString titles[ColumnCount] = {
        spoken ? tr("trouble") : QString(),
        tr("node"),
        tr("site"),
        tr("revision"),
        tr("health"),
        tr("rollout"),
        tr("heard"),
        tr("behind"),
        tr("flags"),
        tr("services"),
        tr("address"),
        tr("CPU"),
        tr("memory"),
        tr("disk"),
        tr("labels"),
    };
    return titles[section];
}

} // namespace aviary
