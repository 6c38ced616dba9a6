import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeWav, loadWaveform } from '@ser/audio'
import {
  createRowExtractor,
  defaultFeatureSpec,
  defaultVoiceBlocksSpec,
  defaultVoiceSpec,
  extractFeatures,
  extractFrames,
  featureNames,
  joinFrameGroups,
} from '@ser/features'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderFrames, renderHead, renderRefusal } from './render-features.ts'

const folder = mkdtempSync(join(tmpdir(), 'ser-features-'))
const recordings = Object.fromEntries(
  [300, 440, 1000].map((hz) => {
    const samples = Float32Array.from({ length: 12_000 }, (_, n) => 0.5 * Math.sin((hz * n) / 2500))
    return [`sine ${hz}.wav`, encodeWav({ samples: [samples], sampleRate: 16_000 })]
  }),
)
const names = Object.keys(recordings).sort()
const vectorOf = (name: string): Float32Array => extractFeatures(loadWaveform(recordings[name]).samples)

beforeAll(() => {
  mkdirSync(join(folder, 'sounds/deep'), { recursive: true })
  for (const [name, bytes] of Object.entries(recordings)) writeFileSync(join(folder, 'sounds', name), bytes)
  writeFileSync(join(folder, 'sounds/deep/broken.flac'), 'no sound')
  writeFileSync(join(folder, 'sounds/labels.txt'), 'not looked at')
})
afterAll(() => rmSync(folder, { recursive: true }))

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** The real command, whose threads are real too. There is no server, and no address of one. */
function features(...args: string[]): Promise<Ended> {
  const main = join(import.meta.dirname, 'main.ts')
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '-C', 'ser-source', main, 'features', ...args],
      { cwd: folder, maxBuffer: 1 << 26 },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

/** What a float32 prints as, read again. */
function near(actual: unknown, expected: ArrayLike<number>): void {
  if (!Array.isArray(actual)) throw new TypeError('numbers are wanted')
  expect(Float32Array.from(actual)).toEqual(Float32Array.from(expected))
}

it('has a line of CSV for every frame', () => {
  const samples = Float32Array.from({ length: 3000 }, (_, n) => Math.sin(n / 9))
  const spec = { ...defaultFeatureSpec, nMels: 4, nMfcc: 2, pooling: 'frames' as const }
  const frames = extractFrames(samples, spec)
  const lines = renderFrames('csv', 'a "b", c.wav', joinFrameGroups(frames), spec).split('\n')
  const columns = renderHead('csv', spec).trim().split(',')
  expect(columns).toEqual(['file', 'frame', ...featureNames(spec), 'error'])
  expect(lines).toHaveLength(frames.frameCount + 1)
  const [frame, ...cells] = lines[1].replace('"a ""b"", c.wav",', '').split(',')
  expect([frame, cells.length, cells[8]]).toEqual(['1', 9, ''])
  near(cells.slice(0, 4).map(Number), frames.mel.subarray(4, 8))
  near(cells.slice(4, 8).map(Number), [...frames.mfcc.subarray(2, 4), frames.zcr[1], frames.rms[1]])
  const refused = renderRefusal('csv', 'x.wav', { code: 'empty', message: 'nothing' }, spec)
  expect(refused.split(',')).toHaveLength(columns.length)
})

