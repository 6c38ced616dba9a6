import { readFileSync } from 'node:fs'
import { createWaveformLoader, createWaveformReader } from '@ser/audio'
import { createExtractor, createReferenceExtractor, defaultFeatureSpec } from '@ser/features'
import { createFileReader } from '../../../apps/cli/src/create-file-reader.ts'
import { decodeInto } from '../../../libs/audio/src/decode-audio.ts'
import { filterBandFast } from '../../../libs/audio/src/filter-band-fast.ts'
import { keepMemory } from '../../../libs/audio/src/keep-memory.ts'
import { loadKernels as loadAudioKernels } from '../../../libs/audio/src/kernels.ts'
import { planResampling } from '../../../libs/audio/src/plan-resampling.ts'
import { createPcm16Reader } from '../../../libs/audio/src/read-pcm16.ts'
import { countOutputs, prepareStages } from '../../../libs/audio/src/resample.ts'
import type { Samples } from '../../../libs/audio/src/run-stage.ts'
import { createAnalysis } from '../../../libs/features/src/analyse-recording.ts'
import { loadKernels } from '../../../libs/features/src/kernels.ts'
import { compileC } from './compile-c.ts'
import { recordKernel, type RecordedKernel } from './record-kernel.ts'
import type { LibrosaClock } from './time-librosa.ts'

/** A turn of a way of working (or of several): processor milliseconds of every recording, one after the other. */
export type Turn = () => Promise<Readonly<Record<string, readonly number[]>>>

const RATE = 22_050
// Rates of TESS: the ratio that the long filter is compared with C at.
const FILTERED_RATE = 24_414

/** Turns of librosa, of plain TypeScript, of the kernels and of C. */
export async function createWays(paths: readonly string[], librosa: LibrosaClock, scratch: string): Promise<Turn[]> {
  const load = createWaveformLoader()
  const waveforms = paths.map((path) => load(readFileSync(path)).samples)
  const readFile = createFileReader()
  const read = createWaveformReader()
  const extractor = createExtractor()
  const reference = createReferenceExtractor()
  return [
    async () => ({ 'librosa, file to vector': await librosa.time('whole') }),
    turn('kernels, file to vector', paths, (path) => read(readFile(path), ({ samples }) => extractor.extract(samples))),
    async () => ({ 'librosa, features': await librosa.time('features') }),
    turn('plain TypeScript, features', waveforms, (samples) => reference.extract(samples)),
    turn('kernels, features', waveforms, (samples) => extractor.extract(samples)),
    turn('kernels, features of every frame', waveforms, (samples) => extractor.extractFrames(samples)),
    async () => ({ 'librosa, load': await librosa.time('load') }),
    turn('kernels, load', paths, (path) => read(readFile(path), ({ samples }) => samples.length)),
    ...(await besideC('mel_spectrogram.c', 'mel spectrogram', recordMel(waveforms), scratch)),
    ...(await besideC('filter_band.c', 'long filter', recordFilter(paths), scratch)),
    partsTurn(paths),
  ]
}

function turn<T>(name: string, items: readonly T[], work: (item: T) => unknown): Turn {
  return async () => {
    const times: number[] = []
    for (const item of items) {
      const before = process.cpuUsage()
      await work(item)
      times.push(since(before))
    }
    return { [name]: times }
  }
}

/** Processor time, with the garbage collector's: on a machine that does other things it says more than the clock. */
function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function besideC(source: string, name: string, kernel: RecordedKernel, scratch: string): Promise<Turn[]> {
  const turns: Turn[] = [
    async () => {
      const times: number[] = []
      for (const call of kernel.calls) {
        kernel.prepare(call)
        const before = process.cpuUsage()
        kernel.run(call)
        times.push(since(before))
      }
      return { [`kernel, ${name}`]: times }
    },
  ]
  for (const flag of ['-msse2', '-mavx']) {
    const program = await compileC(scratch, { source, flags: ['-O3', flag], kernel })
    if (program) turns.push(async () => ({ [`C -O3 ${flag}, ${name}`]: await program.time() }))
  }
  return turns
}

function recordMel(waveforms: readonly Float32Array[]): RecordedKernel {
  const { run, kernelMemory } = present(loadKernels())
  const kernel = recordKernel({ run, kernelMemory }, 'melSpectrogram', ([, frames, , , bands, , mel]) => ({
    address: mel,
    bytes: Math.ceil(frames / 4) * 4 * bands * 4,
  }))
  const analyse = createAnalysis(defaultFeatureSpec, { kernelMemory, run: { ...run, melSpectrogram: kernel.record } })
  for (const samples of waveforms) analyse(samples)
  return kernel
}

function recordFilter(paths: readonly string[]): RecordedKernel {
  const { run, kernelMemory } = present(loadAudioKernels())
  const kernel = recordKernel({ run, kernelMemory }, 'filterBand', ([, groups, output, plan]) => ({
    address: output,
    bytes: groups * 4 * kernelMemory.integers(plan, 7)[6] * 4,
  }))
  const [filter] = planResampling(FILTERED_RATE, RATE)
  if (filter.kind !== 'filter') throw new Error(`the first stage from ${FILTERED_RATE} Hz is no filter`)
  const stage = filterBandFast(filter, { kernelMemory, run: { ...run, filterBand: kernel.record } })
  const loadAsIs = createWaveformLoader({ sampleRate: FILTERED_RATE })
  for (const path of paths) {
    const { samples } = loadAsIs(readFileSync(path))
    stage.run(samples, samples.length * 2)
  }
  return kernel
}

/** The parts of the way from a file to its vector, one after the other as they come. */
function partsTurn(paths: readonly string[]): Turn {
  const memory = { allocate: keepMemory(), readPcm16: createPcm16Reader() }
  const readFile = createFileReader()
  const extractor = createExtractor()
  const stages = new Map<number, ReturnType<typeof prepareStages>>()
  return async () => {
    const times: Record<string, number[]> = {}
    for (const path of paths) {
      let before = process.cpuUsage()
      const finish = (part: string): void => {
        ;(times[part] ??= []).push(since(before))
        before = process.cpuUsage()
      }
      const bytes = readFile(path)
      finish('part: reading the file')
      const { sampleRate, frames, channelData } = decodeInto(bytes, {}, memory)
      finish('part: decoding')
      let signal: Samples = channelData[0]
      const found = stages.get(sampleRate) ?? prepareStages(sampleRate, RATE)
      stages.set(sampleRate, found)
      const counts = countOutputs(found, (frames * RATE) / sampleRate)
      for (const [index, stage] of found.entries()) {
        signal = stage.run(signal, counts[index])
        finish(`part: resampler, stage ${index + 1}`)
      }
      extractor.extract(signal instanceof Float32Array ? signal : new Float32Array(signal))
      finish('part: features')
    }
    return times
  }
}

function present<T>(kernels: T | undefined): T {
  if (kernels === undefined) throw new Error('WebAssembly with SIMD is missing here')
  return kernels
}
