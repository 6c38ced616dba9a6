export const TRAIN_SIDE = 0
export const TEST_SIDE = 1
/** A clip that the corpus' manifest keeps for validation. */
export const LEFT_OUT = -1
