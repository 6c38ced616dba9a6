import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createAsyncWaveformLoader, encodeWav } from '@ser/audio'
import { extractFeatures } from '@ser/features'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repositoryRoot } from '../support/services.ts'
import { findChromium } from './find-chromium.ts'
import { installPacked } from './pack-libraries.ts'

const run = promisify(execFile)
const chromiumPath = findChromium()
const compressed = (name: string) => readFileSync(join(repositoryRoot, 'libs/audio/fixtures/compressed', name))
const tone = Float32Array.from({ length: 24_414 }, (_, n) => 0.4 * Math.sin(n / 11 + 4 * Math.sin(n / 3000)))

/** A recording of each kind, as base64: what passes into another process as it is. */
const recordings: Readonly<Record<string, string>> = {
  wav: Buffer.from(encodeWav({ samples: [tone], sampleRate: 24_414 })).toString('base64'),
  flac: compressed('stereo24.flac').toString('base64'),
  mp3: compressed('stereo.mp3').toString('base64'),
  vorbis: compressed('mono_vorbis.ogg').toString('base64'),
  opus: compressed('mono.opus').toString('base64'),
}

// What a user of the libraries writes. It must run where there is neither Node nor anything else of this repository.
const CONSUMER = `
import { createAsyncWaveformLoader, type Waveform } from '@ser/audio'
import { createExtractor, featureNames } from '@ser/features'

const load = createAsyncWaveformLoader({ sampleRate: 22050 })
const extractor = createExtractor()

export async function featuresOf(base64: string): Promise<number[]> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const waveform: Waveform = await load(bytes)
  const values: Float32Array = extractor.extract(waveform.samples)
  if (values.length !== featureNames().length) throw new Error('a value without a name')
  return Array.from(values)
}
`

async function expected(base64: string): Promise<Float32Array> {
  const { samples } = await createAsyncWaveformLoader()(Buffer.from(base64, 'base64'))
  return extractFeatures(samples)
}

/** Another version of V8 may round its sines and logarithms otherwise in the last place. */
function expectSame(actual: readonly number[], wanted: Float32Array): void {
  expect(actual).toHaveLength(wanted.length)
  wanted.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value) + 1e-9))
}

describe('libs/audio and libs/features, packed and installed alone', () => {
  let folder = ''
  let packages: string[] = []
  beforeAll(async () => {
    ;({ folder, packages } = await installPacked())
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('need nothing but the codecs: no TensorFlow, no Redis, no database', () => {
    expect(packages).toEqual([
      '@eshaz/web-worker',
      '@ser/audio',
      '@ser/features',
      '@ser/kernels',
      '@wasm-audio-decoders/common',
      '@wasm-audio-decoders/ogg-vorbis',
      'codec-parser',
      'mpg123-decoder',
      'opus-decoder',
      'simple-yenc',
    ])
  })

  test('have types that a strict program compiles against', async () => {
    const tsc = join(repositoryRoot, 'node_modules/@typescript/native/bin/tsc')
    const flags = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--lib', 'es2023,dom']
    await expect(
      run(process.execPath, [tsc, ...flags, '--types', '', 'consumer.ts'], { cwd: folder }),
    ).resolves.toEqual({ stdout: '', stderr: '' })
  })

  // A program can hang when it ends, in Node itself (nodejs/node issue 54918): V8 compiles on another thread, which waits for the main
  // thread's garbage collection, which waits for it. Stopped and tried again then.
  test.each(Object.keys(recordings))('give the same values of %s in plain Node', { retry: 2 }, async (kind) => {
    writeFileSync(
      join(folder, 'main.js'),
      "import { featuresOf } from './consumer.js'\n" +
        "process.stdout.write(JSON.stringify(await featuresOf(process.env.RECORDING ?? '')))\n",
    )
    const env = { PATH: process.env['PATH'] ?? '', RECORDING: recordings[kind] }
    const { stdout } = await run(process.execPath, ['main.js'], { cwd: folder, env, timeout: 30_000 })
    expectSame(JSON.parse(stdout), await expected(recordings[kind]))
  })

  // Chromium: SER_CHROMIUM, the PATH, or Debian's package when root runs the tests.
  describe.skipIf(chromiumPath === undefined)('in headless Chromium', () => {
    test('give the same values of every kind of recording', async () => {
      const bundle = await build({
        stdin: {
          contents: "import { featuresOf } from './consumer.ts'\nglobalThis.featuresOf = featuresOf",
          resolveDir: folder,
        },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'browser',
      })
      const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
      const browser = await chromium.launch({ executablePath: chromiumPath ?? '', headless: true, args })
      try {
        const page = await browser.newPage()
        await page.addScriptTag({ type: 'module', content: bundle.outputFiles[0].text })
        for (const base64 of Object.values(recordings)) {
          const values: number[] = await page.evaluate(`featuresOf(${JSON.stringify(base64)})`)
          expectSame(values, await expected(base64))
        }
      } finally {
        await browser.close()
      }
    })
  })
})
