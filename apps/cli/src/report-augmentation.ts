import { EXIT } from './cli-error.ts'
import { printResult, type Terminal } from './terminal.ts'
import type { AugmentationEnd } from './watch-augmentation.ts'

/** Prints how an augmentation ended, and gives the exit code: a failure when not one variant could be made. */
export function reportAugmentation(terminal: Terminal, end: AugmentationEnd): number {
  const { counts, into, request, recipe } = end.augmentation
  printResult(terminal, end, ({ features }) => {
    const lines = [
      `${into}: ${counts.done} variants of ${request.dataset} by ${recipe.name}, seed ${request.seed}`,
      `${into}: ${features.vectors} feature vectors of ${features.clips} clips`,
      `train on both: npx ser train --dataset ${request.dataset} ${into} --watch`,
    ]
    if (counts.failed === 0) return lines
    return [...lines, `${counts.failed} could not be made; see why: npx ser rejected --dataset ${request.dataset}`]
  })
  return counts.done === 0 && counts.failed > 0 ? EXIT.failed : EXIT.ok
}
