/**
 * Milliseconds a clip for each way of computing the features, medians, one core.
 * usage: node --import tsx -C ser-source test/bench/kernels/measure.ts [--python PYTHON] [--seconds 2] [--rounds 200]
 */
import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { createWaveformLoader, encodeWav } from '@ser/audio'
import { createExtractor, createReferenceExtractor } from '@ser/features'

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '200' },
  },
})
const seconds = Number(flags.seconds)
const rounds = Number(flags.rounds)

// TESS's rate. A gliding tone in noise: what the samples are does not change the time.
const recorded = speechLike(seconds, 24_414)
const bytes = encodeWav({ samples: recorded, sampleRate: 24_414 })
const load = createWaveformLoader()
const { samples } = load(bytes)
const reference = createReferenceExtractor()
const kernels = createExtractor()

const rows: [string, number][] = [
  ['features, plain TypeScript', median(() => reference.extract(samples))],
  ['features, WebAssembly SIMD', median(() => kernels.extract(samples))],
  ['decode and resample', median(() => load(bytes))],
  ['the whole way from bytes to vector', median(() => kernels.extract(load(bytes).samples))],
]
if (flags.python) {
  const script = join(import.meta.dirname, 'measure_librosa.py')
  const { stdout } = await promisify(execFile)(flags.python, [script, flags.seconds, flags.rounds])
  const times: Record<string, number> = JSON.parse(stdout)
  rows.push(...Object.entries(times))
}
process.stdout.write(`${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${seconds} s of sound, ms a clip\n`)
for (const [name, milliseconds] of rows) process.stdout.write(`${milliseconds.toFixed(2).padStart(8)}  ${name}\n`)

function median(work: () => unknown): number {
  for (let i = 0; i < rounds / 4; i++) work()
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return times.sort((a, b) => a - b)[rounds >> 1]
}

function speechLike(length: number, rate: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: length * rate }, (_, n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return 0.3 * Math.sin(0.05 * n + 20 * Math.sin(n / 5000)) + 0.02 * (state / 2 ** 31 - 1)
  })
}
