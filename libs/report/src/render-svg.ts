import { BarChart, HeatmapChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, VisualMapComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import type { EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escapeHtml } from './escape-html.ts'

use([LineChart, HeatmapChart, BarChart, GridComponent, LegendComponent, VisualMapComponent, SVGRenderer])

export type Figure = {
  /** Unique among the figures of a page: prefixes the identifiers inside the picture. */
  readonly id: string
  /** What a reader who cannot see the picture is told. */
  readonly description: string
  readonly width: number
  readonly height: number
}

/**
 * A chart as an SVG element, without a DOM. Colours are CSS variables of the page (`--ink`, `--train` ...), so that one picture
 * serves the light and the dark scheme. The same option gives the same text.
 */
export function renderSvg(option: EChartsCoreOption, figure: Figure): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: figure.width, height: figure.height })
  try {
    chart.setOption({ animation: false, ...option })
    return labelled(chart.renderToSVGString({ useViewBox: true }), figure)
  } finally {
    chart.dispose()
  }
}

/** ECharts numbers its identifiers by process, which would collide in a page and differ between two renderings. */
function labelled(svg: string, figure: Figure): string {
  return (
    svg
      .replaceAll(/zr\d+-/g, `${figure.id}-`)
      // Hover styles, which nothing here needs.
      .replaceAll(/<style[^>]*>[\s\S]*?<\/style>/g, '')
      .replaceAll(/\s+class="[^"]*"/g, '')
      .replaceAll(/\s+ecmeta_[a-z_]+="[^"]*"/g, '')
      .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(figure.description)}" `)
  )
}
