import type { NetworkOptions } from './add-network-options.ts'
import { CliError, EXIT } from './cli-error.ts'
import { readSet } from './read-set.ts'

/** The fields of a run spec that the options name; whether their values are allowed says the contract. */
export function readNetworkOptions({ set, lstm, dense, convolution, schedule, ...same }: NetworkOptions): object {
  const featureSet = readFeatureSet(set, same.layout)
  return {
    ...same,
    ...(featureSet === undefined ? {} : { featureSet }),
    ...(lstm === undefined ? {} : { lstmUnits: lstm }),
    ...(dense === undefined ? {} : { denseUnits: dense }),
    ...(convolution === undefined ? {} : { convolutions: convolution.map(readConvolution) }),
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule) }),
  }
}

/** A layout of frames is of every frame: who asks for the one need not say the other. */
function readFeatureSet(set: string | undefined, layout: string | undefined): unknown {
  const given = set === undefined ? undefined : readSet(set)
  if (layout !== 'frames') return given
  if (given === undefined) return { pooling: 'frames' }
  return typeof given === 'object' && given !== null ? { pooling: 'frames', ...given } : given
}

function readConvolution(numbers: readonly number[]): object {
  const [filters, kernel, pool] = numbers
  if (numbers.length === 2) return { filters, kernel }
  if (numbers.length === 3) return { filters, kernel, pool }
  const message = `--convolution is FILTERS,KERNEL or FILTERS,KERNEL,POOL, 64,5,2 for example; not ${numbers.join()}`
  throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
}

/** What the number after the colon is. */
const SCHEDULES: Readonly<Record<string, string>> = {
  constant: '',
  cosine: 'warmupEpochs',
  exponential: 'factor',
  step: 'everyEpochs',
  plateau: 'patience',
}

function readSchedule(text: string): object {
  const [, kind = '', number] = /^([a-z]+)(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? []
  const name = SCHEDULES[kind]
  if (name === undefined || (name === '' && number !== undefined)) {
    const message = `--schedule is ${Object.keys(SCHEDULES).join(', ')}, with a number after a colon; not ${text}`
    throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
  }
  return number === undefined ? { kind } : { kind, [name]: Number(number) }
}
