// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A file system under SQLite that fails on demand. It stands before the real one and counts every
// call that may fail; one of them, or all from one on, answers an error and does nothing, or only
// half of it. Syncing is counted and left out: a test does not cut the power.
namespace aviary::tests {

enum class Fault {
    Full,       // SQLITE_FULL on write, an input/output error on the others
    InputOutput // an input/output error
};

class FaultyDisk {
public:
    FaultyDisk(); // from here on every database that is opened uses it
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk &) = delete;
    FaultyDisk &operator=(const FaultyDisk &) = delete;

    // The `call`-th from now (0: the next) fails; with `lasting`, so do all after it.
    void failAt(long call, Fault fault, bool lasting);
    void heal();
    long calls() const; // since the last failAt or heal
    bool failed() const;
};

} // namespace aviary::tests
