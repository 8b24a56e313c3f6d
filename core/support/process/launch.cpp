// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/launch.h"

#include "core/support/process/identity.h"

#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace aviary {
namespace {

// A descriptor that is closed at the end of its scope.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

// Everything that the child needs, made before the fork: between fork and exec only calls that are
// safe in a signal handler are allowed, so nothing may be allocated there.
struct Prepared {
    std::vector<QByteArray> words;       // owns what argv and envp point to
    std::vector<char *> argv, envp;      // each ends with a null
    QByteArray directory, record, fresh; // `fresh` is renamed to `record`
    QByteArray boot;
    int record_directory = -1, nothing = -1, log = -1, failure = -1;
};

std::size_t putNumber(char *to, quint64 number) noexcept {
    std::array<char, 20> digits;
    std::size_t count = 0;
    do {
        digits[count++] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    for (std::size_t i = 0; i < count; ++i) {
        to[i] = digits[count - 1 - i];
    }
    return count;
}

bool writeRecord(const Prepared &prepared) noexcept {
    std::array<char, 1'024> stat;
    const int self = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    const ssize_t read = self < 0 ? -1 : ::read(self, stat.data(), stat.size());
    const quint64 ticks = read <= 0 ? 0 : startTicks(stat.data(), static_cast<std::size_t>(read));
    std::array<char, 160> text;
    std::size_t size = putNumber(text.data(), static_cast<quint64>(::getpid()));
    text[size++] = ' ';
    size += putNumber(text.data() + size, ticks);
    text[size++] = ' ';
    const auto boot_size = static_cast<std::size_t>(prepared.boot.size());
    std::memcpy(text.data() + size, prepared.boot.constData(), boot_size);
    size += boot_size;
    text[size++] = '\n';
    const int file = ::open(prepared.fresh.constData(),
                            O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    return ticks != 0 && file >= 0 &&
           ::write(file, text.data(), size) == static_cast<ssize_t>(size) && ::fsync(file) == 0 &&
           ::rename(prepared.fresh.constData(), prepared.record.constData()) == 0 &&
           ::fsync(prepared.record_directory) == 0;
}

void resetSignals() noexcept {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::sigaction(signal, &standard, nullptr);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void becomeProgram(const Prepared &prepared) noexcept {
    ::setsid();
    resetSignals();
    const bool ready = ::chdir(prepared.directory.constData()) == 0 &&
                       ::dup2(prepared.nothing, STDIN_FILENO) >= 0 &&
                       ::dup2(prepared.log, STDOUT_FILENO) >= 0 &&
                       ::dup2(prepared.log, STDERR_FILENO) >= 0 && writeRecord(prepared) &&
                       ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
    if (ready) {
        ::execve(prepared.argv.front(), prepared.argv.data(), prepared.envp.data());
    }
    const int error = errno;
    ::unlink(prepared.record.constData());
    if (::write(prepared.failure, &error, sizeof error) < 0) {
        ::_exit(126);
    }
    ::_exit(127);
}

void point(std::vector<char *> &pointers, std::vector<QByteArray> &words, qsizetype first,
           qsizetype count) {
    for (qsizetype i = first; i < first + count; ++i) {
        pointers.push_back(words[static_cast<std::size_t>(i)].data());
    }
    pointers.push_back(nullptr);
}

Prepared prepare(const Launch &launch, const QString &program) {
    Prepared prepared;
    prepared.words.push_back(QFile::encodeName(program));
    for (const QString &argument : launch.command.mid(1)) {
        prepared.words.push_back(argument.toUtf8());
    }
    for (const QString &variable : launch.environment) {
        prepared.words.push_back(variable.toUtf8());
    }
    point(prepared.argv, prepared.words, 0, launch.command.size());
    point(prepared.envp, prepared.words, launch.command.size(), launch.environment.size());
    prepared.directory = QFile::encodeName(launch.directory);
    prepared.record = QFile::encodeName(launch.record);
    prepared.fresh = QFile::encodeName(launch.record + u".new");
    prepared.boot = bootId().left(64).toLatin1();
    return prepared;
}

tl::unexpected<Error> systemError(const QString &what, const QString &where) {
    return fail(ErrorCode::Storage, what + u": " + qt_error_string(errno), where,
                QStringLiteral("make the directory writable for the user who runs the daemon"));
}

Result<Forked> forkPrepared(Prepared &prepared, Descriptor &lock) {
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return systemError(QStringLiteral("no pipe"), {});
    }
    Descriptor read_end(ends[0]);
    Descriptor write_end(ends[1]);
    prepared.failure = write_end.number();
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before); // no handler of ours may run in the child
    const pid_t pid = ::fork();
    if (pid == 0) {
        becomeProgram(prepared);
    }
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) {
        errno = error;
        return systemError(QStringLiteral("no new process"), {});
    }
    ::close(lock.release()); // the child's copy holds on until it runs the program
    const auto pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (pidfd < 0) { // Linux before 5.3, or a sandbox that forbids it: we would not see its end
        const auto refusal = systemError(QStringLiteral("no pidfd"), {});
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return refusal;
    }
    return Forked{pid, read_end.release(), pidfd};
}

} // namespace

QStringList inheritedEnvironment() {
    QStringList environment;
    for (const char *name : {"PATH", "HOME", "USER", "LANG", "TZ"}) {
        if (qEnvironmentVariableIsSet(name)) {
            environment += QString::fromLatin1(name) + u'=' + qEnvironmentVariable(name);
        }
    }
    return environment;
}

Result<Forked> forkProcess(const Launch &launch) {
    const QString name = launch.command.value(0);
    const QString program = name.contains(u'/') ? name : QStandardPaths::findExecutable(name);
    if (name.isEmpty() || program.isEmpty()) {
        return fail(ErrorCode::NotFound, u"there is no program \"" + name + u'"', {},
                    QStringLiteral("give a path, or the name of a program in PATH"));
    }
    Prepared prepared = prepare(launch, program);
    const QByteArray lock_name = QFile::encodeName(launch.record + u".lock");
    Descriptor lock(::open(lock_name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (lock.number() < 0 || ::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        return systemError(QStringLiteral("no record can be written"), launch.record);
    }
    const QByteArray record_directory = QFile::encodeName(QFileInfo(launch.record).path());
    Descriptor directory(::open(record_directory.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    Descriptor log(::open(QFile::encodeName(launch.log).constData(),
                          O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (directory.number() < 0 || log.number() < 0 || nothing.number() < 0) {
        return systemError(QStringLiteral("no log can be written"), launch.log);
    }
    prepared.record_directory = directory.number();
    prepared.log = log.number();
    prepared.nothing = nothing.number();
    return forkPrepared(prepared, lock);
}

} // namespace aviary
