export type CorpusFacts = {
  readonly name: string
  readonly speech: string
  readonly licence: string
  /** Whether its licence lets a product use it. */
  readonly commercial: 'no' | 'yes' | 'not known'
  readonly source: string
}

/**
 * What the publishers of the corpora say that layouts exist for. Licences may change, and copies on other sites often name another one:
 * the publisher's is what counts.
 */
export const CORPUS_FACTS: Readonly<Record<string, CorpusFacts>> = {
  tess: {
    name: 'TESS, Toronto emotional speech set (Pichora-Fuller and Dupuis, 2020)',
    speech: 'English, acted; 2 actresses of 26 and 64 years, one carrier sentence with 200 words',
    licence: 'CC BY-NC-ND 4.0',
    commercial: 'no',
    source: 'https://doi.org/10.5683/SP2/E8H2MF',
  },
  ravdess: {
    name: 'RAVDESS, Ryerson audio-visual database of emotional speech and song (Livingstone and Russo, 2018)',
    speech: 'North American English, acted; 24 actors, two sentences',
    licence: 'CC BY-NC-SA 4.0; commercial licences are sold by its authors',
    commercial: 'no',
    source: 'https://doi.org/10.5281/zenodo.1188976',
  },
  'emo-db': {
    name: 'EMO-DB, Berlin database of emotional speech (Burkhardt and others, 2005)',
    speech: 'German, acted; 10 actors, ten sentences, recorded in an anechoic chamber',
    licence: 'not known: its page asks for a citation and names no licence',
    commercial: 'not known',
    source: 'http://emodb.bilderbar.info/',
  },
  'crema-d': {
    name: 'CREMA-D, crowd-sourced emotional multimodal actors dataset (Cao and others, 2014)',
    speech: 'English, acted; 91 actors of 20 to 74 years, twelve sentences; no surprise',
    licence: 'Open Database License 1.0, its contents Database Contents License 1.0',
    commercial: 'yes',
    source: 'https://github.com/CheyneyComputerScience/CREMA-D',
  },
  savee: {
    name: 'SAVEE, Surrey audio-visual expressed emotion (Haq and Jackson, 2010)',
    speech: 'British English, acted; 4 men, 120 sentences each',
    licence: 'for research, after registration with its authors',
    commercial: 'no',
    source: 'http://kahlan.eps.surrey.ac.uk/savee/',
  },
}
