import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from './free-ports.mjs'

test('gives as many different ports as were asked for', async () => {
  const ports = await freePorts(8)
  expect(new Set(ports).size).toBe(8)
  expect(Math.min(...ports)).toBeGreaterThan(1023)
})

test('gives the wished ones where they are free', async () => {
  const wished = await freePorts(2)
  expect(await freePorts(2, wished)).toEqual(wished)
})

test('gives others where one of the wished is taken', async () => {
  const [taken = 0, free = 0] = await freePorts(2)
  const server = createServer()
  await new Promise((resolve) => server.listen(taken, '127.0.0.1', () => resolve(undefined)))
  const ports = await freePorts(2, [taken, free])
  expect(ports).toHaveLength(2)
  expect(ports).not.toContain(taken)
  server.close()
})
