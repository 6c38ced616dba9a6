import type { PromotionGate, RegistryChange } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { findVersion, readVersion } from './find-version.ts'
import { renderChange } from './promote-model.ts'

const difference = { value: 0.012, low: -0.004, high: 0.028 }
const gate: PromotionGate = {
  outcome: 'passed',
  champion: 2,
  figure: 'uar',
  margin: 0.02,
  recordings: 700,
  sameTestSide: true,
  over: 'recordings',
  difference: { uar: difference, accuracy: difference, macroF1: { ...difference, value: -0.012 } },
  onlyChampionRight: 8,
  onlyCandidateRight: 16,
  pValue: 0.15,
}

const change = (changes: Partial<RegistryChange> = {}): RegistryChange => ({
  id: 1,
  model: 'paper',
  action: 'promote',
  alias: 'champion',
  version: 3,
  previous: 2,
  by: { token: 'admin', onBehalfOf: null },
  forced: false,
  reason: null,
  gate,
  at: '2026-11-23T15:00:00Z',
  ...changes,
})

describe('a change as text', () => {
  it('says what is in use now and how the two compare', () => {
    expect(renderChange(change())).toEqual([
      'paper: champion is @3, before @2',
      'gate: passed with a margin of 2.0 points; compared with @2 on 700 recordings, the same test side',
      '  UAR       +1.2 points (95 %: -0.4 to +2.8)',
      '  accuracy  +1.2 points (95 %: -0.4 to +2.8)',
      '  macro F1  -1.2 points (95 %: -0.4 to +2.8)',
    ])
  })

  it('says that it was forced, and why', () => {
    const forced = change({
      forced: true,
      reason: 'new microphones',
      gate: { ...gate, outcome: 'worse', sameTestSide: false },
    })
    expect(renderChange(forced)[1]).toBe(
      'gate: forced: new microphones; compared with @2 on 700 recordings, what their test sides have in common',
    )
    const few = change({
      forced: true,
      reason: 'why',
      gate: { ...gate, outcome: 'too-few', recordings: 12, difference: null },
    })
    expect(renderChange(few)[1]).toBe('gate: not comparable, 12 recordings in common; forced: why')
  })

  it.each([
    [{ action: 'roll-back', version: 2, previous: 3 }, 'paper: rolled back: champion is @2, before @3'],
    [{ action: 'remove', version: null, previous: 3 }, 'paper: champion taken from @3'],
    [{ action: 'make-default', alias: null, version: null, previous: null }, 'paper: paper is the default model'],
  ] as const)('of %o', (changes, line) => {
    expect(renderChange(change({ ...changes, gate: null }))).toEqual([line])
  })
})

function unused(): never {
  throw new Error('not asked for')
}

describe('a version by its name', () => {
  const latest = {
    model: 'paper',
    version: 5,
    runId: '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1',
    artefact: { sha256: 'ab'.repeat(32), bytes: 1, key: 'x' },
    featureSetId: 'cd'.repeat(32),
    accuracy: 1,
    uar: 1,
    createdAt: '2026-11-23T15:00:00Z',
  }
  const model = {
    name: 'paper',
    versions: 5,
    latest,
    aliases: { champion: 3, canary: 4 },
    isDefault: true,
    inUse: { version: 3, chosenBy: 'alias' },
  }
  const client: ApiClient = {
    address: { url: '', token: '' },
    get: async (path, schema) => schema.parse(path === '/v1/models/paper' ? model : undefined),
    post: unused,
    text: unused,
    open: unused,
  }

  it('is a number, an alias, or what is in use', async () => {
    expect(await findVersion(client, 'paper@5')).toEqual({ model: 'paper', version: 5 })
    expect(await findVersion(client, 'paper@canary')).toEqual({ model: 'paper', version: 4 })
    expect(await findVersion(client, 'paper')).toEqual({ model: 'paper', version: 3 })
  })

  it('is refused when there is no such alias, with those that there are', async () => {
    await expect(findVersion(client, 'paper@challenger')).rejects.toMatchObject({
      code: 'MODEL_ALIAS_NOT_FOUND',
      message: 'paper has no version called challenger; it has champion, canary',
    })
  })

  it('must be a number where something is changed', () => {
    expect(readVersion('paper@3')).toEqual({ model: 'paper', version: 3 })
    for (const text of ['paper', 'paper@champion', '@3', 'a@b@3']) expect(() => readVersion(text)).toThrow(/@3|NAME/)
  })
})
