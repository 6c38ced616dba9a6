// The algorithm of libs/audio/assembly (filter-band.ts, join-columns.ts, transform-forth.ts, transform-back.ts) in C on
// 128-bit vectors, with the same tables and the same order of operations: the resampler's long filter. For transforms forth
// of 4^n numbers, such as that of 24414 Hz. Run by run_kernel.c.
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m128 v4;
static const float ROOT_OF_HALF = 0.7071067811865475f, ROOT_OF_TWO = 1.4142135623730951f;

static inline v4 splat(float value) { return _mm_set1_ps(value); }
static inline v4 negative(v4 value) { return _mm_xor_ps(value, _mm_set1_ps(-0.0f)); }

// A complex number (two vectors) times one that all lanes share, or its conjugate.
static inline v4 product_re(const v4 *a, const float *b) { return a[0] * splat(b[0]) - a[1] * splat(b[1]); }
static inline v4 product_im(const v4 *a, const float *b) { return a[1] * splat(b[0]) + a[0] * splat(b[1]); }
static inline v4 back_re(const v4 *a, const float *b) { return a[0] * splat(b[0]) + a[1] * splat(b[1]); }
static inline v4 back_im(const v4 *a, const float *b) { return a[1] * splat(b[0]) - a[0] * splat(b[1]); }

static inline void store(v4 *at, v4 re, v4 im) {
  at[0] = re;
  at[1] = im;
}

static inline void store_turned(v4 *at, v4 re, v4 im, const float *turn) {
  store(at, re * splat(turn[0]) - im * splat(turn[1]), im * splat(turn[0]) + re * splat(turn[1]));
}

static inline void store_turned_back(v4 *at, v4 re, v4 im, const float *turn) {
  store(at, re * splat(turn[0]) + im * splat(turn[1]), im * splat(turn[0]) - re * splat(turn[1]));
}

// The transform forth (transform-forth.ts)

static inline void join_numbers(v4 a, v4 b, v4 c, v4 d, v4 *target) {
  v4 ac = a + c, bd = b + d;
  target[0] = bd + ac;
  target[1] = a - c;
  target[2] = d - b;
  target[3] = ac - bd;
}

static void join_fours(const v4 *restrict from, v4 *restrict to, size_t width, size_t size, const float *turns) {
  size_t step = size / 4;
  for (const v4 *end = from + step; from < end; from += width, to += 4 * width) {
    v4 a = from[0], b = from[step], c = from[2 * step], d = from[3 * step], bd = b + d, ac = a + c;
    to[0] = bd + ac;
    to[2 * width - 1] = a - c;
    to[2 * width] = d - b;
    to[4 * width - 1] = ac - bd;
    const float *turn = turns;
    for (size_t i = 1; i < width - 1; i += 2, turn += 6) {
      const v4 *at = from + i;
      v4 *up = to + i, *mirror = to + width - 2 - i;
      v4 ar = at[0], ai = at[1], br = back_re(at + step, turn), bi = back_im(at + step, turn);
      v4 cr = back_re(at + 2 * step, turn + 2), ci = back_im(at + 2 * step, turn + 2);
      v4 dr = back_re(at + 3 * step, turn + 4), di = back_im(at + 3 * step, turn + 4);
      v4 sum_bd_re = br + dr, dif_db_re = dr - br, sum_ac_re = ar + cr, dif_ac_re = ar - cr;
      v4 sum_bd_im = bi + di, dif_bd_im = bi - di, sum_ac_im = ai + ci, dif_ac_im = ai - ci;
      store(up, sum_bd_re + sum_ac_re, sum_bd_im + sum_ac_im);
      store(up + 2 * width, dif_bd_im + dif_ac_re, dif_db_re + dif_ac_im);
      store(mirror + width, dif_ac_re - dif_bd_im, dif_db_re - dif_ac_im);
      store(mirror + 3 * width, sum_ac_re - sum_bd_re, sum_bd_im - sum_ac_im);
    }
    const v4 *at = from + width - 1;
    v4 e = at[0], f = at[step], g = at[2 * step], h = at[3 * step];
    v4 im = splat(-ROOT_OF_HALF) * (f + h), re = splat(-ROOT_OF_HALF) * (h - f);
    store(to + width - 1, re + e, im - g);
    store(to + 3 * width - 1, e - re, im + g);
  }
}

static v4 *transform_forth(v4 *from, v4 *to, size_t size, const float *turns) {
  for (size_t width = 4; width * 4 <= size; width *= 4) {
    join_fours(from, to, width, size, turns);
    turns += 6 * (width / 2 - 1);
    v4 *other = from;
    from = to;
    to = other;
  }
  return from;
}

