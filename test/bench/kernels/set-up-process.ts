// What a new worker takes for its first clip: modules compiled, tables written, one recording from bytes to vector.
// usage: set-up-process.ts RECORDING; prints milliseconds of processor time
import { readFileSync } from 'node:fs'
import { createWaveformLoader } from '@ser/audio'
import { createExtractor } from '@ser/features'

const bytes = readFileSync(process.argv[2] ?? '')
const before = process.cpuUsage()
createExtractor().extract(createWaveformLoader()(bytes).samples)
const { user, system } = process.cpuUsage(before)
process.stdout.write(`${(user + system) / 1000}\n`)
