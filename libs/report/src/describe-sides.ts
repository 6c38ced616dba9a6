import type { Run } from '@ser/contracts'

type Sides = NonNullable<Run['snapshot']>

/** How many recordings lie on each side of a run: `2000 for training, 100 for validation, 700 for the test`. */
export function describeSides(sides: Sides): string {
  return `${describeTraining(sides)}, ${sides.test} for the test`
}

/** What a run was made with besides its test side. */
export function describeTraining({ train, validation }: Pick<Sides, 'train' | 'validation'>): string {
  return `${train} for training${validation === undefined ? '' : `, ${validation} for validation`}`
}
