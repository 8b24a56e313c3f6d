// SPDX-License-Identifier: GPL-3.0-or-later
// The window that bench_start compares with: a QMainWindow with one QChart, and nothing of ours.
// Prints its size and ends when it is painted.
#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QMainWindow>
#include <QTimer>

#include <cstdio>

namespace {

class Window : public QMainWindow {
protected:
    void paintEvent(QPaintEvent *event) override {
        QMainWindow::paintEvent(event);
        QTimer::singleShot(0, this, [this] { // its children are painted in the same go
            std::printf("painted %dx%d\n", width(), height());
            std::fflush(stdout);
            QApplication::quit();
        });
    }
};

} // namespace

int main(int count, char **arguments) {
    const QApplication app(count, arguments);
    Window window;
    window.setCentralWidget(new QChartView(new QChart));
    window.resize(1'440, 900);
    window.show();
    return QApplication::exec();
}
