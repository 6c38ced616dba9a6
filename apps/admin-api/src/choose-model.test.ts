import type { ModelVersion } from '@ser/contracts'
import type { ResolvedModelVersion } from '@ser/database'
import { describe, expect, it, vi } from 'vitest'
import { createModelChooser } from './choose-model.ts'

function resolved(version: number): ResolvedModelVersion {
  const modelVersion: ModelVersion = {
    model: 'paper',
    version,
    runId: '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1',
    artefact: { sha256: String(version).repeat(64), bytes: 1, key: `models/${version}` },
    featureSetId: 'a'.repeat(64),
    accuracy: 1,
    uar: 1,
    createdAt: '2026-01-01T00:00:00Z',
  }
  return { modelVersion, chosenBy: 'alias', alias: 'champion' }
}

/** A chooser on a registry in memory; loading a version ends when the test says so. */
function chooserForTest(staleMs = 60_000) {
  const state = { version: 1 }
  const loads: { version: number; end: (error?: Error) => void }[] = []
  const switches: number[] = []
  const chooser = createModelChooser({
    resolve: async ({ version }) => resolved(version ?? state.version),
    prepare: ({ version }) =>
      new Promise((resolve, reject) => {
        loads.push({ version, end: (error) => (error ? reject(error) : resolve()) })
      }),
    staleMs,
    onSwitch: ({ version }) => void switches.push(version),
  })
  const choose = async () => (await chooser.choose({})).modelVersion.version
  return { state, loads, switches, chooser, choose }
}

describe('the version that answers', () => {
  it('is the one before while the next one is loaded, and then the next', async () => {
    const { state, loads, switches, choose } = chooserForTest()
    expect(await choose()).toBe(1)
    state.version = 2
    expect(await choose()).toBe(1)
    expect(await choose()).toBe(1)
    expect(loads.map(({ version }) => version)).toEqual([2])
    loads[0].end()
    await vi.waitFor(() => expect(switches).toEqual([2]))
    expect(await choose()).toBe(2)
    expect(loads).toHaveLength(1)
  })

  it('is the one before for so long only: then requests wait for the next', async () => {
    const { state, loads, choose } = chooserForTest(0)
    expect(await choose()).toBe(1)
    state.version = 2
    const waiting = choose()
    await vi.waitFor(() => expect(loads).toHaveLength(1))
    loads[0].end()
    expect(await waiting).toBe(2)
  })

  it('is not one whose loading a later promotion has overtaken', async () => {
    const { state, loads, switches, choose } = chooserForTest()
    await choose()
    state.version = 2
    await choose()
    state.version = 3
    await choose()
    loads[0].end()
    loads[1].end()
    await vi.waitFor(() => expect(switches).toEqual([3]))
    expect(await choose()).toBe(3)
  })

  it('stays when a roll-back comes before the next was loaded', async () => {
    const { state, loads, switches, choose } = chooserForTest()
    await choose()
    state.version = 2
    await choose()
    state.version = 1
    expect(await choose()).toBe(1)
    loads[0].end()
    expect(await choose()).toBe(1)
    expect(switches).toEqual([])
  })

  it('says why the next one cannot be loaded once the one before is too old, and tries again', async () => {
    const { state, loads, choose } = chooserForTest(0)
    await choose()
    state.version = 2
    const waiting = choose()
    await vi.waitFor(() => expect(loads).toHaveLength(1))
    loads[0].end(new Error('the artefact is gone'))
    await expect(waiting).rejects.toThrow('the artefact is gone')
    const again = choose()
    await vi.waitFor(() => expect(loads).toHaveLength(2))
    loads[1].end()
    expect(await again).toBe(2)
  })

  it('is loaded ahead of requests when a change is heard of', async () => {
    const { state, loads, switches, chooser, choose } = chooserForTest()
    await choose()
    state.version = 2
    chooser.refresh()
    await vi.waitFor(() => expect(loads).toHaveLength(1))
    loads[0].end()
    await vi.waitFor(() => expect(switches).toEqual([2]))
    expect(await choose()).toBe(2)
  })

  it('is the one that was named, whatever is in use', async () => {
    const { chooser } = chooserForTest()
    expect((await chooser.choose({ model: 'paper', version: 7 })).modelVersion.version).toBe(7)
  })
})
