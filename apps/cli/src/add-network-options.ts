import { POOLINGS } from '@ser/contracts'
import { Option, type Command } from 'commander'
import { decimal, wholeNumbers } from './read-numbers.ts'

/** Options of `ser train` that say what the network is and how it learns, as they are given. */
export type NetworkOptions = {
  /** A feature spec as JSON. */
  readonly set?: string
  readonly layout?: string
  /** Units of each LSTM layer. */
  readonly lstm?: readonly number[]
  readonly dense?: number
  readonly dropout?: number
  /** `filters,kernel` or `filters,kernel,pool` of each. */
  readonly convolution?: readonly (readonly number[])[]
  readonly bidirectional?: boolean
  readonly pooling?: string
  readonly scale?: string
  /** `kind` or `kind:number`. */
  readonly schedule?: string
  readonly labelSmoothing?: number
  readonly weightDecay?: number
  readonly clipNorm?: number
  readonly noise?: number
  readonly crop?: number
}

/** Adds the options that `readNetworkOptions` reads. */
export function addNetworkOptions(command: Command): Command {
  return command
    .option('--set <spec>', "the feature set as JSON (default: the paper's; with --layout frames its every frame)")
    .addOption(
      new Option('--layout <layout>', 'one step of all values, one value a step, or one frame a step').choices([
        'one-step',
        'steps',
        'frames',
      ]),
    )
    .option('--lstm <units,units>', 'units of each LSTM layer (default: 128,128)', wholeNumbers)
    .option('--dense <units>', 'units of the dense layer (default: 32)', decimal)
    .option('--dropout <share>', 'share of the dense layer that is dropped while training (default: 0.2)', decimal)
    .option(
      '--convolution <filters,kernel,pool...>',
      'convolutions over time before the LSTM: 64,5,2',
      wholeNumberLists,
    )
    .option('--bidirectional', 'every LSTM layer reads the sequence in both directions')
    .addOption(
      new Option('--pooling <how>', 'what is taken of the outputs over time (default: last)').choices(POOLINGS),
    )
    .addOption(new Option('--scale <scale>', 'the mel bands as (default: power)').choices(['power', 'decibel']))
    .option(
      '--schedule <kind>',
      'of the learning rate: cosine, cosine:WARM-UP EPOCHS, exponential:FACTOR, step:EPOCHS, plateau, plateau:PATIENCE',
    )
    .option('--label-smoothing <share>', 'share of each label that is spread over all classes: 0.1', decimal)
    .option('--weight-decay <x>', 'decoupled weight decay (AdamW)', decimal)
    .option('--clip-norm <x>', 'the gradient is scaled down to this norm', decimal)
    .option('--noise <x>', 'deviation of the noise that is added to the normalised inputs', decimal)
    .option('--crop <share>', 'training sees a random piece of the frames, at least this share of them', decimal)
}

function wholeNumberLists(text: string, before: readonly number[][] = []): number[][] {
  return [...before, wholeNumbers(text)]
}
