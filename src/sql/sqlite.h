// SPDX-License-Identifier: Apache-2.0
// SQLite as this room calls it. In the program that is the library it is linked to. In the loadable extension it is whatever
// SQLite has loaded it, reached through the table of functions that one hands over (https://www.sqlite.org/loadext.html): a shell may have a
// SQLite of its own built in, and a connection belongs to the copy that opened it. Files of this room that touch a connection include this.
#pragma once

#ifdef BULKHEAD_LOADABLE
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif
