export { classFigures, type ClassFigures } from './class-figures.ts'
export { confusionMatrix } from './confusion-matrix.ts'
export { evaluatePredictions, mostProbable, type Predictions } from './evaluate-predictions.ts'
export { accuracy, macroF1, unweightedAverageRecall } from './summary-figures.ts'
