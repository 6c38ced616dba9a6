import { setTimeout } from 'node:timers/promises'
import type { z } from 'zod'

export type ApiClient = ReturnType<typeof createApiClient>

/** The few calls that the tests make, as anybody would make them: fetch, a bearer token, JSON. */
export function createApiClient(url: string, token: string) {
  const text = async (path: string, init: RequestInit = {}): Promise<string> => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    const answer = await fetch(new URL(path, url), { ...init, headers })
    const said = await answer.text()
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${said}`)
    return said
  }
  const call = async (path: string, init?: RequestInit): Promise<unknown> => {
    const said = await text(path, init)
    return said === '' ? null : JSON.parse(said)
  }
  const get = async <T extends z.ZodType>(schema: T, path: string): Promise<z.output<T>> =>
    schema.parse(await call(path))
  const post = async <T extends z.ZodType>(schema: T, path: string, body: unknown): Promise<z.output<T>> =>
    schema.parse(
      await call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  return {
    get,
    post,
    /** A page or a file of text. */
    text: (path: string): Promise<string> => text(path),
    upload: async <T extends z.ZodType>(schema: T, path: string, bytes: Uint8Array): Promise<z.output<T>> =>
      schema.parse(
        await call(path, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: Uint8Array.from(bytes),
        }),
      ),
    /** Recordings as the files of a form, each under its place. */
    uploadAll: async <T extends z.ZodType>(
      schema: T,
      path: string,
      recordings: readonly Uint8Array[],
    ): Promise<z.output<T>> => {
      const form = new FormData()
      for (const [place, bytes] of recordings.entries())
        form.append('file', new Blob([Uint8Array.from(bytes)]), String(place))
      return schema.parse(await call(path, { method: 'POST', body: form }))
    },
    /** Asks again until `holds`; the last answer is in the error when it never does. */
    until: async <T extends z.ZodType>(
      schema: T,
      path: string,
      holds: (value: z.output<T>) => boolean,
      seconds = 120,
    ): Promise<z.output<T>> => {
      const end = Date.now() + seconds * 1000
      for (;;) {
        const value = await get(schema, path)
        if (holds(value)) return value
        if (Date.now() > end) throw new Error(`${path} did not come to it in ${seconds} s: ${JSON.stringify(value)}`)
        await setTimeout(100)
      }
    },
  }
}
