import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Database } from '@ser/database'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { encodeRealArray } from '../../../libs/database/src/encode-real-array.ts'
import { createRealDecoder } from './decode-real-array.ts'

export type BenchRow = { readonly sha256: string; readonly values: Float32Array }

export type Way = {
  readonly name: string
  readonly table: string
  readonly type: string
  readonly write: (rows: readonly BenchRow[], batches: readonly (readonly BenchRow[])[]) => Promise<void>
  /** Reads every vector into one array. */
  readonly read: (count: number, length: number) => Promise<Float32Array>
}

type Column = {
  readonly type: 'real[]' | 'bytea'
  readonly encode: (values: Float32Array) => Buffer
  readonly decode: (field: Buffer, into: Float32Array) => void
}

const bytesOf = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

const REAL_ARRAY: Column = {
  type: 'real[]',
  encode: (values) => encodeRealArray([values]),
  decode: createRealDecoder(),
}

/** The floats as they lie in memory here, little-endian. */
const BYTEA: Column = { type: 'bytea', encode: bytesOf, decode: (field, into) => bytesOf(into).set(field) }

/** Both types, each by INSERT and by COPY BINARY, in plain tables (sha256 bytea, values). */
export function createWays(db: Database): Way[] {
  const ways = [REAL_ARRAY, BYTEA].flatMap((column) =>
    (['insert', 'copy'] as const).map((how) => ({ column, how, table: `way_${column.type.slice(0, 4)}_${how}` })),
  )
  return ways.map(({ column, how, table }) => ({
    name: `${column.type}, ${how === 'insert' ? 'INSERT of 256' : 'COPY BINARY'}`,
    table,
    type: column.type,
    write: (rows, batches) =>
      how === 'copy' ? copyIn(db, table, column, rows) : insertAll(db, table, column, batches),
    read: (count, length) => copyOut(db, table, column, new Float32Array(count * length), length),
  }))
}

async function insertAll(db: Database, table: string, { type }: Column, batches: readonly (readonly BenchRow[])[]) {
  for (const batch of batches) {
    const keys = batch.map(({ sha256 }) => Buffer.from(sha256, 'hex'))
    if (type === 'bytea') {
      const values = batch.map((row) => bytesOf(row.values))
      await db.query(`insert into ${table} select * from unnest($1::bytea[], $2::bytea[])`, [keys, values])
      continue
    }
    const { length } = batch[0].values
    await db.query(
      `insert into ${table} select key, ($2::real[])[(n - 1) * ${length} + 1 : n * ${length}]
       from unnest($1::bytea[]) with ordinality as input (key, n)`,
      [keys, encodeRealArray(batch.map(({ values }) => values))],
    )
  }
}

async function copyIn(db: Database, table: string, column: Column, rows: readonly BenchRow[]): Promise<void> {
  await db.withConnection(async (client) => {
    const target = client.query(copyFrom(`copy ${table} from stdin (format binary)`))
    await pipeline(Readable.from(encodeRows(column, rows)), target)
  })
}

function* encodeRows({ encode }: Column, rows: readonly BenchRow[]): Generator<Buffer> {
  yield Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  for (const { sha256, values } of rows) {
    const encoded = encode(values)
    const head = Buffer.alloc(42)
    head.writeInt16BE(2, 0)
    head.writeInt32BE(32, 2)
    head.write(sha256, 6, 'hex')
    head.writeInt32BE(encoded.length, 38)
    yield Buffer.concat([head, encoded])
  }
  yield Buffer.from([0xff, 0xff])
}

async function copyOut(db: Database, table: string, { decode }: Column, into: Float32Array, length: number) {
  await db.withConnection(async (client) => {
    const stream = client.query(copyTo(`copy ${table} to stdout (format binary)`, { highWaterMark: 2 ** 20 }))
    let rest: Buffer = Buffer.alloc(0)
    let at = -1
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let position = 0
      if (at < 0) {
        position = 19
        at = 0
      }
      // A row: number of fields, length and key, length and values.
      while (position + 42 <= rest.length) {
        const bytes = rest.readInt32BE(position + 38)
        const end = position + 42 + bytes
        if (end > rest.length) break
        decode(rest.subarray(position + 42, end), into.subarray(at * length, (at + 1) * length))
        at += 1
        position = end
      }
      rest = rest.subarray(position)
    }
    if (at * length !== into.length) throw new Error(`${at} vectors were read`)
  })
  return into
}
