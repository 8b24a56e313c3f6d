// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/journal/faultydisk.h"

#include <sqlite3.h>

#include <cstdlib>
#include <cstring>

namespace aviary::tests {
namespace {

struct Plan {
    long calls = 0;
    long fail_at = -1;
    bool lasting = false;
    bool failed = false;
    Fault fault = Fault::InputOutput;
};
Plan plan;
sqlite3_vfs *real = nullptr;

// True when this call is to fail.
bool fails() {
    const long call = plan.calls++;
    const bool now =
        plan.fail_at >= 0 && (plan.lasting ? call >= plan.fail_at : call == plan.fail_at);
    plan.failed = plan.failed || now;
    return now;
}
int answer(int input_output, bool writing = false) {
    return writing && plan.fault == Fault::Full ? SQLITE_FULL : input_output;
}

// SQLite sees this; the real file lies right behind it.
struct File {
    sqlite3_file base;
    sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};
sqlite3_file *under(sqlite3_file *file) {
    return reinterpret_cast<File *>(file)->real();
}

int closeFile(sqlite3_file *file) {
    return under(file)->pMethods->xClose(under(file));
}
int readFile(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at) {
    return fails() ? answer(SQLITE_IOERR_READ)
                   : under(file)->pMethods->xRead(under(file), bytes, size, at);
}
int writeFile(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at) {
    if (fails()) {
        under(file)->pMethods->xWrite(under(file), bytes, size / 2, at); // a short write
        return answer(SQLITE_IOERR_WRITE, true);
    }
    return under(file)->pMethods->xWrite(under(file), bytes, size, at);
}
int truncateFile(sqlite3_file *file, sqlite3_int64 size) {
    return fails() ? answer(SQLITE_IOERR_TRUNCATE)
                   : under(file)->pMethods->xTruncate(under(file), size);
}
int syncFile(sqlite3_file *, int) {
    return fails() ? answer(SQLITE_IOERR_FSYNC) : SQLITE_OK;
}
int fileSize(sqlite3_file *file, sqlite3_int64 *size) {
    return fails() ? answer(SQLITE_IOERR_FSTAT)
                   : under(file)->pMethods->xFileSize(under(file), size);
}
int lockFile(sqlite3_file *file, int level) {
    return fails() ? answer(SQLITE_IOERR_LOCK) : under(file)->pMethods->xLock(under(file), level);
}
int unlockFile(sqlite3_file *file, int level) {
    return under(file)->pMethods->xUnlock(under(file), level);
}
int checkReserved(sqlite3_file *file, int *out) {
    return under(file)->pMethods->xCheckReservedLock(under(file), out);
}
int control(sqlite3_file *file, int op, void *arg) {
    return under(file)->pMethods->xFileControl(under(file), op, arg);
}
int sectorSize(sqlite3_file *file) {
    return under(file)->pMethods->xSectorSize(under(file));
}
int characteristics(sqlite3_file *file) {
    return under(file)->pMethods->xDeviceCharacteristics(under(file));
}
int shmMap(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
    return fails() ? answer(SQLITE_IOERR_SHMMAP)
                   : under(file)->pMethods->xShmMap(under(file), page, size, extend, out);
}
int shmLock(sqlite3_file *file, int offset, int count, int flags) {
    return under(file)->pMethods->xShmLock(under(file), offset, count, flags);
}
void shmBarrier(sqlite3_file *file) {
    under(file)->pMethods->xShmBarrier(under(file));
}
int shmUnmap(sqlite3_file *file, int remove) {
    return under(file)->pMethods->xShmUnmap(under(file), remove);
}

const sqlite3_io_methods methods = {
    2,        closeFile,  readFile,      writeFile, truncateFile, syncFile,        fileSize,
    lockFile, unlockFile, checkReserved, control,   sectorSize,   characteristics, shmMap,
    shmLock,  shmBarrier, shmUnmap,      nullptr,   nullptr};

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    file->pMethods = nullptr;
    if (fails()) {
        return answer(SQLITE_CANTOPEN);
    }
    const int result = real->xOpen(real, name, under(file), flags, out_flags);
    if (under(file)->pMethods != nullptr) {
        file->pMethods = &methods;
    }
    return result;
}
int deleteFile(sqlite3_vfs *, const char *name, int sync_directory) {
    return fails() ? answer(SQLITE_IOERR_DELETE) : real->xDelete(real, name, sync_directory);
}
int accessFile(sqlite3_vfs *, const char *name, int flags, int *out) {
    return fails() ? answer(SQLITE_IOERR_ACCESS) : real->xAccess(real, name, flags, out);
}

sqlite3_vfs faulty;

} // namespace

FaultyDisk::FaultyDisk() {
    real = sqlite3_vfs_find(nullptr);
    faulty = *real;
    faulty.zName = "faulty";
    faulty.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    faulty.xOpen = openFile;
    faulty.xDelete = deleteFile;
    faulty.xAccess = accessFile;
    sqlite3_vfs_register(&faulty, 1);
    plan = {};
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&faulty);
    sqlite3_vfs_register(real, 1);
}

void FaultyDisk::failAt(long call, Fault fault, bool lasting) {
    plan = {0, call, lasting, false, fault};
}
void FaultyDisk::heal() {
    plan = {};
}
long FaultyDisk::calls() const {
    return plan.calls;
}
bool FaultyDisk::failed() const {
    return plan.failed;
}

} // namespace aviary::tests
