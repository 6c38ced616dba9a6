import { describe, expect, it } from 'vitest'
import { ingestRequestSchema } from './jobs.ts'
import { textSchema } from './names.ts'

describe('text', () => {
  it('is any that can be stored', () => {
    for (const text of ['', 'Zoë', '\u{1F600}', 'line\nline', '\t']) expect(textSchema.parse(text)).toBe(text)
  })

  it('holds no NUL and no half of a surrogate pair', () => {
    for (const text of ['\0', 'a\0b', '\uD83D', '\uDE00 first'])
      expect(textSchema.safeParse(text).error?.issues).toMatchObject([{ message: expect.stringContaining('no NUL') }])
  })

  it('is what the paths of a request are', () => {
    const source = { kind: 'archive', path: '/data/a\0.zip' }
    const { error } = ingestRequestSchema.safeParse({ dataset: 'x', source })
    expect(error?.issues).toMatchObject([{ path: ['source', 'path'] }])
  })
})
