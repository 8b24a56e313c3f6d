// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/svgchart.h"

#include "core/support/words.h"

#include <algorithm>
#include <array>

namespace aviary::rehearsal {

namespace {

constexpr double width = 640, height = 220;
constexpr double left = 46, right = 12, top = 12, bottom = 26;
constexpr double bar_width = 220, bar_height = 16;
constexpr std::array bar_classes = {"good", "back", "failed", "waiting", "stuck"};

QString number(double value) {
    return QString::number(value, 'f', 1);
}

QString point(double x, double y) {
    return number(x) + u',' + number(y) + u' ';
}

// Round steps of time: about five of them fit.
kernel::Millis tickOf(kernel::Millis span_ms) {
    constexpr kernel::Millis minute = 60'000, hour = 60 * minute, day = 24 * hour;
    constexpr std::array<kernel::Millis, 20> ticks = {
        1'000,      2'000,       5'000,       10'000,      30'000,  minute,   2 * minute,
        5 * minute, 10 * minute, 15 * minute, 30 * minute, hour,    2 * hour, 4 * hour,
        6 * hour,   12 * hour,   day,         2 * day,     7 * day, 30 * day};
    for (const kernel::Millis tick : ticks) {
        if (span_ms / tick <= 6) {
            return tick;
        }
    }
    return ticks.back() * (span_ms / ticks.back() / 6 + 1);
}

// Up to a little after the last change: what comes then is flat.
std::size_t lastPoint(const Fan &fan) {
    std::size_t last = fan.bands.size();
    while (last > 2 && fan.bands[last - 2] == fan.bands.back()) {
        --last;
    }
    return std::min(fan.bands.size(), last + last / 20 + 1);
}

class FanPicture {
public:
    explicit FanPicture(const Fan &fan)
        : fan_(fan)
        , points_(lastPoint(fan))
        , span_ms_(std::max<kernel::Millis>(
              fan.step_ms * static_cast<kernel::Millis>(std::max<std::size_t>(points_, 2) - 1),
              1)) {}

    QString draw(const QString &title) const {
        return QStringLiteral("<svg viewBox=\"0 0 %1 %2\" role=\"img\"><title>%3</title>")
                   .arg(width)
                   .arg(height)
                   .arg(title.toHtmlEscaped()) +
               grid() + band() + median() + u"</svg>\n"_qs;
    }

private:
    double x(double time_ms) const {
        return left + (width - left - right) * time_ms / static_cast<double>(span_ms_);
    }
    double y(double share) const {
        return height - bottom - (height - top - bottom) * std::clamp(share, 0.0, 1.0);
    }
    double xOf(std::size_t i) const {
        return x(static_cast<double>(i) * static_cast<double>(fan_.step_ms));
    }
    QString grid() const {
        QString out;
        for (int percent = 0; percent <= 100; percent += 25) {
            const double at = y(percent / 100.0);
            out += QStringLiteral("<line class=\"grid\" x1=\"%1\" x2=\"%2\" y1=\"%3\" y2=\"%3\"/>"
                                  "<text class=\"axis\" x=\"%4\" y=\"%5\" "
                                  "text-anchor=\"end\">%6 %</text>")
                       .arg(number(left), number(width - right), number(at), number(left - 6),
                            number(at + 4))
                       .arg(percent);
        }
        const kernel::Millis tick = tickOf(span_ms_);
        for (kernel::Millis time = 0; time <= span_ms_; time += tick) {
            out += QStringLiteral("<text class=\"axis\" x=\"%1\" y=\"%2\" "
                                  "text-anchor=\"middle\">%3</text>")
                       .arg(number(x(static_cast<double>(time))), number(height - 8),
                            QString::fromStdString(kernel::durationText(time)));
        }
        return out;
    }
    QString band() const {
        QString upper, lower;
        for (std::size_t i = 0; i < points_; ++i) {
            upper += point(xOf(i), y(fan_.bands[i].high));
            lower.prepend(point(xOf(i), y(fan_.bands[i].low)));
        }
        return u"<polygon class=\"band\" points=\""_qs + upper + lower + u"\"/>"_qs;
    }
    QString median() const {
        QString line;
        for (std::size_t i = 0; i < points_; ++i) {
            line += point(xOf(i), y(fan_.bands[i].median));
        }
        return u"<polyline class=\"median\" points=\""_qs + line + u"\"/>"_qs;
    }

    const Fan &fan_;
    std::size_t points_;
    kernel::Millis span_ms_;
};

} // namespace

QString svgFan(const Fan &fan, const QString &title) {
    return FanPicture(fan).draw(title);
}

QString svgEndings(const HypothesisAnswer &hypothesis, const QString &title) {
    QString out = QStringLiteral("<svg class=\"bar\" viewBox=\"0 0 %1 %2\" role=\"img\">"
                                 "<title>%3</title>")
                      .arg(bar_width)
                      .arg(bar_height)
                      .arg(title.toHtmlEscaped());
    double at = 0.0;
    for (std::size_t i = 0; i < hypothesis.endings.size() && i < bar_classes.size(); ++i) {
        const double wide = bar_width * hypothesis.endings[i].portion.share;
        if (wide <= 0.0) {
            continue;
        }
        const QString place = QStringLiteral("x=\"%1\" width=\"%2\" y=\"0\" height=\"%3\"/>")
                                  .arg(QString::number(at, 'f', 2), QString::number(wide, 'f', 2),
                                       number(bar_height));
        out += u"<rect class=\""_qs + QString::fromLatin1(bar_classes[i]) + u"\" "_qs + place;
        if (i > 0) {
            out += u"<rect fill=\"url(#p"_qs + QString::number(i) + u")\" "_qs + place;
        }
        at += wide;
    }
    return out + u"</svg>"_qs;
}

QString svgPatterns() {
    return uR"(<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<pattern id="p1" width="6" height="6" patternUnits="userSpaceOnUse">
<path class="hatch" d="M0,6 L6,0"/></pattern>
<pattern id="p2" width="6" height="6" patternUnits="userSpaceOnUse">
<path class="hatch" d="M0,0 L6,6 M0,6 L6,0"/></pattern>
<pattern id="p3" width="6" height="6" patternUnits="userSpaceOnUse">
<path class="hatch" d="M3,0 L3,6"/></pattern>
<pattern id="p4" width="6" height="6" patternUnits="userSpaceOnUse">
<path class="hatch" d="M0,3 L6,3"/></pattern></defs></svg>
)"_qs;
}

} // namespace aviary::rehearsal
