import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { instanceName, readServicesState, writeServicesState } from './services-state.mjs'
import { workspacePaths } from './workspace-paths.mjs'

const folder = mkdtempSync(join(tmpdir(), 'ser-state-'))
afterAll(() => rmSync(folder, { recursive: true }))

const paths = workspacePaths({ root: folder })
const other = workspacePaths({ root: join(folder, 'other') })

test('keeps its secrets, and with them the name of the data outside of the clone', () => {
  const first = readServicesState(paths)
  writeServicesState(paths, first, undefined)
  const again = readServicesState(paths)
  expect(again).toEqual(first)
  expect(instanceName(paths, again.secrets)).toBe(instanceName(paths, first.secrets))
  expect(instanceName(other, first.secrets)).not.toBe(instanceName(paths, first.secrets))
})

test('a new clone where an older one lay does not get its data, which need the old password', () => {
  const old = readServicesState(paths)
  writeServicesState(paths, old, undefined)
  rmSync(paths.state, { recursive: true })
  expect(instanceName(paths, readServicesState(paths).secrets)).not.toBe(instanceName(paths, old.secrets))
})
