import type { Sampling } from '@ser/contracts'
import type { Examples } from './batch-examples.ts'
import type { Generator } from './generate-random.ts'

/** What is sampled from: the class of each recording, its domain, and its speaker. */
export type Sampled = Pick<Examples, 'labels' | 'domains' | 'speakers'>

/**
 * The batches of an epoch, drawn with replacement: each recording of a cell is as likely as the others of the cell, and each cell
 * as the other cells. Cells are what `balance` divides the recordings into; a dataset is a domain, and a speaker a speaker of a domain.
 *
 * @throws RangeError when the recordings have no domains or speakers to be balanced by
 */
export function drawSamples(
  cells: readonly Uint32Array[],
  { batchSize, stepsPerEpoch }: { readonly batchSize: number; readonly stepsPerEpoch: number },
  random: Generator,
): Uint32Array[] {
  const pick = (count: number) => Math.floor(random() * count)
  const draw = () => {
    const cell = cells[pick(cells.length)]
    return cell[pick(cell.length)]
  }
  return Array.from({ length: stepsPerEpoch }, () => Uint32Array.from({ length: batchSize }, draw))
}

/** The recordings of each cell, none of which is empty. */
export function divideIntoCells({ labels, domains, speakers }: Sampled, { balance }: Sampling): Uint32Array[] {
  const kinds = { class: labels, dataset: domains, speaker: speakers }
  const cells = new Map<string, number[]>()
  for (const recording of labels.keys()) {
    const cell = balance.map((kind) => needed(kinds[kind], kind)[recording]).join()
    const found = cells.get(cell)
    if (found === undefined) cells.set(cell, [recording])
    else found.push(recording)
  }
  return Array.from(cells.values(), (recordings) => Uint32Array.from(recordings))
}

function needed<T>(numbers: T | undefined, kind: string): T {
  if (numbers === undefined)
    throw new RangeError(`sampling balanced by ${kind} needs to know the ${kind} of each recording`)
  return numbers
}
