import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { canReach, ownedFolder, readableFolder, serverUser } from './server-user.mjs'

const folder = mkdtempSync(join(tmpdir(), 'ser-user-'))
chmodSync(folder, 0o711)
afterAll(() => rmSync(folder, { recursive: true }))

const PASSWD = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n'

test('needs no other user when it is not root', () => {
  expect(serverUser({ uid: 1000, passwd: PASSWD })).toBeUndefined()
})

test('chooses postgres before nobody', () => {
  const passwd = `${PASSWD}postgres:x:101:104::/var/lib/postgresql:/bin/sh\n`
  expect(serverUser({ uid: 0, passwd })).toEqual({ name: 'postgres', uid: 101, gid: 104 })
  expect(serverUser({ uid: 0, passwd: PASSWD })).toEqual({ name: 'nobody', uid: 65_534, gid: 65_533 })
})

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 }
  const shelter = join(folder, 'shelter')
  const secret = join(folder, 'private')
  mkdirSync(join(secret, 'program'), { recursive: true })
  chmodSync(secret, 0o700)
  writeFileSync(join(secret, 'program/file'), 'content')
  mkdirSync(shelter)

  test('knows what another user cannot reach', () => {
    expect(canReach(join(folder, 'data'), nobody)).toBe(true)
    expect(canReach(join(secret, 'data'), nobody)).toBe(false)
  })

  test('gives the wished folder to the user who can reach it', () => {
    const data = ownedFolder(join(folder, 'data'), { user: nobody, instance: 'i', shelter })
    expect(data).toBe(join(folder, 'data'))
    expect(statSync(data)).toMatchObject({ uid: 65_534, mode: 0o40_700 })
  })

  test('gives a folder elsewhere where the wished one is out of reach', () => {
    const data = ownedFolder(join(secret, 'data'), { user: nobody, instance: 'i', shelter })
    expect(data).toBe(join(shelter, 'ser-0/i/data'))
    expect(canReach(join(data, 'x'), nobody)).toBe(true)
  })

  test('copies programs that are out of reach, once', () => {
    const copy = readableFolder(join(secret, 'program'), { user: nobody, shelter })
    expect(canReach(join(copy, 'file'), nobody)).toBe(true)
    const { ino } = statSync(join(copy, 'file'))
    readableFolder(join(secret, 'program'), { user: nobody, shelter })
    expect(statSync(join(copy, 'file')).ino).toBe(ino)
  })
})
