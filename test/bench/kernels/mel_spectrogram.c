// The algorithm of libs/features/assembly (power-spectrum.ts, mel-spectrogram.ts) in C on 128-bit vectors, with the
// same tables: what the kernels are measured against. Run by run_kernel.c.
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m128 v4;
enum { NUMBERS_AT_HOME = 256 };

static inline v4 splat(const float *at) { return _mm_set1_ps(*at); }

// data: two vectors a complex number; turn: two floats.
static inline void store_turned(v4 *at, v4 re, v4 im, const float *turn) {
  v4 turn_re = splat(turn), turn_im = splat(turn + 1);
  at[0] = re * turn_re - im * turn_im;
  at[1] = re * turn_im + im * turn_re;
}

static inline void butterfly(v4 *data, size_t step, v4 ar, v4 ai, v4 br, v4 bi, v4 cr, v4 ci, v4 dr, v4 di,
                             const float *turn) {
  v4 sum_ac_re = ar + cr, sum_ac_im = ai + ci, dif_ac_re = ar - cr, dif_ac_im = ai - ci;
  v4 sum_bd_re = br + dr, sum_bd_im = bi + di, dif_bd_re = br - dr, dif_bd_im = bi - di;
  data[0] = sum_ac_re + sum_bd_re;
  data[1] = sum_ac_im + sum_bd_im;
  store_turned(data + step, dif_ac_re + dif_bd_im, dif_ac_im - dif_bd_re, turn);
  store_turned(data + 2 * step, sum_ac_re - sum_bd_re, sum_ac_im - sum_bd_im, turn + 2);
  store_turned(data + 3 * step, dif_ac_re - dif_bd_im, dif_ac_im + dif_bd_re, turn + 4);
}

static inline v4 two_frames(const float *at, size_t hop) {
  return _mm_loadh_pi(_mm_loadl_pi(_mm_setzero_ps(), (const __m64 *)at), (const __m64 *)(at + hop));
}
#define EVEN(a, b) _mm_shuffle_ps(a, b, 0x88)
#define ODD(a, b) _mm_shuffle_ps(a, b, 0xdd)

static void first_pass(const float *frame, size_t hop, size_t half, const float *window, const float *turn, v4 *data) {
  size_t quarter = half / 2, step = half / 2;
  for (const float *end = frame + quarter; frame < end; frame += 2, window += 2, data += 2, turn += 6) {
    v4 a01 = two_frames(frame, hop), a23 = two_frames(frame + 2 * hop, hop);
    v4 b01 = two_frames(frame + quarter, hop), b23 = two_frames(frame + quarter + 2 * hop, hop);
    v4 c01 = two_frames(frame + 2 * quarter, hop), c23 = two_frames(frame + 2 * quarter + 2 * hop, hop);
    v4 d01 = two_frames(frame + 3 * quarter, hop), d23 = two_frames(frame + 3 * quarter + 2 * hop, hop);
    const float *b = window + quarter, *c = b + quarter, *d = c + quarter;
    butterfly(data, step, EVEN(a01, a23) * splat(window), ODD(a01, a23) * splat(window + 1),
              EVEN(b01, b23) * splat(b), ODD(b01, b23) * splat(b + 1), EVEN(c01, c23) * splat(c),
              ODD(c01, c23) * splat(c + 1), EVEN(d01, d23) * splat(d), ODD(d01, d23) * splat(d + 1), turn);
  }
}

static void pass_forth(v4 *data, const v4 *end, size_t quarter, const float *twiddles) {
  size_t step = 2 * quarter;
  for (; data < end; data += 3 * step) {
    const float *turn = twiddles;
    for (const v4 *run_end = data + step; data < run_end; data += 2, turn += 6) {
      const v4 *b = data + step, *c = b + step, *d = c + step;
      butterfly(data, step, data[0], data[1], b[0], b[1], c[0], c[1], d[0], d[1], turn);
    }
  }
}

static void last_pass_of_four(v4 *data, const v4 *end) {
  for (; data < end; data += 8) {
    v4 sum_ac_re = data[0] + data[4], sum_ac_im = data[1] + data[5];
    v4 dif_ac_re = data[0] - data[4], dif_ac_im = data[1] - data[5];
    v4 sum_bd_re = data[2] + data[6], sum_bd_im = data[3] + data[7];
    v4 dif_bd_re = data[2] - data[6], dif_bd_im = data[3] - data[7];
    data[0] = sum_ac_re + sum_bd_re;
    data[1] = sum_ac_im + sum_bd_im;
    data[2] = dif_ac_re + dif_bd_im;
    data[3] = dif_ac_im - dif_bd_re;
    data[4] = sum_ac_re - sum_bd_re;
    data[5] = sum_ac_im - sum_bd_im;
    data[6] = dif_ac_re - dif_bd_im;
    data[7] = dif_ac_im + dif_bd_re;
  }
}

