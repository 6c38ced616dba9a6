import { escapeHtml } from './escape-html.ts'
import { REPORT_STYLE } from './report-style.ts'

/** Whoever opens the page: no script runs, and nothing is fetched from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** A whole HTML page around the parts of its body (HTML already); empty parts are left out. */
export function renderPage(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}
