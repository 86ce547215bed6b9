// SPDX-License-Identifier: Apache-2.0
#include "sql/memory.h"

#include <malloc.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <limits>

namespace bulkhead::sql {

namespace {

std::atomic<bool> counting = false;
std::atomic<std::int64_t> held = 0;
std::atomic<std::int64_t> held_max = std::numeric_limits<std::int64_t>::max();

bool may_grow(std::int64_t bytes) { return held.load(std::memory_order_relaxed) + bytes <= held_max.load(std::memory_order_relaxed); }

void add(std::int64_t bytes) { held.fetch_add(bytes, std::memory_order_relaxed); }

std::int64_t size_of(void* memory) { return static_cast<std::int64_t>(malloc_usable_size(memory)); }

// What follows has the shapes of sqlite3_mem_methods (https://www.sqlite.org/c3ref/mem_methods.html).
void* take(int bytes) {
    if (!may_grow(bytes)) return nullptr;
    void* memory = std::malloc(static_cast<std::size_t>(bytes));
    if (memory != nullptr) add(size_of(memory));
    return memory;
}

void give_back(void* memory) {
    if (memory != nullptr) add(-size_of(memory));
    std::free(memory);
}

void* resize(void* memory, int bytes) {
    const std::int64_t before = size_of(memory);
    if (!may_grow(bytes - before)) return nullptr;
    void* moved = std::realloc(memory, static_cast<std::size_t>(bytes));
    if (moved != nullptr) add(size_of(moved) - before);
    return moved;
}

int size(void* memory) { return static_cast<int>(size_of(memory)); }

int round_up(int bytes) { return (bytes + 7) & ~7; }

int start(void*) { return SQLITE_OK; }

void stop(void*) {}

}  // namespace

void count_memory_without_lock() {
    static const sqlite3_mem_methods methods = {take, give_back, resize, size, round_up, start, stop, nullptr};
    counting = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK && sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
}

void limit_memory(std::int64_t bytes_max) {
    held_max = bytes_max;
    if (!counting) sqlite3_hard_heap_limit64(bytes_max);
}

}  // namespace bulkhead::sql
