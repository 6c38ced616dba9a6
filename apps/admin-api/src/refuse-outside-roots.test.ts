import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseOutsideRoots } from './refuse-outside-roots.ts'

describe('a source outside of the allowed folders', () => {
  let place: string
  let data: string
  beforeAll(async () => {
    place = await realpath(await mkdtemp(join(tmpdir(), 'ser-roots-')))
    data = join(place, 'data')
    await mkdir(join(data, 'tess'), { recursive: true })
    await symlink(data, join(place, 'link'))
  })
  afterAll(() => rm(place, { recursive: true }))

  const ask = (path: string, roots = [data]) => refuseOutsideRoots({ kind: 'folder', path }, roots)
  const refused = { code: 'SOURCE_OUTSIDE_ROOTS', kind: 'bad-input' }

  it('is refused, however it is written, with the folders that are allowed', async () => {
    await expect(ask(place)).rejects.toMatchObject(refused)
    await expect(ask(`${data}-2`)).rejects.toMatchObject(refused)
    await expect(ask(`${data}/tess/../..`)).rejects.toThrow(`(${data})`)
    await expect(refuseOutsideRoots({ kind: 'archive', path: '/etc/a.zip' }, [data])).rejects.toMatchObject(refused)
  })

  it('is none when it lies in one, is reached by a link, or is not on this machine', async () => {
    await ask(data)
    await ask(join(data, 'tess'))
    await ask(join(place, 'link/tess'))
    await ask(join(data, 'tess'), [join(place, 'link')])
    await ask('/elsewhere/tess', ['/elsewhere'])
  })

  it('is nothing that can be told without the folders, or of a bucket', async () => {
    await ask('/etc', [])
    await refuseOutsideRoots({ kind: 's3', bucket: 'abc', prefix: '' }, [data])
  })
})
