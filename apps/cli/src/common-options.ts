import { RESOURCE_HALVES } from '@ser/augmentation'
import { Option, type Command } from 'commander'
import { countingNumber, wholeNumber } from './read-numbers.ts'

/** Options of more than one command. */
export function scenarioOption(): Option {
  return new Option('--scenario <n>', "the paper's features: 1 mel, 2 all, 3 all but ZCR")
    .choices(['1', '2', '3'])
    .argParser(wholeNumber)
}

export function halfOption(): Option {
  return new Option('--half <half>', 'only this half of the recordings to mix in').choices(RESOURCE_HALVES)
}

export function setOption(): Option {
  return new Option('--set <spec>', 'the feature set as JSON, such as \'{"kind":"voice"}\' (default: the paper\'s)')
}

export function framesOption(): Option {
  return new Option('--frames', 'features of every frame instead of their mean over time')
}

/** Adds the options of a list that has pages. */
export function addPages(command: Command): Command {
  return command.option('--limit <n>', 'at most so many', countingNumber).option('--cursor <cursor>', 'the next page')
}
