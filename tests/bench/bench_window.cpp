// SPDX-License-Identifier: GPL-3.0-or-later
// The window that bench_start compares with: a QMainWindow with one QChart, and nothing of ours.
// Prints its size and ends when it is painted.
#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QMainWindow>
#include <QTimer>

#include <cstdio>

namespace {

// The chart covers the window, which is never painted itself.
class Chart : public QChartView {
public:
    Chart() : QChartView(new QChart) {}

protected:
    bool viewportEvent(QEvent *event) override {
        if (event->type() == QEvent::Paint) {
            QTimer::singleShot(0, this, [this] { // all others are painted in the same go
                std::printf("painted %dx%d\n", window()->width(), window()->height());
                std::fflush(stdout);
                QApplication::quit();
            });
        }
        return QChartView::viewportEvent(event);
    }
};

} // namespace

int main(int count, char **arguments) {
    const QApplication app(count, arguments);
    QMainWindow window;
    window.setCentralWidget(new Chart);
    window.resize(1'440, 900);
    window.show();
    return QApplication::exec();
}
