/** The page's whole style: light and dark by the reader's preference, and paper. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1a2230; --muted: #5d6879; --faint: #b4bcc8; --line: #d9dee6;
  --train: #2563eb; --test: #ea7317; --validation: #2a9d5c; --right: #1d6fd1; --wrong: #d1495b; --on-shade: #ffffff;
  --bar-1: #93b7ee; --bar-2: #2f74d0; --bar-3: #17407c; --notice: #fff4d6; --notice-line: #e2b93b; --code: #f0f2f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141b; --card: #171e27; --ink: #e6ebf2; --muted: #98a4b5; --faint: #4d5a6b; --line: #2b3542;
    --train: #6ea8ff; --test: #ff9d52; --validation: #5cc98c; --right: #4d94ec; --wrong: #e8697a; --on-shade: #0b1017;
    --bar-1: #27456f; --bar-2: #4d8fe6; --bar-3: #a9cbfb; --notice: #2c2610; --notice-line: #8f7420; --code: #10161e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 56px; }
header { margin-bottom: 20px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 16px; margin: 0 0 12px; }
h3 { font-size: 13px; font-weight: 600; margin: 0 0 6px; color: var(--muted); }
p { margin: 0 0 10px; }
.sub { color: var(--muted); }
.notice { background: var(--notice); border: 1px solid var(--notice-line); border-radius: 8px; padding: 10px 14px; margin-bottom: 20px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0 0 20px; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
.figures dt { color: var(--muted); font-size: 13px; }
.figures dd { margin: 0; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.figures dd small { display: block; font-size: 13px; font-weight: 400; color: var(--muted); letter-spacing: 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin-bottom: 20px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 20px; }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--muted); font-size: 13px; margin-top: 6px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--muted); font-weight: 600; font-size: 13px; }
tbody th { font-weight: 500; }
tbody tr:last-child > * { border-bottom: 0; }
.number { text-align: right; padding-right: 0; padding-left: 16px; white-space: nowrap; }
.facts th { width: 190px; color: var(--muted); font-weight: 400; }
.facts td { overflow-wrap: anywhere; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin: 0 0 12px; overflow-x: auto; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
footer { color: var(--muted); font-size: 13px; }
@media print {
  :root {
    --page: #fff; --card: #fff; --ink: #000; --muted: #444; --faint: #aaa; --line: #ccc; --code: #f6f6f6; --notice: #fff;
    --train: #2563eb; --test: #ea7317; --validation: #2a9d5c; --right: #1d6fd1; --wrong: #d1495b; --on-shade: #fff;
    --bar-1: #93b7ee; --bar-2: #2f74d0; --bar-3: #17407c;
  }
  body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  section, figure, .figures { break-inside: avoid; }
  .pair { grid-template-columns: 1fr 1fr; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
`
