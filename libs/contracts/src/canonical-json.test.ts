import { describe, expect, it } from 'vitest'
import { canonicalJson, contentHash } from './canonical-json.ts'

describe('canonicalJson', () => {
  it('gives equal text for equal values, whatever the order of the keys', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, 2], c: null } })).toBe('{"a":{"c":null,"d":[1,2]},"b":1}')
    expect(canonicalJson({ a: { c: null, d: [1, 2] }, b: 1 })).toBe(canonicalJson({ b: 1, a: { d: [1, 2], c: null } }))
  })

  it('leaves out what is undefined, so that an absent and an undefined option are the same', () => {
    expect(contentHash({ a: 1, b: undefined })).toBe(contentHash({ a: 1 }))
  })

  it('tells values apart that differ only in the order of a list', () => {
    expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]))
  })
})
