/**
 * The mean of the channels, in float32 as librosa.to_mono computes it. One channel is returned as it is.
 *
 * @param channelData one array a channel, equally long
 */
export function mixDown({ channelData }: { readonly channelData: readonly Float32Array[] }): Float32Array {
  const [first] = channelData
  if (!first) throw new RangeError('mixDown needs at least one channel')
  if (channelData.length === 1) return first
  const mono = Float32Array.from(first)
  for (let channel = 1; channel < channelData.length; channel++) {
    const samples = channelData[channel]
    for (let i = 0; i < mono.length; i++) mono[i] += samples[i]
  }
  for (let i = 0; i < mono.length; i++) mono[i] /= channelData.length
  return mono
}
