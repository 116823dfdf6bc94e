/*
 * Loaded in front of a PostgreSQL server (LD_PRELOAD), it makes every flush take longer by
 * SLOW_FLUSH_US microseconds, after the real one is done: a disk that is slower, and not less honest.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int flush_slowly(const char *name, int descriptor) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(descriptor);
  const char *text = getenv("SLOW_FLUSH_US");
  long delay = text ? atol(text) : 1000;
  struct timespec left = {delay / 1000000, delay % 1000000 * 1000};
  while (nanosleep(&left, &left) != 0) {
  }
  return result;
}

int fsync(int descriptor) { return flush_slowly("fsync", descriptor); }
int fdatasync(int descriptor) { return flush_slowly("fdatasync", descriptor); }
