import { encodeWav } from '@ser/audio'
import type { StartedApi } from './start-api.ts'

export const SAMPLE_RATE = 16_000

/** A tone for each of the given seconds; 0 is silence. */
export function tones(...parts: readonly { readonly hertz: number; readonly seconds: number }[]): Uint8Array {
  const samples = parts.flatMap(({ hertz, seconds }) =>
    Array.from({ length: Math.round(seconds * SAMPLE_RATE) }, (_, at) =>
      hertz === 0 ? 0 : 0.3 * Math.sin((2 * Math.PI * hertz * at) / SAMPLE_RATE),
    ),
  )
  return encodeWav({ samples: Float32Array.from(samples), sampleRate: SAMPLE_RATE })
}

/** A recording as the body. */
export function send(
  api: StartedApi,
  bytes: Uint8Array,
  query = '',
  more: RequestInit = {},
  contentType = 'audio/wav',
): Promise<Response> {
  return api.call(`/v1/predictions${query}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Uint8Array.from(bytes),
    ...more,
  })
}

/** Recordings as the files of a form, after its fields. */
export function sendForm(
  api: StartedApi,
  path: string,
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
  fields: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, bytes] of files) form.append('file', new Blob([Uint8Array.from(bytes)]), name)
  return api.call(path, { method: 'POST', body: form })
}

/** The value of a metric of the server. */
export async function readMetric(api: StartedApi, name: string, ...labels: readonly string[]): Promise<number> {
  const text = await (await fetch(new URL('/metrics', api.url))).text()
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && labels.every((label) => each.includes(label)))
  return line === undefined ? 0 : Number(line.split(' ').at(-1))
}

/** A long recording of 8 bits at 8 kHz: little to send. */
export function hum(seconds: number): Uint8Array {
  const rate = SAMPLE_RATE / 2
  const bytes = Buffer.alloc(44 + seconds * rate)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate],
    [40, seconds * rate],
  ] as const)
    bytes.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    bytes.writeUInt16LE(value, at)
  bytes.write('data', 36)
  // A second, again and again: to compute each sample would take longer than to predict them.
  const second = Buffer.from(
    Uint8Array.from({ length: rate }, (_, at) => 128 + Math.round(40 * Math.sin(at / (3 + at / rate)))),
  )
  bytes.fill(second, 44)
  return bytes
}
