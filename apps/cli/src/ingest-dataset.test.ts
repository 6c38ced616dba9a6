import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readLayout, readSource } from './ingest-dataset.ts'

it('tells folders, archives and buckets apart and makes paths absolute', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ser-cli-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const archive = join(folder, 'tess.zip')
  await writeFile(archive, '')
  expect(await readSource(relative(process.cwd(), folder))).toEqual({ kind: 'folder', path: folder })
  expect(await readSource(archive)).toEqual({ kind: 'archive', path: archive })
  expect(await readSource('s3://corpora/tess/raw')).toEqual({ kind: 's3', bucket: 'corpora', prefix: 'tess/raw' })
  expect(await readSource('s3://corpora')).toEqual({ kind: 's3', bucket: 'corpora', prefix: '' })
})

it('says what to do about a path that is not here', async () => {
  await expect(readSource('/no/such/folder')).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('--on-server'),
  })
  expect(await readSource('/no/such/folder', 'folder')).toEqual({ kind: 'folder', path: '/no/such/folder' })
})

it('reads labels as TESS names them, by another layout or from a manifest, but not by both', () => {
  expect(readLayout({})).toEqual({ kind: 'tess' })
  expect(readLayout({ layout: 'ravdess' })).toEqual({ kind: 'ravdess' })
  expect(readLayout({ manifest: 'labels.csv' })).toEqual({ kind: 'manifest', path: 'labels.csv' })
  expect(() => readLayout({ layout: 'savee', manifest: 'labels.csv' })).toThrow('leave --layout out')
})
