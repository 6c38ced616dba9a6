import type { EarlyStopping, Schedule } from '@ser/contracts'
import type { SideFigures } from './score-logits.ts'

/** The best epoch so far, and for how many epochs there was none better. `value` is the smaller, the better. */
export type Watch = { readonly value: number | null; readonly epoch: number; readonly wait: number }

export const NOTHING_SEEN: Watch = { value: null, epoch: 0, wait: 0 }

type Watched = Pick<EarlyStopping, 'monitor' | 'minDelta'>

/** What an epoch's figures make of a watch. */
export function watchEpoch(watch: Watch, epoch: number, figures: SideFigures, { monitor, minDelta }: Watched): Watch {
  const value = monitor === 'loss' ? figures.loss : -figures.uar
  const isBetter = watch.value === null || value < watch.value - minDelta
  return isBetter ? { value, epoch, wait: 0 } : { ...watch, wait: watch.wait + 1 }
}

/** A schedule on plateau: the watch begins to count anew when the rate was lowered. */
export function watchPlateau(
  plateau: { readonly watch: Watch; readonly factor: number },
  epoch: number,
  figures: SideFigures,
  schedule: Schedule & { readonly kind: 'plateau' },
): { readonly watch: Watch; readonly factor: number } {
  const watch = watchEpoch(plateau.watch, epoch, figures, schedule)
  if (watch.wait < schedule.patience) return { ...plateau, watch }
  return { watch: { ...watch, wait: 0 }, factor: plateau.factor * schedule.factor }
}