// Columns (join-columns.ts)

static void join_columns(const v4 *restrict parts, size_t size, const float *turns, v4 *restrict spectrum) {
  size_t part = size / 4, quarter = size / 2;
  v4 a = parts[0], b = parts[part], c = parts[2 * part], d = parts[3 * part], ac = a + c, bd = b + d;
  store(spectrum, ac + bd, splat(0));
  store(spectrum + 2 * quarter, ac - bd, splat(0));
  store(spectrum + quarter, a - c, d - b);
  const v4 *highest = parts + part - 1;
  v4 e = highest[0], f = highest[part], g = highest[2 * part], h = highest[3 * part];
  v4 re = splat(ROOT_OF_HALF) * (f - h), im = splat(ROOT_OF_HALF) * (f + h);
  store(spectrum + quarter / 2, e + re, negative(g) - im);
  store(spectrum + quarter + quarter / 2, e - re, g - im);
  v4 *up = spectrum + 2, *down = spectrum + quarter - 2;
  for (const v4 *at = parts + 1; up < down; at += 2, up += 2, down -= 2, turns += 6) {
    v4 ar = at[0], ai = at[1], br = product_re(at + part, turns), bi = product_im(at + part, turns);
    v4 cr = product_re(at + 2 * part, turns + 2), ci = product_im(at + 2 * part, turns + 2);
    v4 dr = product_re(at + 3 * part, turns + 4), di = product_im(at + 3 * part, turns + 4);
    v4 sum_ac_re = ar + cr, dif_ac_re = ar - cr, sum_bd_re = br + dr, dif_db_re = dr - br;
    v4 sum_ac_im = ai + ci, dif_ac_im = ai - ci, sum_bd_im = bi + di, dif_db_im = di - bi;
    store(up, sum_ac_re + sum_bd_re, sum_ac_im + sum_bd_im);
    store(down, dif_ac_re + dif_db_im, dif_db_re - dif_ac_im);
    store(up + quarter, dif_ac_re - dif_db_im, dif_db_re + dif_ac_im);
    store(down + quarter, sum_ac_re - sum_bd_re, sum_bd_im - sum_ac_im);
  }
}

static void split_columns(const v4 *restrict spectrum, size_t period, const float *factors, size_t size,
                          const float *turns, v4 *restrict parts) {
  size_t part = size / 4, quarter = size / 4, last = period - 1;
  const v4 two = splat(2), root = splat(ROOT_OF_TWO);
#define PLACE(frequency) (spectrum + 2 * ((frequency) & last))
  v4 zero = product_re(spectrum, factors), top = product_re(PLACE(2 * quarter), factors + 2);
  v4 br = product_re(PLACE(quarter / 2), factors + 4), bi = product_im(PLACE(quarter / 2), factors + 4);
  v4 cr = two * product_re(PLACE(quarter), factors + 6), ci = two * product_im(PLACE(quarter), factors + 6);
  const v4 *upper = PLACE(quarter + quarter / 2);
  v4 dr = product_re(upper, factors + 8), di = product_im(upper, factors + 8), sum = zero + top, dif = zero - top;
  parts[0] = sum + cr;
  parts[part] = dif - ci;
  parts[2 * part] = sum - cr;
  parts[3 * part] = dif + ci;
  v4 *highest = parts + part - 1, re = root * (br - dr), im = root * (bi + di);
  highest[0] = two * (br + dr);
  highest[part] = re - im;
  highest[2 * part] = two * (di - bi);
  highest[3 * part] = negative(re) - im;
  factors += 10;
  v4 *target = parts + 1;
  for (size_t column = 1; column < quarter / 2; column++, target += 2, turns += 6, factors += 8) {
    const v4 *a = PLACE(column), *b = PLACE(quarter - column), *c = PLACE(quarter + column);
    const v4 *d = PLACE(2 * quarter - column);
    v4 ar = product_re(a, factors), ai = product_im(a, factors);
    v4 br = product_re(b, factors + 2), bi = product_im(b, factors + 2);
    v4 cr = product_re(c, factors + 4), ci = product_im(c, factors + 4);
    v4 dr = product_re(d, factors + 6), di = product_im(d, factors + 6);
    v4 sum_ad_re = ar + dr, dif_ad_re = ar - dr, sum_bc_re = br + cr, dif_bc_re = br - cr;
    v4 sum_ad_im = ai + di, dif_ad_im = ai - di, sum_bc_im = bi + ci, dif_bc_im = bi - ci;
    store(target, sum_ad_re + sum_bc_re, dif_ad_im - dif_bc_im);
    store_turned_back(target + part, dif_ad_re - sum_bc_im, sum_ad_im - dif_bc_re, turns);
    store_turned_back(target + 2 * part, sum_ad_re - sum_bc_re, dif_ad_im + dif_bc_im, turns + 2);
    store_turned_back(target + 3 * part, dif_ad_re + sum_bc_im, sum_ad_im + dif_bc_re, turns + 4);
  }
}

