export { complexFft, fftTwiddles, type SplitComplex } from './complex-fft.ts'
export { digitReversed } from './digit-reversed.ts'
export { type KernelMemory } from './kernel-memory.ts'
export { loadModule, type LoadedModule } from './load-module.ts'