static void last_pass_of_two(v4 *data, const v4 *end) {
  for (; data < end; data += 4) {
    v4 ar = data[0], ai = data[1], br = data[2], bi = data[3];
    data[0] = ar + br;
    data[1] = ai + bi;
    data[2] = ar - br;
    data[3] = ai - bi;
  }
}

static void transform_from(v4 *data, size_t size, const float *twiddles) {
  const v4 *end = data + 2 * size;
  if (size > NUMBERS_AT_HOME) {
    size_t quarter = size / 4;
    pass_forth(data, end, quarter, twiddles);
    for (; data < end; data += 2 * quarter) transform_from(data, quarter, twiddles + 6 * quarter);
    return;
  }
  while (size > 4) {
    size_t quarter = size / 4;
    pass_forth(data, end, quarter, twiddles);
    twiddles += 6 * quarter;
    size = quarter;
  }
  if (size == 4) last_pass_of_four(data, end);
  else if (size == 2) last_pass_of_two(data, end);
}

static inline v4 norm(v4 re, v4 im) { return re * re + im * im; }

static void separate(const v4 *data, size_t half, const float *turns, const int32_t *places, v4 *power) {
  v4 two = _mm_set1_ps(2), sum = two * (data[0] + data[1]), difference = two * (data[0] - data[1]);
  power[0] = sum * sum;
  power[half] = difference * difference;
  for (size_t k = 1, mirror = half - 1; k <= mirror; k++, mirror--) {
    turns += 2;
    const v4 *low = (const v4 *)((const char *)data + places[k]);
    const v4 *high = (const v4 *)((const char *)data + places[mirror]);
    v4 cos = splat(turns), sin = splat(turns + 1);
    v4 even_re = low[0] + high[0], even_im = low[1] - high[1];
    v4 odd_re = low[1] + high[1], odd_im = high[0] - low[0];
    v4 turned_re = cos * odd_re + sin * odd_im, turned_im = cos * odd_im - sin * odd_re;
    power[k] = norm(even_re + turned_re, even_im + turned_im);
    power[mirror] = norm(even_re - turned_re, even_im - turned_im);
  }
}

static void apply_filters(const v4 *power, const int32_t *heads, int bands, v4 *columns) {
  const float *weights = (const float *)(heads + bands + 2);
  const v4 *bin = power + *heads++;
  v4 before = _mm_setzero_ps();
  for (int band = 0; band <= bands; band++) {
    v4 rising = _mm_setzero_ps(), falling = before;
    for (const v4 *end = bin + *heads++; bin < end; bin++, weights += 2) {
      rising += splat(weights) * *bin;
      falling += splat(weights + 1) * *bin;
    }
    if (band > 0) columns[band - 1] = falling;
    before = rising;
  }
}

static void write_rows(v4 *columns, int bands, float *mel) {
  for (int band = 0; band < bands; band += 4, columns += 4, mel += 4) {
    v4 a = columns[0], b = columns[1], c = columns[2], d = columns[3];
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(mel, a);
    _mm_storeu_ps(mel + bands, b);
    _mm_storeu_ps(mel + 2 * bands, c);
    _mm_storeu_ps(mel + 3 * bands, d);
  }
}

// Arguments: samples, frames, nFft, hop, bands, tables, mel.
void kernel(char *memory, const int32_t *arguments) {
  const float *samples = (const float *)(memory + arguments[0]);
  size_t frames = arguments[1], half = arguments[2] / 2, quarter = half / 4, hop = arguments[3], bands = arguments[4];
  const uint32_t *tables = (const uint32_t *)(memory + arguments[5]);
  const float *window = (const float *)(memory + tables[0]), *twiddles = (const float *)(memory + tables[1]);
  const float *turns = (const float *)(memory + tables[2]);
  const int32_t *places = (const int32_t *)(memory + tables[3]), *filters = (const int32_t *)(memory + tables[6]);
  v4 *data = (v4 *)(memory + tables[4]), *power = (v4 *)(memory + tables[5]), *columns = (v4 *)(memory + tables[7]);
  float *mel = (float *)(memory + arguments[6]);
  for (size_t frame = 0; frame < frames; frame += 4) {
    first_pass(samples + frame * hop, hop, half, window, twiddles, data);
    for (int part = 0; part < 4; part++) transform_from(data + part * 2 * quarter, quarter, twiddles + 6 * quarter);
    separate(data, half, turns, places, power);
    apply_filters(power, filters, bands, columns);
    write_rows(columns, bands, mel + frame * bands);
  }
}
