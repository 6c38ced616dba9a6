import type { KernelMemory } from '@ser/kernels'
import { turnFloat32 } from './turn-float32.ts'

/**
 * Writes what the transform of `size` real numbers by kernels needs (assembly/filter-band.ts) into their memory.
 *
 * @param size a power of two, at least 32
 * @returns the address of its four integers: size, addresses of the turns of a quarter, of their end, of the columns'
 */
export function putRealTransform(kernelMemory: KernelMemory, size: number): number {
  const quarter = size / 4
  const turns = quarterTurns(quarter)
  const columns = columnTurns(size)
  const turnsAt = kernelMemory.reserve(turns.length * 4)
  kernelMemory.floats32(turnsAt, turns.length).set(turns)
  const columnsAt = kernelMemory.reserve(columns.length * 4)
  kernelMemory.floats32(columnsAt, columns.length).set(columns)
  const address = kernelMemory.reserve(16)
  kernelMemory.integers(address, 4).set([size, turnsAt, turnsAt + turns.length * 4, columnsAt])
  return address
}

/**
 * The turns of all passes after the first, the narrowest first: of each frequency w, w^2 and w^3, in the last pass of an
 * odd power of two w alone. Angles are rounded to float32 as PFFFT rounds them.
 */
function quarterTurns(size: number): number[] {
  const unit = Math.fround((2 * Math.PI) / size)
  const turns: number[] = []
  let width = 4
  const pass = (powers: readonly number[]): void => {
    const steps = powers.map((power) => Math.fround(unit * power))
    for (let frequency = 1; frequency < width / 2; frequency++) {
      for (const step of steps) turns.push(...turnFloat32(Math.fround(frequency * step)))
    }
  }
  for (; width * 4 <= size; width *= 4) pass([1, 2, 3].map((power) => (power * size) / (4 * width)))
  if (width < size) pass([1])
  return turns
}

/** exp(-2 pi i k / size) for k = 1 to size / 8 - 1, its square and its cube. */
function columnTurns(size: number): number[] {
  const turns: number[] = []
  for (let column = 1; column < size / 8; column++) {
    for (let power = 1; power <= 3; power++)
      turns.push(...turnFloat32(Math.fround((-2 * Math.PI * power * column) / size)))
  }
  return turns
}
