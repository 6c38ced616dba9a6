import { SerError } from '@ser/contracts'
import { expect, test } from 'vitest'
import { mapDatabaseError } from './map-database-error.ts'

const failing = (code: string, message = 'what Postgres says') => Object.assign(new Error(message), { code })

test.each(['57P01', '57P03', '53300', '08006', '40001', '40P01', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN'])(
  '%s is transient',
  (code) => {
    expect(mapDatabaseError(failing(code))).toMatchObject({ code: 'DATABASE_UNAVAILABLE', kind: 'transient' })
  },
)

test("pg's own words for a lost connection, which have no code, are transient", () => {
  for (const message of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])
    expect(mapDatabaseError(new Error(message))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

test('a refusal at every address of a host is one refused connection', () => {
  const error = new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')])
  expect(mapDatabaseError(error)).toMatchObject({ code: 'DATABASE_UNAVAILABLE', kind: 'transient' })
})

test('a broken constraint is a conflict, an impossible value is bad input, and both keep their cause', () => {
  const cause = failing('23505')
  expect(mapDatabaseError(cause)).toMatchObject({ code: 'DATABASE_CONFLICT', kind: 'conflict', cause })
  expect(mapDatabaseError(failing('22P02'))).toMatchObject({ code: 'DATABASE_BAD_VALUE', kind: 'bad-input' })
})

test('leaves an error alone that says its kind already', () => {
  const error = new SerError('RUN_GONE', 'the run is gone', { kind: 'gone' })
  expect(mapDatabaseError(error)).toBe(error)
})
