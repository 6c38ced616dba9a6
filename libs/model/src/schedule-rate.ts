import type { Schedule } from '@ser/contracts'

/** Where a training is: `done` epochs are over, fractions included. */
export type Progress = {
  readonly done: number
  /** How much of an epoch the next step is. */
  readonly step: number
  readonly epochs: number
  /** What a schedule on plateau has made of the rate so far. */
  readonly plateauFactor: number
}

/** The learning rate of the next step; `rate` is the greatest. */
export function scheduledRate(schedule: Schedule | undefined, rate: number, progress: Progress): number {
  const { done, step, epochs, plateauFactor } = progress
  switch (schedule?.kind) {
    case 'cosine': {
      const { warmupEpochs, finalFactor } = schedule
      if (done < warmupEpochs) return rate * Math.min(1, (done + step) / warmupEpochs)
      const fallen = (1 - Math.cos((Math.PI * (done - warmupEpochs)) / Math.max(step, epochs - warmupEpochs))) / 2
      return rate * (1 + (finalFactor - 1) * fallen)
    }
    case 'exponential':
      return rate * schedule.factor ** Math.floor(done)
    case 'step':
      return rate * schedule.factor ** Math.floor(done / schedule.everyEpochs)
    case 'plateau':
      return Math.max(Math.min(rate, schedule.minRate), rate * plateauFactor)
    default:
      return rate
  }
}