// The transform back (transform-back.ts)

static void split_two(const v4 *restrict from, v4 *restrict to, size_t width, const float *turns) {
  v4 a = from[0], b = from[2 * width - 1];
  to[0] = a + b;
  to[width] = a - b;
  for (size_t i = 1; i < width - 1; i += 2, turns += 2) {
    const v4 *mirror = from + 2 * width - 2 - i;
    v4 ar = from[i], ai = from[i + 1], br = mirror[0], bi = mirror[1];
    store(to + i, ar + br, ai - bi);
    store_turned(to + width + i, ar - br, ai + bi, turns);
  }
  v4 re = from[width - 1];
  to[width - 1] = re + re;
  to[2 * width - 1] = splat(-2) * from[width];
}

static void split_fours(const v4 *restrict from, v4 *restrict to, size_t width, size_t size, const float *turns) {
  size_t step = size / 4;
  for (const v4 *end = to + step; to < end; from += 4 * width, to += width) {
    v4 a = from[0], b = from[4 * width - 1], c = splat(2) * from[2 * width], d = splat(2) * from[2 * width - 1];
    v4 sum = a + b, dif = a - b;
    to[0] = sum + d;
    to[step] = dif - c;
    to[2 * step] = sum - d;
    to[3 * step] = dif + c;
    const float *turn = turns;
    for (size_t i = 1; i < width - 1; i += 2, turn += 6) {
      const v4 *at = from + i, *mirror = from + width - 2 - i;
      v4 *target = to + i;
      v4 ar = at[0], ai = at[1], cr = at[2 * width], ci = at[2 * width + 1];
      v4 br = mirror[width], bi = mirror[width + 1], dr = mirror[3 * width], di = mirror[3 * width + 1];
      v4 dif_ad_re = ar - dr, sum_ad_re = ar + dr, dif_cb_re = cr - br, sum_cb_re = cr + br;
      v4 dif_cb_im = ci - bi, sum_cb_im = ci + bi, sum_ad_im = ai + di, dif_ad_im = ai - di;
      store(target, sum_ad_re + sum_cb_re, dif_ad_im + dif_cb_im);
      store_turned(target + step, dif_ad_re - sum_cb_im, sum_ad_im + dif_cb_re, turn);
      store_turned(target + 2 * step, sum_ad_re - sum_cb_re, dif_ad_im - dif_cb_im, turn + 2);
      store_turned(target + 3 * step, dif_ad_re + sum_cb_im, sum_ad_im - dif_cb_re, turn + 4);
    }
    const v4 *at = from + width - 1;
    v4 *target = to + width - 1;
    v4 er = at[0], ei = at[1], fr = at[2 * width], fi = at[2 * width + 1];
    v4 dif_re = er - fr, sum_re = er + fr, sum_im = fi + ei, dif_im = fi - ei;
    target[0] = sum_re + sum_re;
    target[step] = splat(-ROOT_OF_TWO) * (sum_im - dif_re);
    target[2 * step] = dif_im + dif_im;
    target[3 * step] = splat(-ROOT_OF_TWO) * (sum_im + dif_re);
  }
}

static v4 *transform_back(v4 *from, v4 *to, size_t size, const float *turns_end) {
  size_t width = size;
  if (__builtin_ctz(size) & 1) {
    width /= 2;
    turns_end -= 2 * (width / 2 - 1);
    split_two(from, to, width, turns_end);
    v4 *other = from;
    from = to;
    to = other;
  }
  while (width > 4) {
    width /= 4;
    turns_end -= 6 * (width / 2 - 1);
    split_fours(from, to, width, size, turns_end);
    v4 *other = from;
    from = to;
    to = other;
  }
  return from;
}

// Blocks (filter-band.ts)

typedef struct { int32_t size; uint32_t turns, turns_end, columns; } transform;