describe('ser features', { timeout: 60_000 }, () => {
  it('writes a line of JSON a recording, in the order of their names, and refuses what is none', async () => {
    const { code, stdout, stderr } = await features('sounds')
    const lines: Record<string, unknown>[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(4)
    expect(stderr).toContain('features: 4 of 4, 1 refused')
    expect(lines[0]).toEqual({
      file: 'sounds/deep/broken.flac',
      error: { code: 'not_audio', message: expect.stringContaining('not a WAV') },
    })
    expect(lines.slice(1).map(({ file }) => file)).toEqual(names.map((name) => `sounds/${name}`))
    for (const [index, name] of names.entries()) {
      const { file, mfcc, melSpectrogram, zeroCrossingRate, rms, ...rest } = lines[index + 1]
      const expected = vectorOf(name)
      expect([file, rest]).toEqual([`sounds/${name}`, {}])
      near(mfcc, expected.subarray(128, 168))
      near(melSpectrogram, expected.subarray(0, 128))
      near([zeroCrossingRate, rms], expected.subarray(168))
    }
  })

  it('writes the matrices with --frames, by the spec of --set', async () => {
    const spec = '{"nMfcc":13,"hopLength":1000}'
    const { code, stdout } = await features(`sounds/${names[0]}`, '--frames', '--set', spec)
    const { mfcc, melSpectrogram, rms }: Record<string, number[][]> = JSON.parse(stdout)
    const frames = extractFrames(loadWaveform(recordings[names[0]]).samples, {
      sampleRate: 22_050,
      nFft: 2048,
      hopLength: 1000,
      window: 'hann',
      nMels: 128,
      nMfcc: 13,
      pooling: 'frames',
    })
    expect(code).toBe(0)
    expect([mfcc.length, mfcc[0].length, melSpectrogram[0].length, rms.length]).toEqual([
      frames.frameCount,
      13,
      128,
      frames.frameCount,
    ])
    near(mfcc[5], frames.mfcc.subarray(65, 78))
  })

  it('writes CSV with a name for every value', async () => {
    const { stdout } = await features('sounds', 'absent.wav', '--format', 'csv', '--output', 'out.csv')
    const [head, ...rows] = readFileSync(join(folder, 'out.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','))
    expect(stdout).toBe('')
    expect(head).toEqual(['file', ...featureNames(), 'error'])
    expect(rows.slice(1).map((row) => row.length)).toEqual([172, 172, 172, 172])
    // Its message has commas.
    expect(rows[0].slice(171).join(',')).toMatch(/^"not_audio: .+"$/)
    near(rows[1].slice(1, -1).map(Number), vectorOf(names[0]))
    expect([rows[4][0], rows[4][171]]).toEqual(['absent.wav', 'FILE_NOT_READABLE: the file cannot be read (ENOENT)'])
  })

  it('writes the statistics of a voice by their names', async () => {
    const set = ['--set', '{"kind":"voice"}']
    const wave = loadWaveform(recordings[names[0]], { sampleRate: 16_000 }).samples
    const expected = extractFeatures(wave, defaultVoiceSpec)
    const json = await features(`sounds/${names[0]}`, ...set)
    const { voice }: { voice: Record<string, number> } = JSON.parse(json.stdout)
    expect(Object.keys(voice)).toEqual(featureNames(defaultVoiceSpec))
    near(Object.values(voice), expected)
    const csv = await features(`sounds/${names[0]}`, ...set, '--format', 'csv')
    const [head, row] = csv.stdout.split('\n').map((line) => line.split(','))
    expect(head).toEqual(['file', ...featureNames(defaultVoiceSpec), 'error'])
    near(row.slice(1, -1).map(Number), expected)
  })

  it('writes the measures of a voice over time with --frames', async () => {
    const wave = loadWaveform(recordings[names[0]], { sampleRate: 16_000 }).samples
    const rows = createRowExtractor({ ...defaultVoiceBlocksSpec, blockMs: 100 })(wave)
    const set = ['--frames', '--set', '{"kind":"voice","blockMs":100}']
    const { code, stdout } = await features(`sounds/${names[0]}`, ...set)
    const { voice }: { voice: Record<string, number[]> } = JSON.parse(stdout)
    const columns = featureNames(defaultVoiceBlocksSpec)
    expect(code).toBe(0)
    expect(Object.keys(voice)).toEqual(columns)
    near(
      voice['level'],
      rows.filter((_, at) => at % columns.length === columns.indexOf('level')),
    )
  })

  it('writes npy with a row a file, and the files beside it', async () => {
    const { code } = await features('sounds', '--format', 'npy', '-o', 'out.npy', '--threads', '1')
    const bytes = readFileSync(join(folder, 'out.npy'))
    const head = 10 + bytes.readUInt16LE(8)
    expect(code).toBe(4)
    expect(bytes.toString('latin1', 0, 6)).toBe('\u0093NUMPY')
    expect(head % 64).toBe(0)
    expect(bytes.toString('latin1', 10, head).trim()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 170), }",
    )
    const values = Float32Array.from({ length: 4 * 170 }, (_, i) => bytes.readFloatLE(head + i * 4))
    expect(values.subarray(0, 170).every(Number.isNaN)).toBe(true)
    expect(values.subarray(170, 340)).toEqual(vectorOf(names[0]))
    const files = readFileSync(join(folder, 'out.npy.files.txt'), 'utf8')
    expect(files).toBe(['sounds/deep/broken.flac', ...names.map((name) => `sounds/${name}`), ''].join('\n'))
  })

  it.each([
    [['sounds', '--format', 'npy'], 'npy needs --output'],
    [['sounds', '--set', '{"nFft":1000}'], 'nFft'],
    [['sounds', '--set', '{"kind":"voice","nMels":40}'], 'nMels'],
    [['sounds', '--format', 'npy', '--frames', '-o', 'x.npy'], 'no one array'],
  ])('says that %j is not its usage', async (args, reason) => {
    const { code, stderr } = await features(...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)])
  })
})
