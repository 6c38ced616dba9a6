// The reader of 16-bit samples of src/sample-encodings.ts, eight samples a step.

/**
 * Little-endian 16-bit samples, one after the other, to float32 of full scale 1.
 *
 * @param count a multiple of eight, for which both `bytes` and `samples` have room
 */
export function readPcm16(bytes: usize, count: i32, samples: usize): void {
  const scale = f32x4.splat(1 / 32768)
  for (const end = bytes + ((<usize>count) << 1); bytes < end; bytes += 16, samples += 32) {
    const values = v128.load(bytes)
    v128.store(samples, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values)), scale))
    v128.store(samples, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values)), scale), 16)
  }
}
