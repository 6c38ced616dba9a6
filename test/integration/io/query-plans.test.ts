import { writeFile } from 'node:fs/promises'
import * as exported from '@ser/database'
import { createDatabase, listRejections, type Database } from '@ser/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeCursor } from '../../../libs/database/src/read-cursor.ts'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'
import { describePlan, explainOperation, mostRows, scannedTables } from './explain-queries.ts'
import { fillCrowd, type Crowd } from './fill-crowd.ts'
import { MAY_SCAN, planQueries, WITHOUT_PLAN } from './plan-queries.ts'

let database: TestDatabase
let db: Database
let crowd: Crowd

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url })
  crowd = await fillCrowd(db)
})

afterAll(async () => {
  await db.close()
  await database.drop()
})

// Those that grow with the recordings, with the runs, or with what is asked for.
const BIG =
  /^(clips|dataset_clips|feature_vectors|feature_failures|clip_variants|clip_roots|augmentation_clips|rejected_files|runs?_|runs$|experiment_runs|model_versions|registry_changes|stress_|ingestions|augmentations)/

test('no operation reads a big table from end to end', async () => {
  const lines: string[] = []
  for (const [name, operation] of Object.entries(planQueries(crowd))) {
    const explained = await explainOperation(db, operation)
    expect.soft(explained.length, name).toBeGreaterThan(0)
    const allowed = MAY_SCAN[name]?.tables ?? /^$/
    const scans = explained.flatMap(({ plan }) => scannedTables(plan)).filter((table) => BIG.test(table))
    expect
      .soft(
        scans.filter((table) => !allowed.test(table)),
        name,
      )
      .toEqual([])
    for (const { text, plan } of explained) lines.push(`-- ${name}\n${text.trim()}\n`, ...describePlan(plan), '')
  }
  // For whoever wants to see them: SER_PLANS=FILE.
  const file = process.env['SER_PLANS']
  if (file !== undefined) await writeFile(file, `${lines.join('\n')}\n`)
})

test('every operation has its plan looked at, or a reason why it has none', () => {
  const functions = Object.entries(exported).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
  const planned = Object.keys(planQueries(crowd)).map((name) => name.split(/[ ,]/)[0])
  const covered = new Set([...planned, ...Object.keys(WITHOUT_PLAN)])
  expect(functions.filter((name) => !covered.has(name))).toEqual([])
  expect([...covered].filter((name) => !functions.includes(name))).toEqual([])
  expect(Object.keys(MAY_SCAN).filter((name) => !(name in planQueries(crowd)))).toEqual([])
})

test('a page of rejections costs as much at the end of a list as at its beginning', async () => {
  // Of 30,000 files and 20,000 failures.
  for (const from of [
    [0, 0, '', 0, ''],
    [0, 0, '', 1_000_000, ''],
    [1, 0, '', 0, ''],
    [1, 1, '80'.repeat(32), 0, ''],
  ]) {
    const page = { limit: 50, cursor: writeCursor(from) }
    const explained = await explainOperation(db, (on) => listRejections(on, {}, page), { analyze: true })
    expect(Math.max(...explained.map(({ plan }) => mostRows(plan)))).toBeLessThan(2000)
  }
})

test('a sequential scan would be seen', async () => {
  const [{ plan }] = await explainOperation(db, (on) => on.query('select count(*) from clips where bytes = 7'))
  expect(scannedTables(plan)).toContain('clips_p0')
})
