/** The periodic Hann window, 0.5 - 0.5 cos(2 pi n / N): scipy.signal.get_window('hann', N, fftbins=True). */
export function hannWindow(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length))
}
