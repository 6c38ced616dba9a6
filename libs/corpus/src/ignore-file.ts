const DOCUMENTS =
  /^(?:read[ _-]?me|licen[cs]e|manifest|sha256sums|md5sums|citation)(?:\.(?:txt|md|pdf|html?|docx?|cff|json))?$/i
const DESKTOP_FILES = new Set(['thumbs.db', 'desktop.ini', 'icon\r'])

/**
 * Why a file is no recording and nobody's mistake either, or `undefined` when it must be looked at: hidden files and
 * folders (`.DS_Store`, `._x`, `.git`), what macOS and Windows leave behind (`__MACOSX`, `Thumbs.db`, `desktop.ini`),
 * and the documents that come with a corpus (ReadMe, licence, Dataverse's MANIFEST.TXT, check sums).
 *
 * @param path relative to the source's root, divided by `/`
 */
export function ignoreReason(path: string): string | undefined {
  const parts = path.split('/')
  if (parts.some((part) => part === '__MACOSX')) return 'left by macOS'
  if (parts.some((part) => /^\.(?!\.?$)/.test(part))) return 'hidden file'
  const name = parts.at(-1)!
  if (DESKTOP_FILES.has(name.toLowerCase())) return 'left by a file manager'
  return DOCUMENTS.test(name) ? 'document of the corpus' : undefined
}
