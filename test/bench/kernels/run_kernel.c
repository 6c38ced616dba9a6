// Runs a kernel in C on what its WebAssembly twin was called with (compile-c.ts): a memory with the same tables at the same
// places, and of every recording the arguments and the input.
//
// usage: kernel INPUT [OUTPUT]; prints the milliseconds of processor time of every call
// INPUT: int32 bytes of the memory, bytes of its tables, calls; the tables; of every call int32 arguments (8), address and
// bytes of its input, address and bytes of its output, then the input. OUTPUT receives the outputs.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void kernel(char *memory, const int32_t *arguments);

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void take(FILE *file, void *target, size_t bytes) {
  if (fread(target, 1, bytes, file) != bytes) exit(2);
}

int main(int argc, char **argv) {
  FILE *input = argc > 1 ? fopen(argv[1], "rb") : NULL;
  FILE *output = argc > 2 ? fopen(argv[2], "wb") : NULL;
  if (!input || (argc > 2 && !output)) return 2;
  int32_t head[3], call[12];
  take(input, head, sizeof head);
  char *memory = aligned_alloc(64, (head[0] + 63) / 64 * 64);
  take(input, memory, head[1]);
  while (head[2]-- > 0) {
    take(input, call, sizeof call);
    take(input, memory + call[8], call[9]);
    double started = milliseconds();
    kernel(memory, call);
    printf("%.6f\n", milliseconds() - started);
    if (output && fwrite(memory + call[10], 1, call[11], output) != (size_t)call[11]) return 2;
  }
  return output && fclose(output) != 0;
}