static inline v4 two_blocks(const float *at, size_t block) {
  return _mm_loadh_pi(_mm_loadl_pi(_mm_setzero_ps(), (const __m64 *)at), (const __m64 *)(at + block));
}
#define EVEN(a, b) _mm_shuffle_ps(a, b, 0x88)
#define ODD(a, b) _mm_shuffle_ps(a, b, 0xdd)

static void take_fours(const float *restrict input, size_t block, size_t quarter, v4 *restrict target) {
  for (const v4 *end = target + quarter; target < end; input += 4, target += 4) {
    v4 at[8];
    for (int i = 0; i < 4; i++) {
      at[2 * i] = two_blocks(input + i * quarter, block);
      at[2 * i + 1] = two_blocks(input + i * quarter + 2 * block, block);
    }
    join_numbers(EVEN(at[0], at[1]), EVEN(at[2], at[3]), EVEN(at[4], at[5]), EVEN(at[6], at[7]), target);
    join_numbers(ODD(at[0], at[1]), ODD(at[2], at[3]), ODD(at[4], at[5]), ODD(at[6], at[7]), target + quarter);
  }
}

static void mirror(v4 *spectrum, size_t size) {
  v4 *up = spectrum + size + 2;
  for (const v4 *down = spectrum + size - 2; down > spectrum; down -= 2, up += 2) store(up, down[0], negative(down[1]));
}

static inline void put(float *target, v4 numbers, size_t rest) {
  float values[4];
  if (rest >= 4) {
    _mm_storeu_ps(target, numbers);
    return;
  }
  _mm_storeu_ps(values, numbers);
  for (size_t i = 0; i < rest; i++) target[i] = values[i];
}

static inline void scatter(v4 a, v4 b, v4 c, v4 d, float *output, size_t place, size_t block) {
  if (place >= block) return;
  _MM_TRANSPOSE4_PS(a, b, c, d);
  output += place;
  put(output, a, block - place);
  put(output + block, b, block - place);
  put(output + 2 * block, c, block - place);
  put(output + 3 * block, d, block - place);
}

static void take_back(v4 *work, const char *memory, const transform *back, float *output, size_t outputs) {
  size_t part = back->size / 4;
  const float *turns_end = (const float *)(memory + back->turns_end);
  v4 *at = transform_back(work, work + 4 * part, part, turns_end);
  for (size_t n = 1; n < 4; n++) transform_back(work + n * part, work + (n + 4) * part, part, turns_end);
  for (size_t first = 0; first < part; first += 4) {
    v4 ends[4], starts[4], seconds[4], thirds[4];
    for (size_t n = 0; n < 4; n++) {
      const v4 *from = at + first + n * part;
      ends[n] = from[0] + from[3];
      starts[n] = from[0] - from[3];
      seconds[n] = splat(2) * from[1];
      thirds[n] = splat(2) * from[2];
    }
#define SCATTER(one, sign, two, place) \
  scatter(one[0] sign two[0], one[1] sign two[1], one[2] sign two[2], one[3] sign two[3], output, place, outputs)
    SCATTER(ends, +, seconds, first);
    SCATTER(ends, -, seconds, first + 2 * part);
    SCATTER(starts, -, thirds, first + part);
    SCATTER(starts, +, thirds, first + 3 * part);
  }
}

// Arguments: input, groups, output, plan.
void kernel(char *memory, const int32_t *arguments) {
  const float *input = (const float *)(memory + arguments[0]);
  float *output = (float *)(memory + arguments[2]);
  const uint32_t *plan = (const uint32_t *)(memory + arguments[3]);
  const transform *forth = (const transform *)(memory + plan[0]), *back = (const transform *)(memory + plan[1]);
  const float *factors = (const float *)(memory + plan[2]);
  v4 *work = (v4 *)(memory + plan[3]), *spectrum = (v4 *)(memory + plan[4]);
  size_t block = plan[5], outputs = plan[6], part = forth->size / 4;
  const float *turns = (const float *)(memory + forth->turns);
  for (int group = 0; group < arguments[1]; group++, input += 4 * block, output += 4 * outputs) {
    take_fours(input, block, part, work);
    take_fours(input + 2, block, part, work + 2 * part);
    v4 *at = transform_forth(work, work + 4 * part, part, turns);
    for (size_t n = 1; n < 4; n++) transform_forth(work + n * part, work + (n + 4) * part, part, turns);
    join_columns(at, forth->size, (const float *)(memory + forth->columns), spectrum);
    if (back->size > forth->size) mirror(spectrum, forth->size);
    split_columns(spectrum, forth->size, factors, back->size, (const float *)(memory + back->columns), work);
    take_back(work, memory, back, output, outputs);
  }
}
