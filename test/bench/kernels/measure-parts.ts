import { readFileSync } from 'node:fs'
import { createWaveformReader, decodeAudio } from '@ser/audio'
import { createExtractor } from '@ser/features'
import { countOutputs, prepareStages } from '../../../libs/audio/src/resample.ts'
import { createMelKernel } from './create-mel-kernel.ts'

/** Least milliseconds of each part of the way from a file to its vector. */
export type PartTimes = Readonly<Record<string, number>>

const RATE = 22_050

/** Measures one recording part by part. Other programs disturb the least of many runs least. */
export async function measureParts(path: string, runs: number): Promise<PartTimes> {
  const bytes = readFileSync(path)
  const { sampleRate, frames, channelData } = decodeAudio(bytes)
  const times: Record<string, number> = { 'reading the file': await least(() => readFileSync(path), runs) }
  const stages = prepareStages(sampleRate, RATE)
  const counts = countOutputs(stages, (frames * RATE) / sampleRate)
  let signal = channelData[0].slice()
  for (const [index, stage] of stages.entries()) {
    const input = signal
    const work = () => stage.run(input, counts[index])
    times[`resampler, stage ${index + 1}`] = await least(work, runs)
    signal = Float32Array.from(work())
  }
  const read = createWaveformReader()
  times['decoding and resampling'] = await least(() => read(bytes, ({ samples }) => samples.length), runs)
  const mel = createMelKernel()
  mel.load(signal)
  times['mel spectrogram'] = await least(() => mel.run(), runs)
  const extractor = createExtractor()
  times['all features'] = await least(() => extractor.extract(signal), runs)
  times['all, the file read anew'] = await least(
    () => read(readFileSync(path), ({ samples }) => extractor.extract(samples)),
    runs,
  )
  return times
}

async function least(work: () => unknown, runs: number): Promise<number> {
  let time = Infinity
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    await work()
    time = Math.min(time, performance.now() - started)
  }
  return time
}
