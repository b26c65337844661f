/* A disk that fails: laid before the C library of a server by LD_PRELOAD.
 *
 * From the moment the file FAULT_ARMED exists, calls of the kind FAULT_KIND on files whose path
 * begins with FAULT_PATH are counted; the call with the number FAULT_AFTER fails, and so does every
 * later one of that kind, as on a disk that is full or broken:
 *
 *   flush  fsync and fdatasync answer EIO
 *   write  writes answer ENOSPC
 *   short  the first write that fails writes half of what it was given, later ones answer ENOSPC
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int is_meant(int file) {
    const char *armed = getenv("FAULT_ARMED"), *prefix = getenv("FAULT_PATH");
    char link[64], path[PATH_MAX];
    if (!armed || !prefix || access(armed, F_OK) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strncmp(path, prefix, strlen(prefix)) == 0;
}

/* How many calls too many this one is: 0 while all is well, 1 for the first that fails. */
static long beyond(const char *kind, int file) {
    const char *wanted = getenv("FAULT_KIND"), *after = getenv("FAULT_AFTER");
    if (!wanted || !after || strcmp(kind, wanted) != 0 || !is_meant(file)) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1, first = atol(after);
    return number < first ? 0 : number - first + 1;
}

static size_t writable(int file, size_t count) {
    if (beyond("write", file)) return 0;
    long too_many = beyond("short", file);
    return too_many == 0 ? count : too_many == 1 ? count / 2 : 0;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

ssize_t write(int file, const void *from, size_t count) {
    size_t fits = writable(file, count);
    if (count && !fits) return errno = ENOSPC, -1;
    return REAL("write", ssize_t (*)(int, const void *, size_t))(file, from, fits);
}

ssize_t pwrite(int file, const void *from, size_t count, off_t at) {
    size_t fits = writable(file, count);
    if (count && !fits) return errno = ENOSPC, -1;
    return REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t))(file, from, fits, at);
}

ssize_t pwrite64(int file, const void *from, size_t count, off64_t at) {
    size_t fits = writable(file, count);
    if (count && !fits) return errno = ENOSPC, -1;
    return REAL("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t))(file, from, fits, at);
}

int fsync(int file) {
    if (beyond("flush", file)) return errno = EIO, -1;
    return REAL("fsync", int (*)(int))(file);
}

int fdatasync(int file) {
    if (beyond("flush", file)) return errno = EIO, -1;
    return REAL("fdatasync", int (*)(int))(file);
}
