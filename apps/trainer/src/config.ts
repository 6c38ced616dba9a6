import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  findServices,
  readEnvironment,
  serviceVariables,
  wholeNumber,
  workerSettings,
  workerVariables,
} from '@ser/config'
import { z } from 'zod'

/**
 * SER_BACKEND: `auto` takes libtensorflow where it loads, `cpu` plain JavaScript. SER_CODE_VERSION: what is stored with a run as
 * the code that made it, where there is no git to ask. SER_CHECKPOINT_SECONDS: how much of a run may be lost with its process.
 * SER_EXAMPLES_MB: what the features of a run's recordings may take in memory, in MiB; training takes some three times as much.
 * SER_WAVEFORMS_MB: what the decoded recordings of a run that makes variants on the fly may take in temporary files, in MiB;
 * SER_VARIANT_THREADS: threads that make them, of which the figures do not depend.
 */
const trainerVariables = {
  SER_BACKEND: z.enum(['auto', 'cpu'], { error: 'must be auto or cpu' }).default('auto'),
  SER_CODE_VERSION: z.string().optional(),
  SER_CHECKPOINT_SECONDS: z.coerce.number({ error: 'must be a number of seconds' }).min(0).max(86_400).default(10),
  SER_EXAMPLES_MB: wholeNumber(1, 65_536).default(4096),
  SER_WAVEFORMS_MB: wholeNumber(1, 1_048_576).default(16_384),
  SER_VARIANT_THREADS: wholeNumber(1, 256).optional(),
}

/** Everything that decides how this process runs. The only reader of the environment. */
export function readConfig() {
  const services = findServices(process.cwd(), (path) => readFileSync(path, 'utf8'))
  const variables = {
    ...serviceVariables,
    ...workerVariables,
    ...trainerVariables,
  }
  const read = readEnvironment(variables, process.env, services)
  return {
    ...workerSettings(read),
    /** Runs at once; TensorFlow spreads each over the cores. */
    concurrency: read.SER_CONCURRENCY ?? 1,
    backend: read.SER_BACKEND,
    /** Not the number of cores: the last digits of a run's numbers depend on it. */
    threads: read.SER_THREADS ?? 2,
    codeVersion: read.SER_CODE_VERSION,
    checkpointEveryMs: read.SER_CHECKPOINT_SECONDS * 1000,
    mostExampleBytes: read.SER_EXAMPLES_MB * 2 ** 20,
    mostWaveformBytes: read.SER_WAVEFORMS_MB * 2 ** 20,
    variantThreads: read.SER_VARIANT_THREADS ?? availableParallelism(),
  }
}
